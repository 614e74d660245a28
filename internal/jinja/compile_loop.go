package jinja

import (
	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// forCode is a compiled loop.
type forCode struct {
	iter    expr
	test    *forTest                // nil: no condition
	target  func(*state, any) error // assigns an element to the loop's target
	loads   code                    // initializes the names of body
	body    code
	alt     code // the else branch; nil if absent
	altLoad code // initializes the names of alt
	loop    int  // slot of the loop variable, -1 if nothing uses it
	work    int  // steps of a pass
}

// work is the number of steps of code that can run many times: one, and one for every four
// operations in it.
func work(body []syntax.Stmt, test syntax.Node) int {
	const operations = 4
	n := 0
	count := func(syntax.Node) { n++ }
	syntax.WalkStmts(body, func(syntax.Stmt) { n++ }, count)
	syntax.WalkStmts([]syntax.Stmt{&syntax.Output{Exprs: []syntax.Node{test}}}, nil, count)
	return 1 + n/operations
}

// forTest is the condition of a loop. It is compiled as a function with local variables of its own.
type forTest struct {
	slots  *function
	target func(*state, any) error // assigns an element to the loop's target
	loads  code                    // initializes the names of test
	test   expr
	work   int // steps of an evaluation
}

func (c *compiler) forStmt(n *syntax.For, f frame) (code, error) {
	if assignsLoop(n) {
		return nil, exception.New(syntax.AssertionError, "can't assign to special loop variable in for-loop target")
	}
	k := &forCode{loop: -1, work: work(n.Body, n.Test)}
	var err error
	if k.iter, err = c.expr(n.Iter, f); err != nil {
		return nil, err
	}
	outer := f
	if n.Recursive {
		f.fn = &function{parent: f.fn, slots: map[ident]int{}}
	}
	if k.test, err = c.forTest(n, f); err != nil {
		return nil, err
	}
	if err = c.forBody(k, n, f); err != nil {
		return nil, err
	}
	alt := f.inner()
	alt.sc.visit(n.Alt)
	if len(n.Alt) > 0 {
		k.altLoad = c.enter(alt)
		if k.alt, err = c.stmts(n.Alt, alt); err != nil {
			return nil, err
		}
	}
	if n.Recursive {
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

func (c *compiler) forBody(k *forCode, n *syntax.For, f frame) error {
	in := f.inner()
	extended := n.Recursive || undeclaredIn(n.Body, "loop") || hasScopedBlock(n.Body) || hasScopedBlock(n.Alt)
	if extended {
		in.sc.declare("loop")
		k.loop = in.fn.slot(ident{in.sc.level, "loop"})
	}
	in.sc.assign(n.Target, true)
	in.sc.visit(n.Body)
	k.loads = c.enter(in)
	var err error
	if k.target, err = c.target(n.Target, in); err != nil {
		return err
	}
	k.body, err = c.stmts(n.Body, in)
	return err
}

func (c *compiler) forTest(n *syntax.For, f frame) (*forTest, error) {
	if n.Test == nil {
		return nil, nil
	}
	t := &forTest{slots: &function{parent: f.fn, slots: map[ident]int{}}, work: work(nil, n.Test)}
	in := f.inner()
	in.fn = t.slots
	in.sc.assign(n.Target, true)
	in.sc.expr(n.Test)
	t.loads = c.enter(in)
	var err error
	if t.target, err = c.target(n.Target, in); err != nil {
		return nil, err
	}
	t.test, err = c.expr(n.Test, in)
	return t, err
}

// filter returns an iterator over those elements of it that fulfil the condition.
func (t *forTest) filter(st *state, it *python.Iterator) *python.Iterator {
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
		return err == nil && value.Truth(ok), err
	}
	return python.Generator("filter", func(th *python.Thread) (any, bool, error) {
		for {
			v, ok, err := it.Next(th)
			if err != nil || !ok {
				return nil, false, err
			}
			if err := th.Step(t.work); err != nil {
				return nil, false, err
			}
			ok, err = pass(stateOf(th), v)
			if err != nil || ok {
				return v, ok, err
			}
		}
	})
}

// run runs the loop over the elements of v. again is what a call of the loop variable calls; it is
// nil unless the loop is recursive.
func (k *forCode) run(st *state, v any, again python.Callable, depth int) error {
	it, err := python.Iter(v)
	if err != nil {
		return err
	}
	if k.test != nil {
		it = k.test.filter(st, it)
		v = it
	}
	var loop *loopVar
	if k.loop >= 0 {
		loop = &loopVar{st: &st.Thread, iterable: v, it: it, index0: -1, depth0: depth, again: again}
		it = loop.Iterator()
	}
	empty := true
	for {
		x, ok, err := it.Next(&st.Thread)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := st.Step(k.work); err != nil {
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

// pass runs the body for one element.
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

// recursive compiles a recursive loop, whose body can call the loop variable to run the loop on
// other elements.
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
		return python.Room(len(st.out))
	}
}

// recursion is a running recursive loop.
type recursion struct {
	k      *forCode
	fn     *function
	outer  *locals // local variables around the loop
	escape bool    // the rendered text is Markup
}

func (r *recursion) render(st *state, v any, depth int) (string, error) {
	if st.calls++; st.calls > maxCalls {
		return "", exception.New(exception.RecursionError, "maximum recursion depth exceeded")
	}
	saved := st.locals
	defer func() { st.locals, st.calls = saved, st.calls-1 }()
	st.locals = newLocals(len(r.fn.slots), r.outer)
	return st.capture(func(st *state) error {
		return r.k.run(st, v, &level{r, depth + 1}, depth)
	})
}

// level is what the loop variable calls at one depth of a recursive loop.
type level struct {
	r     *recursion
	depth int
}

func (l *level) Call(th *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	if len(pos) != 1 || len(kw) > 0 {
		return nil, exception.TypeErrorf("loop takes one argument")
	}
	s, err := l.r.render(stateOf(th), pos[0], l.depth)
	if err != nil || !l.r.escape {
		return s, err
	}
	return pytext.Markup(s), nil
}
