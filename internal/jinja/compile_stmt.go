package jinja

import (
	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// stmts compiles a list of statements.
func (c *compiler) stmts(body []syntax.Stmt, f frame) (code, error) {
	var codes []code
	for _, s := range body {
		k, err := c.stmt(s, f)
		if err != nil {
			return nil, err
		}
		codes = append(codes, k)
	}
	if len(codes) == 1 {
		return codes[0], nil
	}
	return func(st *state) error {
		for _, k := range codes {
			if err := k(st); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (c *compiler) stmt(s syntax.Stmt, f frame) (code, error) {
	switch n := s.(type) {
	case *syntax.Data:
		return write(n.Text), nil
	case *syntax.Output:
		return c.output(n, f)
	case *syntax.If:
		return c.ifStmt(n, f)
	case *syntax.For:
		return c.forStmt(n, f)
	case *syntax.Set:
		return c.set(n, f)
	case *syntax.SetBlock:
		return c.setBlock(n, f)
	case *syntax.With:
		return c.with(n, f)
	case *syntax.Macro:
		return c.macroStmt(n, f)
	case *syntax.CallBlock:
		return c.callBlock(n, f)
	case *syntax.FilterBlock:
		return c.filterBlock(n, f)
	case *syntax.Block:
		return c.block(n, f)
	case *syntax.Autoescape:
		return c.autoescape(n, f)
	case *syntax.Load:
		return c.load(n, f)
	}
	return nil, exception.New(runtimeError, "unknown statement")
}

func write(text string) code {
	return func(st *state) error { return st.write(text) }
}

// write adds text to the output.
func (st *state) write(text string) error {
	if err := st.SpendText(len(text)); err != nil {
		return err
	}
	st.out = append(st.out, text...)
	return python.Room(len(st.out))
}

// output compiles a print statement. It converts constants to text at compile time.
func (c *compiler) output(n *syntax.Output, f frame) (code, error) {
	var codes []code
	for _, x := range n.Exprs {
		if v, err := c.fold(x); err == nil && constantText(v) && !f.escape {
			if s, err := textOf(v); err == nil {
				codes = append(codes, write(s))
				continue
			}
		}
		e, err := c.expr(x, f)
		if err != nil {
			return nil, err
		}
		codes = append(codes, printer(e, f.escape))
	}
	if len(codes) == 1 {
		return codes[0], nil
	}
	return func(st *state) error {
		for _, k := range codes {
			if err := k(st); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func printer(e expr, escape bool) code {
	return func(st *state) error {
		v, err := e(st)
		if err != nil {
			return err
		}
		if escape {
			m, err := escaped(&st.Thread, v)
			if err != nil {
				return err
			}
			return st.write(string(m))
		}
		if s, ok := v.(string); ok {
			return st.write(s)
		}
		if st.out, err = python.AppendStr(&st.Thread, st.out, v); err != nil {
			return err
		}
		return python.Room(len(st.out))
	}
}

func (c *compiler) ifStmt(n *syntax.If, f frame) (code, error) {
	f.soft = true
	type branch struct {
		test expr
		body code
	}
	var branches []branch
	for _, b := range append([]*syntax.If{n}, n.Elifs...) {
		test, err := c.expr(b.Test, f)
		if err != nil {
			return nil, err
		}
		body, err := c.stmts(b.Body, f)
		if err != nil {
			return nil, err
		}
		branches = append(branches, branch{test, body})
	}
	alt, err := c.stmts(n.Alt, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) error {
		for _, b := range branches {
			v, err := b.test(st)
			if err != nil {
				return err
			}
			if value.Truth(v) {
				return b.body(st)
			}
		}
		return alt(st)
	}, nil
}

// target compiles an assignment target to a function that assigns a value to it.
func (c *compiler) target(n syntax.Node, f frame) (func(*state, any) error, error) {
	switch n := n.(type) {
	case *syntax.Name:
		id, ok := f.sc.find(n.Name)
		if !ok {
			return nil, exception.New(exception.AssertionError, "name %s is unknown", value.Repr(n.Name))
		}
		i, name, public := f.fn.slot(id), n.Name, f.toplevel && len(c.blocks) > 0
		return func(st *state, v any) error {
			st.locals.vals[i] = v
			if public {
				st.publish(name, v)
			}
			return nil
		}, nil
	case *syntax.NamespaceAttr:
		ref, err := c.name(n.Name, f)
		if err != nil {
			return nil, err
		}
		return func(st *state, v any) error {
			x, err := ref(st)
			if err != nil {
				return err
			}
			if ns, ok := x.(*namespace); ok {
				ns.attrs.Set(n.Attr, v)
			}
			return nil
		}, nil
	case *syntax.Tuple:
		return c.unpack(n, f)
	}
	return nil, exception.New(runtimeError, "can't assign to this expression")
}

// publish makes a top-level variable visible to blocks.
func (st *state) publish(name string, v any) {
	if st.vars == nil {
		st.vars = map[string]any{}
	}
	st.vars[name] = v
}

func (c *compiler) unpack(n *syntax.Tuple, f frame) (func(*state, any) error, error) {
	var targets []func(*state, any) error
	for _, item := range n.Items {
		t, err := c.target(item, f)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return func(st *state, v any) error {
		it, err := python.Iter(v)
		if err != nil {
			return exception.TypeErrorf("cannot unpack non-iterable %s object", value.TypeName(v))
		}
		items := make([]any, 0, len(targets))
		for {
			x, ok, err := it.Next(&st.Thread)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			if len(items) == len(targets) {
				return exception.ValueErrorf("too many values to unpack (expected %d)", len(targets))
			}
			items = append(items, x)
		}
		if len(items) < len(targets) {
			return exception.ValueErrorf("not enough values to unpack (expected %d, got %d)", len(targets), len(items))
		}
		for i, t := range targets {
			if err := t(st, items[i]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// namespaces compiles the check that attributes are assigned only to namespaces. Jinja checks it
// before it evaluates the value.
func (c *compiler) namespaces(target syntax.Node, f frame) (code, error) {
	var refs []expr
	var err error
	syntax.Walk(target, func(n syntax.Node) bool {
		if ns, ok := n.(*syntax.NamespaceAttr); ok && err == nil {
			var ref expr
			ref, err = c.name(ns.Name, f)
			refs = append(refs, ref)
		}
		return true
	})
	return func(st *state) error {
		for _, ref := range refs {
			v, err := ref(st)
			if err != nil {
				return err
			}
			if _, ok := v.(*namespace); !ok {
				return exception.New(runtimeError, "cannot assign attribute on non-namespace object")
			}
		}
		return nil
	}, err
}

func (c *compiler) set(n *syntax.Set, f frame) (code, error) {
	check, err := c.namespaces(n.Target, f)
	if err != nil {
		return nil, err
	}
	val, err := c.expr(n.Val, f)
	if err != nil {
		return nil, err
	}
	target, err := c.target(n.Target, f)
	if err != nil {
		return nil, err
	}
	return func(st *state) error {
		if err := check(st); err != nil {
			return err
		}
		v, err := val(st)
		if err != nil {
			return err
		}
		return target(st, v)
	}, nil
}

// capture runs code and returns its output.
func (st *state) capture(k code) (string, error) {
	saved := st.out
	st.out = nil
	err := k(st)
	s := string(st.out)
	st.out = saved
	return s, err
}

func (c *compiler) setBlock(n *syntax.SetBlock, f frame) (code, error) {
	in := f.inner()
	in.sc.visit(n.Body)
	target, err := c.target(n.Target, f)
	if err != nil {
		return nil, err
	}
	return c.filtered(n.Body, n.Filter, in, target)
}

// run runs code that may be nil.
func run(st *state, k code) error {
	if k == nil {
		return nil
	}
	return k(st)
}

// captured compiles the filters that apply to a captured text. n is nil if there are none.
func (c *compiler) captured(n *syntax.Filter, f frame) (func(*state, string) (any, error), error) {
	safe := func(s string) any {
		if f.escape {
			return pytext.Markup(s)
		}
		return s
	}
	if n == nil {
		return func(_ *state, s string) (any, error) { return safe(s), nil }, nil
	}
	apply, err := c.expr(n, f)
	if err != nil {
		return nil, err
	}
	return func(st *state, s string) (any, error) {
		st.captured = append(st.captured, safe(s))
		v, err := apply(st)
		st.captured = st.captured[:len(st.captured)-1]
		return v, err
	}, nil
}
