package simpleeval

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/value"
)

// maxItems is how many elements the comprehensions of an expression may go through.
const maxItems = 10_000

// loop is a compiled "for target in iter if …".
type loop struct {
	n      *expression.For
	assign func(e *Evaluator, v any) error
	iter   code
	ifs    []code
}

func (c *compiler) comprehension(n *expression.Comprehension) code {
	if n.Kind == '{' && n.Key == nil {
		return fails(n, notAvailable, "a comprehension of a set is not available: write set([… for …])")
	}
	scope := map[string]int{}
	for i := range n.For {
		c.declare(n.For[i].Target, scope)
	}
	c.scopes = append(c.scopes, scope)
	var loops []loop
	for i := range n.For {
		f := &n.For[i]
		loops = append(loops, loop{n: f, assign: c.target(f.Target, scope), iter: c.node(f.Iter), ifs: c.nodes(f.Ifs)})
	}
	var key code
	if n.Key != nil {
		key = c.node(n.Key)
	}
	elt := c.node(n.Elt)
	c.scopes = c.scopes[:len(c.scopes)-1]
	return func(e *Evaluator) (any, error) {
		for _, slot := range scope {
			e.slots[slot] = unset
		}
		if key != nil {
			d := value.NewDict(0)
			err := run(e, loops, func() error {
				k, err := key(e)
				if err != nil {
					return err
				}
				v, err := elt(e)
				if err != nil {
					return err
				}
				return at(n, python.SetItem(&e.Thread, d, k, v))
			})
			return d, err
		}
		var items []any
		err := run(e, loops, func() error {
			v, err := elt(e)
			items = append(items, v)
			return err
		})
		return python.ListOf(items), err
	}
}

// declare gives the variables of a target their slots.
func (c *compiler) declare(target expression.Node, scope map[string]int) {
	switch t := target.(type) {
	case *expression.Name:
		if _, known := scope[t.Name]; !known {
			scope[t.Name] = c.slots
			c.slots++
		}
	case *expression.Sequence:
		for _, item := range t.Items {
			c.declare(item, scope)
		}
	}
}

// target compiles the assignment to the variables of a for. Where the numbers of variables and
// values differ, the rest of either is left alone.
func (c *compiler) target(target expression.Node, scope map[string]int) func(e *Evaluator, v any) error {
	if t, ok := target.(*expression.Name); ok {
		slot := scope[t.Name]
		return func(e *Evaluator, v any) error {
			e.slots[slot] = v
			return nil
		}
	}
	var parts []func(e *Evaluator, v any) error
	for _, item := range target.(*expression.Sequence).Items {
		parts = append(parts, c.target(item, scope))
	}
	return func(e *Evaluator, v any) error {
		vs, err := python.Collect(&e.Thread, v)
		if err != nil {
			return at(target, err)
		}
		for i := range min(len(parts), len(vs)) {
			if err := parts[i](e, vs[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// run runs loops in each other, and do in the innermost.
func run(e *Evaluator, loops []loop, do func() error) error {
	l := &loops[0]
	over, err := l.iter(e)
	if err != nil {
		return err
	}
	return at(l.n.Iter, python.Each(&e.Thread, over, func(v any) error {
		if e.items++; e.items > maxItems {
			return at(l.n.Iter, exception.New(tooLong, "the comprehensions have more than %d elements", maxItems))
		}
		if err := l.assign(e, v); err != nil {
			return err
		}
		for _, test := range l.ifs {
			ok, err := test(e)
			if err != nil || !value.Truth(ok) {
				return err
			}
		}
		if len(loops) > 1 {
			return run(e, loops[1:], do)
		}
		return do()
	}))
}
