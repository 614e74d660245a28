package jinja

import (
	"anytap/internal/value"
)

// argsCode are compiled arguments.
type argsCode struct {
	pos   []expr
	names []string
	kw    []expr
	star  expr
	dstar expr
}

func (c *compiler) args(a *callArgs, f frame) (*argsCode, error) {
	k := &argsCode{names: a.names}
	var err error
	if k.pos, err = c.exprs(a.pos, f); err != nil {
		return nil, err
	}
	if k.kw, err = c.exprs(a.kw, f); err != nil {
		return nil, err
	}
	if a.star != nil {
		if k.star, err = c.expr(a.star, f); err != nil {
			return nil, err
		}
	}
	if a.dstar != nil {
		k.dstar, err = c.expr(a.dstar, f)
	}
	return k, err
}

// push evaluates the arguments: positional ones onto the state's stack.
func (k *argsCode) push(st *state) ([]kwarg, error) {
	for _, e := range k.pos {
		v, err := e(st)
		if err != nil {
			return nil, err
		}
		st.stack = append(st.stack, v)
	}
	if k.star == nil && k.dstar == nil && len(k.kw) == 0 {
		return nil, nil
	}
	return k.pushRest(st)
}

func (k *argsCode) pushRest(st *state) ([]kwarg, error) {
	if k.star != nil {
		v, err := k.star(st)
		if err != nil {
			return nil, err
		}
		items, err := collect(&st.thread, v)
		if err != nil {
			return nil, err
		}
		st.stack = append(st.stack, items...)
	}
	kw := make([]kwarg, 0, len(k.kw))
	for i, e := range k.kw {
		v, err := e(st)
		if err != nil {
			return nil, err
		}
		kw = append(kw, kwarg{k.names[i], v})
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

func appendKeywords(kw []kwarg, v any) ([]kwarg, error) {
	d, ok := asDict(v)
	if !ok {
		if err := raised(v); err != nil {
			return nil, err
		}
		return nil, raiseType("argument after ** must be a mapping, not %s", value.TypeName(v))
	}
	for k, x := range d.AllKeys() {
		name, ok := text(k)
		if !ok {
			return nil, raiseType("keywords must be strings")
		}
		for _, other := range kw {
			if other.name == name {
				return nil, raiseType("got multiple values for keyword argument '%s'", name)
			}
		}
		kw = append(kw, kwarg{name, x})
	}
	return kw, nil
}

// call compiles a call; with caller, the variable that holds a call block's
// body goes along as a keyword.
func (c *compiler) call(n *callNode, f frame, caller bool) (expr, error) {
	args, err := c.args(&n.args, f)
	if err != nil {
		return nil, err
	}
	if a, ok := n.fn.(*attrNode); ok && !caller {
		if v, err := c.fold(a.obj); err != nil || foldable(v) {
			return c.methodCall(a, args, f)
		}
	}
	fn, err := c.expr(n.fn, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) (any, error) {
		v, err := fn(st)
		if err != nil {
			return nil, err
		}
		base := len(st.stack)
		defer func() { st.stack = st.stack[:base] }()
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		if caller {
			kw = append(kw, kwarg{"caller", st.captured[len(st.captured)-1]})
		}
		return call(&st.thread, v, st.stack[base:], kw)
	}, nil
}

// methodCall compiles "a.b(…)" so that no bound method is made.
func (c *compiler) methodCall(n *attrNode, args *argsCode, f frame) (expr, error) {
	obj, err := c.expr(n.obj, f)
	if err != nil {
		return nil, err
	}
	name := n.name
	return func(st *state) (any, error) {
		o, err := obj(st)
		if err != nil {
			return nil, err
		}
		base := len(st.stack)
		defer func() { st.stack = st.stack[:base] }()
		if m, ok := st.hooks.methods(o)[name]; ok {
			st.stack = append(st.stack, o)
			kw, err := args.push(st)
			if err != nil {
				return nil, err
			}
			return m.Call(&st.thread, st.stack[base:], kw)
		}
		fn, err := getAttr(&st.thread, o, name)
		if err != nil {
			return nil, err
		}
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		return call(&st.thread, fn, st.stack[base:], kw)
	}, nil
}

// filter compiles a filter; without a value it is applied to captured text.
func (c *compiler) filter(n *filterNode, f frame) (expr, error) {
	obj := expr(func(st *state) (any, error) { return st.captured[len(st.captured)-1], nil })
	if n.obj != nil {
		var err error
		if obj, err = c.expr(n.obj, f); err != nil {
			return nil, err
		}
	}
	return c.apply(library.filters[n.name], "filter", n.name, obj, &n.args, f)
}

func (c *compiler) test(n *testNode, f frame) (expr, error) {
	obj, err := c.expr(n.obj, f)
	if err != nil {
		return nil, err
	}
	if k := quickTest(n, obj); k != nil {
		return k, nil
	}
	return c.apply(library.tests[n.name], "test", n.name, obj, &n.args, f)
}

// quickTest compiles the tests for being defined and none.
func quickTest(n *testNode, obj expr) expr {
	if len(n.args.all()) > 0 {
		return nil
	}
	var holds func(any) bool
	switch n.name {
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

// apply compiles the use of a filter or test. One that does not exist is an
// error at once, but in a branch only when it is reached.
func (c *compiler) apply(b *builtin, what, name string, obj expr, a *callArgs, f frame) (expr, error) {
	args, err := c.args(a, f)
	if err != nil {
		return nil, err
	}
	if b == nil && !f.soft {
		return nil, raise(AssertionError, "No %s named %s.", what, value.Repr(name))
	}
	return func(st *state) (any, error) {
		v, err := obj(st)
		if err != nil {
			return nil, err
		}
		base := len(st.stack)
		defer func() { st.stack = st.stack[:base] }()
		st.stack = append(st.stack, v)
		kw, err := args.push(st)
		if err != nil {
			return nil, err
		}
		if b == nil {
			return nil, raise(runtimeError, "No %s named %s found.", what, value.Repr(name))
		}
		return b.Call(&st.thread, st.stack[base:], kw)
	}, nil
}
