package jinja

import "anytap/internal/value"

// blockCode is a compiled block: a function with a view of the context only.
type blockCode struct {
	fn    *function
	loads code
	body  code
	self  int // slot of "self", -1 if unused
	super int
}

// collectBlocks finds all blocks of the template.
func (c *compiler) collectBlocks(body []stmt) error {
	var err error
	walkStmts(body, func(s stmt) {
		b, ok := s.(*blockStmt)
		if !ok || err != nil {
			return
		}
		if _, twice := c.blocks[b.name]; twice {
			err = raise(AssertionError, "block %s defined twice", value.Repr(b.name))
		}
		c.blocks[b.name] = b
	}, nil)
	return err
}

func (c *compiler) blockBodies() error {
	c.tmpl.blocks = map[string]*blockCode{}
	for name, b := range c.blocks {
		k := &blockCode{fn: &function{slots: map[ident]int{}}, self: -1, super: -1}
		f := frame{sc: newScope(nil), fn: k.fn}
		for special, slot := range map[string]*int{"self": &k.self, "super": &k.super} {
			if undeclaredIn(b.body, special) {
				f.sc.declare(special)
				*slot = f.fn.slot(ident{0, special})
			}
		}
		f.sc.visit(b.body)
		k.loads = c.enter(f)
		var err error
		if k.body, err = c.stmts(b.body, f); err != nil {
			return err
		}
		c.tmpl.blocks[name] = k
	}
	return nil
}

func (c *compiler) block(n *blockStmt, f frame) (code, error) {
	if n.required {
		return func(*state) error { return raise(runtimeError, "Required block '%s' not found", n.name) }, nil
	}
	if !n.scoped {
		return func(st *state) error { return st.tmpl.blocks[n.name].run(st) }, nil
	}
	type local struct {
		name string
		read func(*state) any
	}
	var seen []local
	for sc := f.sc; sc != nil; sc = sc.parent {
		for name := range sc.stores {
			if id, ok := f.sc.find(name); ok {
				seen = append(seen, local{name, c.local(f, id)})
			}
		}
	}
	return func(st *state) error {
		saved := st.vars
		defer func() { st.vars = saved }()
		st.vars = map[string]any{}
		for k, v := range saved {
			st.vars[k] = v
		}
		for _, l := range seen {
			if v := l.read(st); v != missing {
				st.vars[l.name] = v
			}
		}
		return st.tmpl.blocks[n.name].run(st)
	}, nil
}

func (k *blockCode) run(st *state) error {
	if st.calls++; st.calls > maxCalls {
		return raise(recursionError, "maximum recursion depth exceeded")
	}
	saved := st.locals
	defer func() { st.locals, st.calls = saved, st.calls-1 }()
	st.locals = newLocals(len(k.fn.slots), nil)
	if k.self >= 0 {
		st.locals.vals[k.self] = &selfRef{blocks: st.tmpl.blocks}
	}
	if k.super >= 0 {
		st.locals.vals[k.super] = &undefined{hint: "there is no parent block", name: "super"}
	}
	if err := run(st, k.loads); err != nil {
		return err
	}
	return k.body(st)
}

// selfRef is the variable "self", through which blocks can be called.
type selfRef struct {
	plain
	blocks map[string]*blockCode
}

// TypeName is part of value.Object.
func (*selfRef) TypeName() string { return "TemplateReference" }

// Repr is part of value.Object.
func (*selfRef) Repr() string { return "<TemplateReference None>" }

// Str is part of value.Object.
func (s *selfRef) Str() string { return s.Repr() }

func (s *selfRef) Item(arg any) (any, error) {
	name, ok := text(arg)
	if _, found := s.blocks[name]; !ok || !found {
		return nil, errNoKey
	}
	return &blockRef{name: name}, nil
}

// blockRef is a block as a value.
type blockRef struct {
	plain
	name string
}

// TypeName is part of value.Object.
func (*blockRef) TypeName() string { return "BlockReference" }

// Repr is part of value.Object.
func (b *blockRef) Repr() string {
	return "<jinja2.runtime.BlockReference object at " + address(b) + ">"
}

// Str is part of value.Object.
func (b *blockRef) Str() string { return b.Repr() }

func (b *blockRef) Call(th *thread, _ []any, _ []kwarg) (any, error) {
	st := stateOf(th)
	return st.capture(st.tmpl.blocks[b.name].run)
}

func (b *blockRef) Attribute(name string) (any, bool, error) {
	if name == "super" {
		return &undefined{hint: "there is no parent block called " + value.Repr(b.name) + ".", name: "super"}, true, nil
	}
	return nil, false, nil
}
