package jinja

import (
	"cmp"
	"errors"
	"sort"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// template is a compiled template.
type template struct {
	src        string
	code       code      // renders the whole template
	slots      int       // number of local variables
	loads      code      // initializes the local variables; nil: nothing to initialize
	undeclared []string  // variables that the context must have, sorted
	roots      []rootUse // parts of the context's variables that the template reads
	single     expr      // of a template that is a single print statement; nil for any other
	fixed      bool      // the rendered text is always the same
	text       string    // the rendered text if fixed
	self       int       // slot of "self", -1 if unused
	mutates    bool      // the template may change its variables
	static     error     // compile error that every evaluation raises
	blocks     map[string]*blockCode
}

// function is a scope of local variables at run time: the template, a macro, a block, or a
// recursive loop.
type function struct {
	parent *function
	slots  map[ident]int
}

// slot returns the slot of a name. A new name gets the next free slot.
func (f *function) slot(id ident) int {
	i, ok := f.slots[id]
	if !ok {
		i = len(f.slots)
		f.slots[id] = i
	}
	return i
}

// frame is where the compiler is: the current scope and function, and the settings in force there.
type frame struct {
	sc       *scope
	fn       *function
	toplevel bool // blocks see assignments
	soft     bool // an unknown filter or test is an error only when it is evaluated
	escape   bool // output is escaped for HTML
}

// inner returns the frame of a new scope inside f.
func (f frame) inner() frame {
	f.sc = newScope(f.sc)
	f.toplevel, f.soft = false, false
	return f
}

// compiler turns a syntax tree into closures.
type compiler struct {
	tmpl       *template
	undeclared map[string]bool
	blocks     map[string]*syntax.Block
	folding    int // number of enclosing operations that the compiler has tried to fold
	folds      map[syntax.Node]foldResult
}

// compile compiles a template. The error is a *SyntaxError if the grammar refuses the template. An
// error that Jinja raises when it compiles the template is stored in the result, and its
// evaluations raise it.
func compile(src string) (*template, error) {
	t := &template{src: src, self: -1}
	body, err := syntax.Parse(src)
	if err != nil {
		t.static = staticError(err, src)
		return t, err
	}
	c := &compiler{tmpl: t, undeclared: map[string]bool{}, blocks: map[string]*syntax.Block{}, folds: map[syntax.Node]foldResult{}}
	if err := c.template(body); err != nil {
		t.static = staticError(err, src)
		var e *exception.Error
		if errors.As(err, &e) && e.Class == exception.TypeError {
			return t, nil
		}
		return t, asSyntax(err)
	}
	return t, nil
}

// staticError converts a compile error to the exception that evaluations raise. It shows the
// template.
func staticError(err error, src string) error {
	if s, ok := errors.AsType[*syntax.Error](err); ok {
		return &exception.Error{Class: cmp.Or(s.Class, "TemplateSyntaxError"), Msg: syntax.In(src, s.Msg)}
	}
	if e, ok := errors.AsType[*exception.Error](err); ok {
		return &exception.Error{Class: e.Class, Msg: syntax.In(src, e.Msg)}
	}
	return err
}

// asSyntax converts an exception to a *SyntaxError.
func asSyntax(err error) error {
	var e *exception.Error
	if errors.As(err, &e) {
		return &syntax.Error{Msg: e.Error()}
	}
	return err
}

func (c *compiler) template(body []syntax.Stmt) error {
	t := c.tmpl
	if err := c.collectBlocks(body); err != nil {
		return err
	}
	t.mutates = mutates(body)
	f := frame{sc: newScope(nil), fn: &function{slots: map[ident]int{}}, toplevel: true}
	if undeclaredIn(body, "self") {
		f.sc.declare("self")
		t.self = f.fn.slot(ident{0, "self"})
	}
	f.sc.visit(body)
	t.loads = c.enter(f)
	defer func() {
		for name := range c.undeclared {
			t.undeclared = append(t.undeclared, name)
		}
		sort.Strings(t.undeclared)
		t.roots = rootsOf(body, c.undeclared)
	}()
	if len(c.undeclared) == 0 && c.constant(body) {
		return nil
	}
	code, err := c.stmts(body, f)
	if err != nil {
		return err
	}
	t.code, t.slots = code, len(f.fn.slots)
	if err := c.blockBodies(); err != nil {
		return err
	}
	if out, ok := onlyOutput(body); ok && t.slots == 0 {
		if t.single, err = c.expr(out, f); err != nil {
			return err
		}
	}
	return nil
}

// constant recognizes a template that consists of text and constant print statements. It stores the
// rendered text and reports whether the template is constant.
func (c *compiler) constant(body []syntax.Stmt) bool {
	text := ""
	for _, s := range body {
		switch s := s.(type) {
		case *syntax.Data:
			text += s.Text
		case *syntax.Output:
			for _, x := range s.Exprs {
				v, err := c.fold(x)
				if err != nil || !constantText(v) {
					return false
				}
				t, err := textOf(v)
				if err != nil {
					return false
				}
				text += t
			}
		default:
			return false
		}
	}
	c.tmpl.fixed, c.tmpl.text = true, text
	return true
}

// constantText reports whether the text of a value is always the same.
func constantText(v any) bool {
	switch v.(type) {
	case *python.Iterator, *python.BoundMethod, *python.Builtin:
		return false
	}
	return true
}

// onlyOutput recognizes a template that consists of a single print statement of a single
// expression.
func onlyOutput(body []syntax.Stmt) (syntax.Node, bool) {
	if len(body) != 1 {
		return nil, false
	}
	out, ok := body[0].(*syntax.Output)
	if !ok || len(out.Exprs) != 1 {
		return nil, false
	}
	return out.Exprs[0], true
}

// enter makes the code that initializes the names of a scope. It also records the names that the
// context must have.
func (c *compiler) enter(f frame) code {
	var loads []func(*state)
	for _, id := range f.sc.order {
		l := f.sc.loads[id]
		switch l.kind {
		case loadParam:
			f.fn.slot(id)
		case loadContext:
			if _, ok := library.globals[id.name]; !ok {
				c.undeclared[id.name] = true
			}
			if !f.sc.stores[id.name] {
				continue // read straight from the context
			}
			i, name := f.fn.slot(id), id.name
			loads = append(loads, func(st *state) { st.locals.vals[i], _ = st.lookup(name) })
		case loadAlias:
			i, from := f.fn.slot(id), c.local(f, l.from)
			loads = append(loads, func(st *state) { st.locals.vals[i] = from(st) })
		case loadMissing:
			i := f.fn.slot(id)
			loads = append(loads, func(st *state) { st.locals.vals[i] = missing })
		}
	}
	if len(loads) == 0 {
		return nil
	}
	return func(st *state) error {
		for _, l := range loads {
			l(st)
		}
		return nil
	}
}

// place finds the slot of a local variable. up counts the steps from the current function outwards
// to the function that has the variable.
func (c *compiler) place(f frame, id ident) (up, slot int, ok bool) {
	for fn := f.fn; fn != nil; fn = fn.parent {
		if i, found := fn.slots[id]; found {
			return up, i, true
		}
		up++
	}
	return 0, 0, false
}

// local makes the code that reads a local variable.
func (c *compiler) local(f frame, id ident) func(*state) any {
	up, i, ok := c.place(f, id)
	if !ok {
		name := id.name
		return func(st *state) any { v, _ := st.lookup(name); return v }
	}
	if up == 0 {
		return func(st *state) any { return st.locals.vals[i] }
	}
	return func(st *state) any {
		l := st.locals
		for range up {
			l = l.parent
		}
		return l.vals[i]
	}
}

// run renders the template.
func (t *template) run(st *state) error {
	if t.slots > 0 {
		st.locals = newLocals(t.slots, nil)
		if t.self >= 0 {
			st.locals.vals[t.self] = &selfRef{blocks: t.blocks}
		}
	}
	if t.loads != nil {
		if err := t.loads(st); err != nil {
			return err
		}
	}
	return t.code(st)
}

// newLocals makes n local variables without values.
func newLocals(n int, parent *locals) *locals {
	l := &locals{vals: make([]any, n), parent: parent}
	for i := range l.vals {
		l.vals[i] = missing
	}
	return l
}

// declared checks that the context has every variable that the template mentions, also in branches
// that are not taken.
func (t *template) declared(st *state) error {
	for _, name := range t.undeclared {
		if !st.bound(canonical(name)) {
			return exception.ValueErrorf("Jinja macro has undeclared variables: {%s}", value.Repr(name))
		}
	}
	return nil
}
