package jinja

import (
	"errors"

	"anytap/internal/value"
)

// expr compiles an expression.
func (c *compiler) expr(n node, f frame) (expr, error) {
	switch n := n.(type) {
	case *constNode:
		return c.folded(n.val), nil
	case *nameNode:
		return c.name(n.name, f)
	case *tupleNode, *listNode, *dictNode:
		return c.container(n, f)
	case *sliceNode:
		return c.sliceExpr(n, f)
	}
	// The reference runtime computes ahead what does not depend on variables.
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

// container compiles a literal of a tuple, list or dict.
func (c *compiler) container(n node, f frame) (expr, error) {
	v, err := c.fold(n)
	if err == nil && foldable(v) {
		return c.folded(v), nil
	}
	switch n := n.(type) {
	case *tupleNode:
		items, err := c.exprs(n.items, f)
		return func(st *state) (any, error) {
			vs, err := evalAll(st, items)
			return value.Tuple(vs), err
		}, err
	case *listNode:
		items, err := c.exprs(n.items, f)
		return func(st *state) (any, error) {
			vs, err := evalAll(st, items)
			if err != nil {
				return nil, err
			}
			return listOf(vs), nil
		}, err
	case *dictNode:
		// Inside an expression that is computed ahead as far as possible, a key
		// that can not be one fails the whole template.
		if c.folding > 0 && err != nil && !errors.Is(err, errNotConst) {
			return nil, err
		}
		return c.dict(n, f)
	}
	return nil, raise(runtimeError, "unknown container")
}

func (c *compiler) operation(n node, f frame) (expr, error) {
	switch n := n.(type) {
	case *attrNode:
		return c.attr(n, f)
	case *itemNode:
		return c.item(n, f)
	case *callNode:
		return c.call(n, f, false)
	case *filterNode:
		return c.filter(n, f)
	case *testNode:
		return c.test(n, f)
	case *binaryNode:
		return c.binary(n, f)
	case *andNode:
		return c.logic(n.l, n.r, false, f)
	case *orNode:
		return c.logic(n.l, n.r, true, f)
	case *notNode:
		x, err := c.expr(n.x, f)
		return func(st *state) (any, error) {
			v, err := x(st)
			if err != nil {
				return nil, err
			}
			return !truth(v), nil
		}, err
	case *unaryNode:
		x, err := c.expr(n.x, f)
		minus := n.minus
		return func(st *state) (any, error) {
			v, err := x(st)
			if err != nil {
				return nil, err
			}
			return unaryOp(minus, v)
		}, err
	case *compareNode:
		return c.compare(n, f)
	case *concatNode:
		return c.concat(n, f)
	case *condNode:
		return c.cond(n, f)
	}
	return nil, raise(runtimeError, "unknown expression")
}

// always compiles a value that is known ahead.
func always(v any) expr { return func(*state) (any, error) { return v, nil } }

func (c *compiler) exprs(ns []node, f frame) ([]expr, error) {
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
	vs := make([]any, len(es))
	for i, e := range es {
		var err error
		if vs[i], err = e(st); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// name compiles the reading of a variable.
func (c *compiler) name(name string, f frame) (expr, error) {
	id, ok := f.sc.find(name)
	if !ok {
		return nil, raise(pythonAssertion, "name %s is unknown", value.Repr(name))
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

func contextName(name string) expr {
	return func(st *state) (any, error) {
		v, ok := st.lookup(name)
		if !ok {
			return &undefined{name: name}, nil
		}
		return v, nil
	}
}

func (c *compiler) dict(n *dictNode, f frame) (expr, error) {
	keys, err := c.exprs(n.keys, f)
	if err != nil {
		return nil, err
	}
	vals, err := c.exprs(n.vals, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) (any, error) {
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
			if err := setKey(d, k, v); err != nil {
				return nil, err
			}
		}
		return d, nil
	}, nil
}

func (c *compiler) sliceExpr(n *sliceNode, f frame) (expr, error) {
	parts := make([]expr, 3)
	for i, p := range []node{n.start, n.stop, n.step} {
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
		return &sliceVal{start: vs[0], stop: vs[1], step: vs[2]}, nil
	}, nil
}

func (c *compiler) attr(n *attrNode, f frame) (expr, error) {
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
		if d, ok := o.(*value.Dict); ok && dictMethods[name] == nil {
			if v, ok := d.Get(name); ok && name[0] != '_' {
				return v, nil
			}
		}
		return getAttr(&st.thread, o, name)
	}, nil
}

func (c *compiler) item(n *itemNode, f frame) (expr, error) {
	obj, err := c.expr(n.obj, f)
	if err != nil {
		return nil, err
	}
	if k, ok := n.arg.(*constNode); ok {
		return constItem(obj, k.val), nil
	}
	arg, err := c.expr(n.arg, f)
	if err != nil {
		return nil, err
	}
	_, isSlice := n.arg.(*sliceNode)
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
			return slice(o, a.(*sliceVal))
		}
		return getItem(&st.thread, o, a)
	}, nil
}

// constItem compiles a subscript that is known.
func constItem(obj expr, arg any) expr {
	name, ok := arg.(string)
	if !ok {
		return func(st *state) (any, error) {
			o, err := obj(st)
			if err != nil {
				return nil, err
			}
			return getItem(&st.thread, o, arg)
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
		return getItem(&st.thread, o, arg)
	}
}
