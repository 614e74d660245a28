package jinja

import (
	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// blockCode is a compiled block: a function that sees the context but no local variables.
type blockCode struct {
	fn    *function
	loads code
	body  code
	self  int // slot of "self", -1 if unused
	super int // slot of "super", -1 if unused
	work  int // steps of a call
}

// collectBlocks records the blocks of the template by name. It fails if two blocks have the same
// name.
func (c *compiler) collectBlocks(body []syntax.Stmt) error {
	var err error
	syntax.WalkStmts(body, func(s syntax.Stmt) {
		b, ok := s.(*syntax.Block)
		if !ok || err != nil {
			return
		}
		if _, twice := c.blocks[b.Name]; twice {
			err = exception.New(syntax.AssertionError, "block %s defined twice", value.Repr(b.Name))
		}
		c.blocks[b.Name] = b
	}, nil)
	return err
}

func (c *compiler) blockBodies() error {
	c.tmpl.blocks = map[string]*blockCode{}
	for name, b := range c.blocks {
		k := &blockCode{fn: &function{slots: map[ident]int{}}, self: -1, super: -1, work: work(b.Body, nil)}
		f := frame{sc: newScope(nil), fn: k.fn}
		for special, slot := range map[string]*int{"self": &k.self, "super": &k.super} {
			if undeclaredIn(b.Body, special) {
				f.sc.declare(special)
				*slot = f.fn.slot(ident{0, special})
			}
		}
		f.sc.visit(b.Body)
		k.loads = c.enter(f)
		var err error
		if k.body, err = c.stmts(b.Body, f); err != nil {
			return err
		}
		c.tmpl.blocks[name] = k
	}
	return nil
}

// block compiles a block where it stands. A scoped block sees the local variables around it.
func (c *compiler) block(n *syntax.Block, f frame) (code, error) {
	if n.Required {
		return func(*state) error { return exception.New(runtimeError, "Required block '%s' not found", n.Name) }, nil
	}
	if !n.Scoped {
		return func(st *state) error { return st.tmpl.blocks[n.Name].run(st) }, nil
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
		return st.tmpl.blocks[n.Name].run(st)
	}, nil
}

func (k *blockCode) run(st *state) error {
	if st.calls++; st.calls > maxCalls {
		return exception.New(exception.RecursionError, "maximum recursion depth exceeded")
	}
	saved := st.locals
	defer func() { st.locals, st.calls = saved, st.calls-1 }()
	if err := st.Step(k.work); err != nil {
		return err
	}
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

// selfRef is the variable "self", through which templates reach the blocks.
type selfRef struct {
	python.Truthy
	blocks map[string]*blockCode
}

// TypeName is part of value.Object.
func (*selfRef) TypeName() string { return "TemplateReference" }

// Repr is part of value.Object.
func (*selfRef) Repr() string { return "<TemplateReference None>" }

// Str is part of value.Object.
func (s *selfRef) Str() string { return s.Repr() }

func (s *selfRef) Item(arg any) (any, error) {
	name, ok := pytext.Of(arg)
	if _, found := s.blocks[name]; !ok || !found {
		return nil, python.ErrNoKey
	}
	return &blockRef{name: name}, nil
}

// blockRef is the value of self.name. Calling it renders the block.
type blockRef struct {
	python.Truthy
	name string
}

// TypeName is part of value.Object.
func (*blockRef) TypeName() string { return "BlockReference" }

// Repr is part of value.Object.
func (b *blockRef) Repr() string {
	return "<jinja2.runtime.BlockReference object at " + python.Address(b) + ">"
}

// Str is part of value.Object.
func (b *blockRef) Str() string { return b.Repr() }

func (b *blockRef) Call(th *python.Thread, _ []any, _ []python.Keyword) (any, error) {
	st := stateOf(th)
	return st.capture(st.tmpl.blocks[b.name].run)
}

func (b *blockRef) Attribute(name string) (any, bool, error) {
	if name == "super" {
		return &undefined{hint: "there is no parent block called " + value.Repr(b.name) + ".", name: "super"}, true, nil
	}
	return nil, false, nil
}
