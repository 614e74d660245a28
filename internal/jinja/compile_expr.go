package jinja

import (
	"errors"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/operator"
	"anytap/internal/value"
)

// expr compiles an expression.
func (c *compiler) expr(n syntax.Node, f frame) (expr, error) {
	switch n := n.(type) {
	case *syntax.Const:
		return c.folded(n.Val), nil
	case *syntax.Name:
		return c.name(n.Name, f)
	case *syntax.Tuple, *syntax.List, *syntax.Dict:
		return c.container(n, f)
	case *syntax.Slice:
		return c.sliceExpr(n, f)
	}
	// Jinja evaluates expressions without variables at compile time.
	v, err := c.fold(n)
	switch {
	case err == nil && foldable(v):
		return c.folded(v), nil
	case err != nil && !errors.Is(err, errNotConst):
		return nil, err
	}
	c.folding++
	defer func() { c.folding-- }()
	return c.operation(n, f)
}

// container compiles the literal of a tuple, list or dict.
func (c *compiler) container(n syntax.Node, f frame) (expr, error) {
	v, err := c.fold(n)
	if err == nil && foldable(v) {
		return c.folded(v), nil
	}
	switch n := n.(type) {
	case *syntax.Tuple:
		items, err := c.exprs(n.Items, f)
		return func(st *state) (any, error) {
			vs, err := evalAll(st, items)
			return value.Tuple(vs), err
		}, err
	case *syntax.List:
		items, err := c.exprs(n.Items, f)
		return func(st *state) (any, error) {
			vs, err := evalAll(st, items)
			if err != nil {
				return nil, err
			}
			return python.ListOf(vs), nil
		}, err
	case *syntax.Dict:
		// Jinja also folds a dict inside an operation. A key that cannot be hashed then makes the
		// whole template fail.
		if c.folding > 0 && err != nil && !errors.Is(err, errNotConst) {
			return nil, err
		}
		return c.dict(n, f)
	}
	return nil, exception.New(runtimeError, "unknown container")
}

func (c *compiler) operation(n syntax.Node, f frame) (expr, error) {
	switch n := n.(type) {
	case *syntax.Attr:
		return c.attr(n, f)
	case *syntax.Item:
		return c.item(n, f)
	case *syntax.Call:
		return c.call(n, f, false)
	case *syntax.Filter:
		return c.filter(n, f)
	case *syntax.Test:
		return c.test(n, f)
	case *syntax.Binary:
		return c.binary(n, f)
	case *syntax.And:
		return c.logic(n.L, n.R, false, f)
	case *syntax.Or:
		return c.logic(n.L, n.R, true, f)
	case *syntax.Not:
		x, err := c.expr(n.X, f)
		return func(st *state) (any, error) {
			v, err := x(st)
			if err != nil {
				return nil, err
			}
			return !value.Truth(v), nil
		}, err
	case *syntax.Unary:
		x, err := c.expr(n.X, f)
		minus := n.Minus
		return func(st *state) (any, error) {
			v, err := x(st)
			if err != nil {
				return nil, err
			}
			return operator.Unary(minus, v)
		}, err
	case *syntax.Compare:
		return c.compare(n, f)
	case *syntax.Concat:
		return c.concat(n, f)
	case *syntax.Cond:
		return c.cond(n, f)
	}
	return nil, exception.New(runtimeError, "unknown expression")
}

// always is the expression whose value is v.
func always(v any) expr { return func(*state) (any, error) { return v, nil } }

func (c *compiler) exprs(ns []syntax.Node, f frame) ([]expr, error) {
	es := make([]expr, len(ns))
	for i, n := range ns {
		var err error
		if es[i], err = c.expr(n, f); err != nil {
			return nil, err
		}
	}
	return es, nil
}

