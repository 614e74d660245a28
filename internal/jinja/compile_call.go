package jinja

import (
	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// argsCode is the compiled arguments of a call, filter or test.
type argsCode struct {
	pos   []expr
	names []string // of kw
	kw    []expr
	star  expr // *args; nil if absent
	dstar expr // **kwargs; nil if absent
}

func (c *compiler) args(a *syntax.Args, f frame) (*argsCode, error) {
	k := &argsCode{names: a.Names}
	var err error
	if k.pos, err = c.exprs(a.Pos, f); err != nil {
		return nil, err
	}
	if k.kw, err = c.exprs(a.Kw, f); err != nil {
		return nil, err
	}
	if a.Star != nil {
		if k.star, err = c.expr(a.Star, f); err != nil {
			return nil, err
		}
	}
	if a.Dstar != nil {
		k.dstar, err = c.expr(a.Dstar, f)
	}
	return k, err
}

// push evaluates the arguments. It pushes the positional ones onto the stack and returns the
// keyword arguments.
func (k *argsCode) push(st *state) ([]python.Keyword, error) {
	for _, e := range k.pos {
		v, err := e(st)
		if err != nil {
			return nil, err
		}
		st.Stack = append(st.Stack, v)
	}
	if k.star == nil && k.dstar == nil && len(k.kw) == 0 {
		return nil, nil
	}
	return k.pushRest(st)
}

func (k *argsCode) pushRest(st *state) ([]python.Keyword, error) {
	if k.star != nil {
		v, err := k.star(st)
		if err != nil {
			return nil, err
		}
		items, err := python.Collect(&st.Thread, v)
		if err != nil {
			return nil, err
		}
		st.Stack = append(st.Stack, items...)
	}
	kw := make([]python.Keyword, 0, len(k.kw))
	for i, e := range k.kw {
		v, err := e(st)
		if err != nil {
			return nil, err
		}
		kw = append(kw, python.Keyword{Name: k.names[i], Val: v})
	}
	if k.dstar == nil {
		return kw, nil
	}
	v, err := k.dstar(st)
	if err != nil {
		return nil, err
	}
	return appendKeywords(kw, v)
}

// appendKeywords adds the members of v, the value after "**", to keyword arguments.
func appendKeywords(kw []python.Keyword, v any) ([]python.Keyword, error) {
	d, ok := python.AsDict(v)
	if !ok {
		if err := exception.Raised(v); err != nil {
			return nil, err
		}
		return nil, exception.TypeErrorf("argument after ** must be a mapping, not %s", value.TypeName(v))
	}
	for k, x := range d.AllKeys() {
		name, ok := pytext.Of(k)
		if !ok {
			return nil, exception.TypeErrorf("keywords must be strings")
		}
		for _, other := range kw {
			if other.Name == name {
				return nil, exception.TypeErrorf("got multiple values for keyword argument '%s'", name)
			}
		}
		kw = append(kw, python.Keyword{Name: name, Val: x})
	}
	return kw, nil
}

// call compiles a call. If caller is set, it passes the body of a call block as the keyword
// argument "caller".
func (c *compiler) call(n *syntax.Call, f frame, caller bool) (expr, error) {
	args, err := c.args(&n.Args, f)
	if err != nil {
		return nil, err
	}
	if a, ok := n.Fn.(*syntax.Attr); ok && !caller {
		if v, err := c.fold(a.Obj); err != nil || foldable(v) {
			return c.methodCall(a, args, f)
		}
	}
	fn, err := c.expr(n.Fn, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) (any, error) {
		v, err := fn(st)
		if err != nil {
			return nil, err
		}
		base := len(st.Stack)
		defer func() { st.Stack = st.Stack[:base] }()
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		if caller {
			kw = append(kw, python.Keyword{Name: "caller", Val: st.captured[len(st.captured)-1]})
		}
		return python.Call(&st.Thread, v, st.Stack[base:], kw)
	}, nil
}

// methodCall compiles "a.b(…)". A built-in method is called directly, without making a bound method
// first.
func (c *compiler) methodCall(n *syntax.Attr, args *argsCode, f frame) (expr, error) {
	obj, err := c.expr(n.Obj, f)
	if err != nil {
		return nil, err
	}
	name := n.Name
	return func(st *state) (any, error) {
		o, err := obj(st)
		if err != nil {
			return nil, err
		}
		base := len(st.Stack)
		defer func() { st.Stack = st.Stack[:base] }()
		if m, ok := st.Hooks.Methods(o)[name]; ok {
			st.Stack = append(st.Stack, o)
			kw, err := args.push(st)
			if err != nil {
				return nil, err
			}
			return m.Call(&st.Thread, st.Stack[base:], kw)
		}
		fn, err := getAttr(&st.Thread, o, name)
		if err != nil {
			return nil, err
		}
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		return python.Call(&st.Thread, fn, st.Stack[base:], kw)
	}, nil
}

// filter compiles a filter. A filter without an operand applies to the text captured last.
func (c *compiler) filter(n *syntax.Filter, f frame) (expr, error) {
	obj := expr(func(st *state) (any, error) { return st.captured[len(st.captured)-1], nil })
	if n.Obj != nil {
		var err error
		if obj, err = c.expr(n.Obj, f); err != nil {
			return nil, err
		}
	}
	return c.apply(library.filters[n.Name], "filter", n.Name, obj, &n.Args, f)
}

func (c *compiler) test(n *syntax.Test, f frame) (expr, error) {
	obj, err := c.expr(n.Obj, f)
	if err != nil {
		return nil, err
	}
	if k := quickTest(n, obj); k != nil {
		return k, nil
	}
	return c.apply(library.tests[n.Name], "test", n.Name, obj, &n.Args, f)
}

// quickTest compiles the tests "defined", "undefined" and "none", which need no function call. It
// returns nil for any other test.
func quickTest(n *syntax.Test, obj expr) expr {
	if len(n.Args.All()) > 0 {
		return nil
	}
	var holds func(any) bool
	switch n.Name {
	case "defined":
		holds = func(v any) bool { return !isUndefined(v) }
	case "undefined":
		holds = isUndefined
	case "none":
		holds = func(v any) bool { return v == nil }
	default:
		return nil
	}
	return func(st *state) (any, error) {
		v, err := obj(st)
		if err != nil {
			return nil, err
		}
		return holds(v), nil
	}
}

// apply compiles the use of a filter or test. An unknown name is an error at compile time, or when
// it is evaluated if f is soft. what is "filter" or "test".
func (c *compiler) apply(b *python.Builtin, what, name string, obj expr, a *syntax.Args, f frame) (expr, error) {
	args, err := c.args(a, f)
	if err != nil {
		return nil, err
	}
	if b == nil && !f.soft {
		return nil, exception.New(syntax.AssertionError, "No %s named %s.", what, value.Repr(name))
	}
	return func(st *state) (any, error) {
		v, err := obj(st)
		if err != nil {
			return nil, err
		}
		base := len(st.Stack)
		defer func() { st.Stack = st.Stack[:base] }()
		st.Stack = append(st.Stack, v)
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		if b == nil {
			return nil, exception.New(runtimeError, "No %s named %s found.", what, value.Repr(name))
		}
		return b.Call(&st.Thread, st.Stack[base:], kw)
	}, nil
}
