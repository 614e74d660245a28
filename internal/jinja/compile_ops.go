package jinja

func (c *compiler) binary(n *binaryNode, f frame) (expr, error) {
	l, err := c.expr(n.l, f)
	if err != nil {
		return nil, err
	}
	r, err := c.expr(n.r, f)
	op := n.op
	return func(st *state) (any, error) {
		a, err := l(st)
		if err != nil {
			return nil, err
		}
		b, err := r(st)
		if err != nil {
			return nil, err
		}
		v, err := binaryOp(&st.thread, op, a, b)
		if err != nil {
			return nil, err
		}
		return v, st.spend(v)
	}, err
}

// logic compiles "and" and "or", which give one of their operands.
func (c *compiler) logic(a, b node, stop bool, f frame) (expr, error) {
	l, err := c.expr(a, f)
	if err != nil {
		return nil, err
	}
	r, err := c.expr(b, f)
	return func(st *state) (any, error) {
		v, err := l(st)
		if err != nil || truth(v) == stop {
			return v, err
		}
		return r(st)
	}, err
}

func (c *compiler) compare(n *compareNode, f frame) (expr, error) {
	first, err := c.expr(n.first, f)
	if err != nil {
		return nil, err
	}
	rest, err := c.exprs(n.rest, f)
	ops := n.ops
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
			ok, err := compareOp(&st.thread, ops[i], a, b)
			if err != nil || !ok {
				return false, err
			}
			a = b
		}
		return true, nil
	}, err
}

func (c *compiler) concat(n *concatNode, f frame) (expr, error) {
	parts, err := c.exprs(n.parts, f)
	escape := f.escape
	if escape {
		return func(st *state) (any, error) {
			vs, err := evalAll(st, parts)
			if err != nil {
				return nil, err
			}
			return joinMarkup(vs)
		}, err
	}
	return func(st *state) (any, error) {
		// All parts are evaluated before the first one is turned into text.
		base := len(st.stack)
		defer func() { st.stack = st.stack[:base] }()
		for _, p := range parts {
			v, err := p(st)
			if err != nil {
				return nil, err
			}
			st.stack = append(st.stack, v)
		}
		v, err := concat(st.stack[base:])
		if err != nil {
			return nil, err
		}
		return v, st.spend(v)
	}, err
}

func concat(vs []any) (any, error) {
	var buf [256]byte
	b := buf[:0]
	for _, v := range vs {
		var err error
		if b, err = appendText(b, v); err != nil {
			return nil, err
		}
		if err := room(len(b)); err != nil {
			return nil, err
		}
	}
	return string(b), nil
}

func (c *compiler) cond(n *condNode, f frame) (expr, error) {
	f.soft = true
	a, err := c.expr(n.a, f)
	if err != nil {
		return nil, err
	}
	test, err := c.expr(n.test, f)
	if err != nil {
		return nil, err
	}
	b := expr(func(*state) (any, error) {
		return &undefined{hint: "the inline if-expression evaluated to false and no else section was defined."}, nil
	})
	if n.b != nil {
		if b, err = c.expr(n.b, f); err != nil {
			return nil, err
		}
	}
	return func(st *state) (any, error) {
		v, err := test(st)
		if err != nil {
			return nil, err
		}
		if truth(v) {
			return a(st)
		}
		return b(st)
	}, nil
}