func evalAll(st *state, es []expr) ([]any, error) {
	if err := st.Step(len(es)); err != nil {
		return nil, err
	}
	vs := make([]any, len(es))
	for i, e := range es {
		var err error
		if vs[i], err = e(st); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// name compiles a read of a variable. A variable without a value is undefined.
func (c *compiler) name(name string, f frame) (expr, error) {
	id, ok := f.sc.find(name)
	if !ok {
		return nil, exception.New(exception.AssertionError, "name %s is unknown", value.Repr(name))
	}
	if l, _ := f.sc.loadOf(id); l.kind == loadContext {
		if _, _, local := c.place(f, id); !local {
			return contextName(name), nil
		}
	}
	read := c.local(f, id)
	return func(st *state) (any, error) {
		v := read(st)
		if v == missing {
			return &undefined{name: name}, nil
		}
		return v, nil
	}, nil
}

// contextName reads a variable of the context.
func contextName(name string) expr {
	return func(st *state) (any, error) {
		v, ok := st.lookup(name)
		if !ok {
			return &undefined{name: name}, nil
		}
		return v, nil
	}
}

func (c *compiler) dict(n *syntax.Dict, f frame) (expr, error) {
	keys, err := c.exprs(n.Keys, f)
	if err != nil {
		return nil, err
	}
	vals, err := c.exprs(n.Vals, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) (any, error) {
		if err := st.Step(len(keys)); err != nil {
			return nil, err
		}
		d := value.NewDict(len(keys))
		for i := range keys {
			k, err := keys[i](st)
			if err != nil {
				return nil, err
			}
			v, err := vals[i](st)
			if err != nil {
				return nil, err
			}
			if err := python.SetItem(&st.Thread, d, k, v); err != nil {
				return nil, err
			}
		}
		return d, nil
	}, nil
}

func (c *compiler) sliceExpr(n *syntax.Slice, f frame) (expr, error) {
	parts := make([]expr, 3)
	for i, p := range []syntax.Node{n.Start, n.Stop, n.Step} {
		parts[i] = always(nil)
		if p != nil {
			var err error
			if parts[i], err = c.expr(p, f); err != nil {
				return nil, err
			}
		}
	}
	return func(st *state) (any, error) {
		vs, err := evalAll(st, parts)
		if err != nil {
			return nil, err
		}
		return &python.Slice{Start: vs[0], Stop: vs[1], Step: vs[2]}, nil
	}, nil
}

func (c *compiler) attr(n *syntax.Attr, f frame) (expr, error) {
	obj, err := c.expr(n.Obj, f)
	if err != nil {
		return nil, err
	}
	name := n.Name
	_, isMethod := method.Of((*value.Dict)(nil))[name]
	return func(st *state) (any, error) {
		o, err := obj(st)
		if err != nil {
			return nil, err
		}
		if d, ok := o.(*value.Dict); ok && !isMethod {
			if v, ok := d.Get(name); ok && name[0] != '_' {
				return v, nil
			}
		}
		return getAttr(&st.Thread, o, name)
	}, nil
}

func (c *compiler) item(n *syntax.Item, f frame) (expr, error) {
	obj, err := c.expr(n.Obj, f)
	if err != nil {
		return nil, err
	}
	if k, ok := n.Arg.(*syntax.Const); ok {
		return constItem(obj, k.Val), nil
	}
	arg, err := c.expr(n.Arg, f)
	if err != nil {
		return nil, err
	}
	_, isSlice := n.Arg.(*syntax.Slice)
	return func(st *state) (any, error) {
		o, err := obj(st)
		if err != nil {
			return nil, err
		}
		a, err := arg(st)
		if err != nil {
			return nil, err
		}
		if isSlice {
			return python.GetSlice(&st.Thread, o, a.(*python.Slice))
		}
		return getItem(&st.Thread, o, a)
	}, nil
}

// constItem compiles a constant subscript. Text is looked up in a dict directly.
func constItem(obj expr, arg any) expr {
	name, ok := arg.(string)
	if !ok {
		return func(st *state) (any, error) {
			o, err := obj(st)
			if err != nil {
				return nil, err
			}
			return getItem(&st.Thread, o, arg)
		}
	}
	return func(st *state) (any, error) {
		o, err := obj(st)
		if err != nil {
			return nil, err
		}
		if d, ok := o.(*value.Dict); ok {
			if v, ok := d.Get(name); ok {
				return v, nil
			}
		}
		return getItem(&st.Thread, o, arg)
	}
}
