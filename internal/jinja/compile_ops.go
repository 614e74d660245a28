package jinja

import (
	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/operator"
	"anytap/internal/value"
)

func (c *compiler) binary(n *syntax.Binary, f frame) (expr, error) {
	l, err := c.expr(n.L, f)
	if err != nil {
		return nil, err
	}
	r, err := c.expr(n.R, f)
	op := n.Op
	return func(st *state) (any, error) {
		a, err := l(st)
		if err != nil {
			return nil, err
		}
		b, err := r(st)
		if err != nil {
			return nil, err
		}
		return operator.Binary(&st.Thread, op, a, b)
	}, err
}

// logic compiles "and" and "or", whose result is one of the operands. If the truth of the left
// operand is stop, the right one is not evaluated.
func (c *compiler) logic(a, b syntax.Node, stop bool, f frame) (expr, error) {
	l, err := c.expr(a, f)
	if err != nil {
		return nil, err
	}
	r, err := c.expr(b, f)
	return func(st *state) (any, error) {
		v, err := l(st)
		if err != nil || value.Truth(v) == stop {
			return v, err
		}
		return r(st)
	}, err
}

func (c *compiler) compare(n *syntax.Compare, f frame) (expr, error) {
	first, err := c.expr(n.First, f)
	if err != nil {
		return nil, err
	}
	rest, err := c.exprs(n.Rest, f)
	ops := n.Ops
	return func(st *state) (any, error) {
		a, err := first(st)
		if err != nil {
			return nil, err
		}
		for i, r := range rest {
			b, err := r(st)
			if err != nil {
				return nil, err
			}
			ok, err := python.Compare(&st.Thread, ops[i], a, b)
			if err != nil || !ok {
				return false, err
			}
			a = b
		}
		return true, nil
	}, err
}

func (c *compiler) concat(n *syntax.Concat, f frame) (expr, error) {
	parts, err := c.exprs(n.Parts, f)
	escape := f.escape
	if escape {
		return func(st *state) (any, error) {
			vs, err := evalAll(st, parts)
			if err != nil {
				return nil, err
			}
			return joinMarkup(&st.Thread, vs)
		}, err
	}
	return func(st *state) (any, error) {
		// All parts are evaluated before the first one is converted to text.
		base := len(st.Stack)
		defer func() { st.Stack = st.Stack[:base] }()
		for _, p := range parts {
			v, err := p(st)
			if err != nil {
				return nil, err
			}
			st.Stack = append(st.Stack, v)
		}
		v, err := concat(&st.Thread, st.Stack[base:])
		if err != nil {
			return nil, err
		}
		return v, st.Spend(v)
	}, err
}

func concat(th *python.Thread, vs []any) (any, error) {
	var buf [256]byte
	b := buf[:0]
	for _, v := range vs {
		var err error
		if b, err = python.AppendStr(th, b, v); err != nil {
			return nil, err
		}
		if err := python.Room(len(b)); err != nil {
			return nil, err
		}
	}
	return string(b), nil
}

func (c *compiler) cond(n *syntax.Cond, f frame) (expr, error) {
	f.soft = true
	a, err := c.expr(n.A, f)
	if err != nil {
		return nil, err
	}
	test, err := c.expr(n.Test, f)
	if err != nil {
		return nil, err
	}
	b := expr(func(*state) (any, error) {
		return &undefined{hint: "the inline if-expression evaluated to false and no else section was defined."}, nil
	})
	if n.B != nil {
		if b, err = c.expr(n.B, f); err != nil {
			return nil, err
		}
	}
	return func(st *state) (any, error) {
		v, err := test(st)
		if err != nil {
			return nil, err
		}
		if value.Truth(v) {
			return a(st)
		}
		return b(st)
	}, nil
}
