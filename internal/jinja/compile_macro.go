package jinja

import (
	"slices"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// macroCode is a compiled macro.
type macroCode struct {
	name     string
	anon     bool // the body of a call block
	params   []string
	slots    []int  // of params
	defaults []expr // of the last params
	fn       *function
	loads    code // initializes the names of body
	body     code
	caller   int  // slot of "caller", -1 if unused
	kwargs   int  // slot of "kwargs", -1 if unused
	varargs  int  // slot of "varargs", -1 if unused
	explicit bool // "caller" is among the params
	escape   bool // the rendered text is Markup
	work     int  // steps of a call
}

func (c *compiler) macro(n *syntax.Macro, f frame) (*macroCode, error) {
	m := &macroCode{work: work(n.Body, nil), name: n.Name, anon: n.Name == "", params: n.Params, caller: -1, kwargs: -1, varargs: -1, escape: f.escape}
	in := f.inner()
	in.fn = &function{parent: f.fn, slots: map[ident]int{}}
	m.fn = in.fn
	for i, p := range n.Params {
		in.sc.declare(p)
		if p == "caller" {
			m.explicit = true
			if i < len(n.Params)-len(n.Defaults) && undeclaredIn(n.Body, "caller") {
				return nil, exception.New(syntax.AssertionError, "the special \"caller\" argument must be omitted or be given a default")
			}
		}
	}
	in.sc.exprs(n.Defaults)
	special := map[string]*int{"caller": &m.caller, "kwargs": &m.kwargs, "varargs": &m.varargs}
	for _, name := range []string{"caller", "kwargs", "varargs"} {
		if undeclaredIn(n.Body, name) && !slices.Contains(n.Params, name) {
			in.sc.declare(name)
			*special[name] = in.fn.slot(ident{in.sc.level, name})
		}
	}
	in.sc.visit(n.Body)
	m.loads = c.enter(in)
	for _, p := range n.Params {
		m.slots = append(m.slots, in.fn.slot(ident{in.sc.level, p}))
	}
	var err error
	if m.defaults, err = c.exprs(n.Defaults, in); err != nil {
		return nil, err
	}
	m.body, err = c.stmts(n.Body, in)
	return m, err
}

func (c *compiler) macroStmt(n *syntax.Macro, f frame) (code, error) {
	m, err := c.macro(n, f)
	if err != nil {
		return nil, err
	}
	target, err := c.target(&syntax.Name{Name: n.Name}, f)
	return func(st *state) error {
		return target(st, &macroVal{m: m, outer: st.locals})
	}, err
}

func (c *compiler) callBlock(n *syntax.CallBlock, f frame) (code, error) {
	m, err := c.macro(n.Macro, f)
	if err != nil {
		return nil, err
	}
	e, err := c.call(n.Call, f, true)
	if err != nil {
		return nil, err
	}
	print := printer(e, f.escape)
	return func(st *state) error {
		st.captured = append(st.captured, &macroVal{m: m, outer: st.locals})
		err := print(st)
		st.captured = st.captured[:len(st.captured)-1]
		return err
	}, nil
}

// macroVal is the value of a macro: its code and the local variables around its definition.
type macroVal struct {
	python.Truthy
	m     *macroCode
	outer *locals
}

// TypeName is part of value.Object.
func (v *macroVal) TypeName() string { return "Macro" }

// Repr is part of value.Object.
func (v *macroVal) Repr() string {
	if v.m.anon {
		return "<Macro anonymous>"
	}
	return "<Macro " + value.Repr(v.m.name) + ">"
}

// Str is part of value.Object.
func (v *macroVal) Str() string { return v.Repr() }

func (v *macroVal) Attribute(name string) (any, bool, error) {
	switch name {
	case "name":
		if v.m.anon {
			return nil, true, nil
		}
		return v.m.name, true, nil
	case "arguments":
		t := value.Tuple{}
		for _, p := range v.m.params {
			t = append(t, p)
		}
		return t, true, nil
	case "catch_kwargs":
		return v.m.kwargs >= 0, true, nil
	case "catch_varargs":
		return v.m.varargs >= 0, true, nil
	case "caller":
		return v.m.caller >= 0, true, nil
	}
	return nil, false, nil
}

func (v *macroVal) Call(th *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	st := stateOf(th)
	if st.calls++; st.calls > maxCalls {
		return nil, exception.New(exception.RecursionError, "maximum recursion depth exceeded")
	}
	saved := st.locals
	defer func() { st.locals, st.calls = saved, st.calls-1 }()
	if err := st.Step(v.m.work); err != nil {
		return nil, err
	}
	l := newLocals(len(v.m.fn.slots), v.outer)
	if err := v.m.bind(l, pos, kw); err != nil {
		return nil, err
	}
	st.locals = l
	s, err := st.capture(func(st *state) error {
		if err := run(st, v.m.loads); err != nil {
			return err
		}
		if err := v.m.fill(st, l); err != nil {
			return err
		}
		return v.m.body(st)
	})
	if err != nil || !v.m.escape {
		return s, err
	}
	return pytext.Markup(s), nil
}

// bind assigns the arguments to the parameters. A parameter without an argument stays missing until
// fill.
func (m *macroCode) bind(l *locals, pos []any, kw []python.Keyword) error {
	take := func(name string) any {
		for i, k := range kw {
			if k.Name == name {
				kw = append(append([]python.Keyword{}, kw[:i]...), kw[i+1:]...)
				return k.Val
			}
		}
		return missing
	}
	found := m.explicit && len(pos) >= len(m.params)
	for i, p := range m.params {
		if i < len(pos) {
			l.vals[m.slots[i]] = pos[i]
			continue
		}
		l.vals[m.slots[i]] = take(p)
		found = found || p == "caller"
	}
	if m.caller >= 0 && !found {
		v := take("caller")
		if v == missing || v == nil {
			v = &undefined{hint: "No caller defined", name: "caller"}
		}
		l.vals[m.caller] = v
	}
	if m.kwargs >= 0 {
		d := value.NewDict(len(kw))
		for _, k := range kw {
			d.Set(k.Name, k.Val)
		}
		l.vals[m.kwargs] = d
	} else if len(kw) > 0 {
		return exception.TypeErrorf("macro '%s' takes no keyword argument '%s'", m.name, kw[0].Name)
	}
	if m.varargs >= 0 {
		t := value.Tuple{}
		if len(pos) > len(m.params) {
			t = append(t, pos[len(m.params):]...)
		}
		l.vals[m.varargs] = t
	} else if len(pos) > len(m.params) {
		return exception.TypeErrorf("macro '%s' takes not more than %d argument(s)", m.name, len(m.params))
	}
	return nil
}

// fill evaluates the defaults of parameters without an argument. A parameter without a default is
// undefined.
func (m *macroCode) fill(st *state, l *locals) error {
	first := len(m.params) - len(m.defaults)
	for i, slot := range m.slots {
		if l.vals[slot] != missing {
			continue
		}
		if i < first {
			l.vals[slot] = &undefined{hint: "parameter " + value.Repr(m.params[i]) + " was not provided", name: m.params[i]}
			continue
		}
		v, err := m.defaults[i-first](st)
		if err != nil {
			return err
		}
		l.vals[slot] = v
	}
	return nil
}

func (c *compiler) filterBlock(n *syntax.FilterBlock, f frame) (code, error) {
	in := f.inner()
	in.sc.visit(n.Body)
	in.sc.expr(n.Filter)
	return c.filtered(n.Body, n.Filter, in, emit)
}

// filtered compiles statements whose output is filtered and then passed to use.
func (c *compiler) filtered(body []syntax.Stmt, filter *syntax.Filter, in frame, use func(*state, any) error) (code, error) {
	loads := c.enter(in)
	inner, err := c.stmts(body, in)
	if err != nil {
		return nil, err
	}
	apply, err := c.captured(filter, in)
	if err != nil {
		return nil, err
	}
	return func(st *state) error {
		if err := run(st, loads); err != nil {
			return err
		}
		s, err := st.capture(inner)
		if err != nil {
			return err
		}
		v, err := apply(st, s)
		if err != nil {
			return err
		}
		return use(st, v)
	}, nil
}

// emit writes a value that is already escaped.
func emit(st *state, v any) error {
	s, err := python.Str(&st.Thread, v)
	if err != nil {
		return err
	}
	return st.write(s)
}

func (c *compiler) with(n *syntax.With, f frame) (code, error) {
	in := f.inner()
	for _, t := range n.Targets {
		in.sc.assign(t, true)
	}
	in.sc.visit(n.Body)
	loads := c.enter(in)
	vals, err := c.exprs(n.Vals, f)
	if err != nil {
		return nil, err
	}
	var targets []func(*state, any) error
	for _, t := range n.Targets {
		target, err := c.target(t, in)
		if err != nil {
			return nil, err
		}
		targets = append(targets, target)
	}
	body, err := c.stmts(n.Body, in)
	return func(st *state) error {
		if err := run(st, loads); err != nil {
			return err
		}
		for i, e := range vals {
			v, err := e(st)
			if err != nil {
				return err
			}
			if err := targets[i](st, v); err != nil {
				return err
			}
		}
		return body(st)
	}, err
}

// load compiles a statement that loads another template. There is no loader, so it raises a
// TypeError, as in the CDK.
func (c *compiler) load(n *syntax.Load, f frame) (code, error) {
	if n.Extends && !f.toplevel {
		return nil, exception.New(syntax.AssertionError, "cannot use extend from a non top-level scope")
	}
	e, err := c.expr(n.Template, f)
	return func(st *state) error {
		if _, err := e(st); err != nil {
			return err
		}
		return exception.TypeErrorf("no loader for this environment specified")
	}, err
}

func (c *compiler) autoescape(n *syntax.Autoescape, f frame) (code, error) {
	in := f.inner()
	in.sc.expr(n.On)
	in.sc.visit(n.Body)
	loads := c.enter(in)
	on, err := c.expr(n.On, in)
	if err != nil {
		return nil, err
	}
	variants := make([]code, 2)
	for i, escape := range []bool{false, true} {
		in.escape = escape
		if variants[i], err = c.stmts(n.Body, in); err != nil {
			return nil, err
		}
	}
	return func(st *state) error {
		if err := run(st, loads); err != nil {
			return err
		}
		v, err := on(st)
		if err != nil {
			return err
		}
		saved := st.escape
		defer func() { st.escape = saved }()
		st.escape = value.Truth(v)
		if st.escape {
			return variants[1](st)
		}
		return variants[0](st)
	}, nil
}
