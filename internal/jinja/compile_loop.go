package jinja

// forCode is a compiled loop.
type forCode struct {
	iter    expr
	test    *forTest
	target  func(*state, any) error
	loads   code
	body    code
	alt     code
	altLoad code
	loop    int // slot of the loop variable, -1 if nothing uses it
}

// forTest is the condition of a loop; it runs as a function of its own.
type forTest struct {
	slots  *function
	target func(*state, any) error
	loads  code
	test   expr
}

func (c *compiler) forStmt(n *forStmt, f frame) (code, error) {
	if assignsLoop(n) {
		return nil, raise(AssertionError, "can't assign to special loop variable in for-loop target")
	}
	k := &forCode{loop: -1}
	var err error
	if k.iter, err = c.expr(n.iter, f); err != nil {
		return nil, err
	}
	outer := f
	if n.recursive {
		f.fn = &function{parent: f.fn, slots: map[ident]int{}}
	}
	if k.test, err = c.forTest(n, f); err != nil {
		return nil, err
	}
	if err = c.forBody(k, n, f); err != nil {
		return nil, err
	}
	alt := f.inner()
	alt.sc.visit(n.alt)
	if len(n.alt) > 0 {
		k.altLoad = c.enter(alt)
		if k.alt, err = c.stmts(n.alt, alt); err != nil {
			return nil, err
		}
	}
	if n.recursive {
		return k.recursive(f.fn, outer.escape), nil
	}
	return func(st *state) error {
		v, err := k.iter(st)
		if err != nil {
			return err
		}
		return k.run(st, v, nil, 0)
	}, nil
}

func (c *compiler) forBody(k *forCode, n *forStmt, f frame) error {
	in := f.inner()
	extended := n.recursive || undeclaredIn(n.body, "loop") || hasScopedBlock(n.body) || hasScopedBlock(n.alt)
	if extended {
		in.sc.declare("loop")
		k.loop = in.fn.slot(ident{in.sc.level, "loop"})
	}
	in.sc.assign(n.target, true)
	in.sc.visit(n.body)
	k.loads = c.enter(in)
	var err error
	if k.target, err = c.target(n.target, in); err != nil {
		return err
	}
	k.body, err = c.stmts(n.body, in)
	return err
}

func (c *compiler) forTest(n *forStmt, f frame) (*forTest, error) {
	if n.test == nil {
		return nil, nil
	}
	t := &forTest{slots: &function{parent: f.fn, slots: map[ident]int{}}}
	in := f.inner()
	in.fn = t.slots
	in.sc.assign(n.target, true)
	in.sc.expr(n.test)
	t.loads = c.enter(in)
	var err error
	if t.target, err = c.target(n.target, in); err != nil {
		return nil, err
	}
	t.test, err = c.expr(n.test, in)
	return t, err
}

// filter passes on the elements for which the loop's condition holds.
func (t *forTest) filter(st *state, it *iterator) *iterator {
	own := newLocals(len(t.slots.slots), st.locals)
	started := false
	pass := func(st *state, v any) (bool, error) {
		saved := st.locals
		st.locals = own
		defer func() { st.locals = saved }()
		if !started {
			started = true
			if err := run(st, t.loads); err != nil {
				return false, err
			}
		}
		if err := t.target(st, v); err != nil {
			return false, err
		}
		ok, err := t.test(st)
		return err == nil && truth(ok), err
	}
	return generator("filter", func(th *thread) (any, bool, error) {
		for {
			v, ok, err := it.next(th)
			if err != nil || !ok {
				return nil, false, err
			}
			if err := th.step(1); err != nil {
				return nil, false, err
			}
			ok, err = pass(stateOf(th), v)
			if err != nil || ok {
				return v, ok, err
			}
		}
	})
}

// run goes through the elements of v.
func (k *forCode) run(st *state, v any, again callable, depth int) error {
	it, err := iterate(v)
	if err != nil {
		return err
	}
	if k.test != nil {
		it = k.test.filter(st, it)
		v = it
	}
	var loop *loopVar
	if k.loop >= 0 {
		loop = &loopVar{st: &st.thread, iterable: v, it: it, index0: -1, depth0: depth, again: again}
		it = loop.Iterator()
	}
	empty := true
	for {
		x, ok, err := it.next(&st.thread)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := st.step(1); err != nil {
			return err
		}
		empty = false
		if err := k.pass(st, x, loop); err != nil {
			return err
		}
	}
	if !empty || k.alt == nil {
		return nil
	}
	if err := run(st, k.altLoad); err != nil {
		return err
	}
	return k.alt(st)
}

func (k *forCode) pass(st *state, x any, loop *loopVar) error {
	if err := k.target(st, x); err != nil {
		return err
	}
	if loop != nil {
		st.locals.vals[k.loop] = loop
	}
	if err := run(st, k.loads); err != nil {
		return err
	}
	return k.body(st)
}

// recursive makes the code of a loop that its body may call.
func (k *forCode) recursive(fn *function, escape bool) code {
	return func(st *state) error {
		v, err := k.iter(st)
		if err != nil {
			return err
		}
		r := &recursion{k: k, fn: fn, outer: st.locals, escape: escape}
		s, err := r.render(st, v, 0)
		if err != nil {
			return err
		}
		st.out = append(st.out, s...)
		return room(len(st.out))
	}
}

// recursion is a running recursive loop.
type recursion struct {
	k      *forCode
	fn     *function
	outer  *locals
	escape bool
}

func (r *recursion) render(st *state, v any, depth int) (string, error) {
	if st.calls++; st.calls > maxCalls {
		return "", raise(recursionError, "maximum recursion depth exceeded")
	}
	saved := st.locals
	defer func() { st.locals, st.calls = saved, st.calls-1 }()
	st.locals = newLocals(len(r.fn.slots), r.outer)
	return st.capture(func(st *state) error {
		return r.k.run(st, v, &level{r, depth + 1}, depth)
	})
}

// level is one depth of a recursive loop, which its loop variable calls.
type level struct {
	r     *recursion
	depth int
}

func (l *level) Call(th *thread, pos []any, kw []kwarg) (any, error) {
	if len(pos) != 1 || len(kw) > 0 {
		return nil, raiseType("loop takes one argument")
	}
	s, err := l.r.render(stateOf(th), pos[0], l.depth)
	if err != nil || !l.r.escape {
		return s, err
	}
	return markup(s), nil
}
