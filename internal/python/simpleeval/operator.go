package simpleeval

import (
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

var arithmetic = map[string]python.Operator{
	"+": python.Add, "-": python.Sub, "*": python.Mul, "/": python.Div, "//": python.FloorDiv, "%": python.Mod, "**": python.Pow,
}

func (c *compiler) binary(n *expression.Binary) code {
	l, r := c.node(n.L), c.node(n.R)
	apply, name := bits, n.Op
	if op, ok := arithmetic[n.Op]; ok {
		apply = func(th *python.Thread, _ string, a, b any) (any, error) { return calculate(th, op, a, b) }
	} else if n.Op == "@" {
		return fails(n, noOperator, "the operator @ is not available")
	}
	return func(e *Evaluator) (any, error) {
		a, err := l(e)
		if err != nil {
			return nil, err
		}
		b, err := r(e)
		if err != nil {
			return nil, err
		}
		v, err := apply(&e.Thread, name, a, b)
		if err != nil {
			return nil, at(n, err)
		}
		return v, nil
	}
}

// maxPower is how large the base and the exponent of a power may be.
const maxPower = 4_000_000

// calculate is a op b within simpleeval's limits.
func calculate(th *python.Thread, op python.Operator, a, b any) (any, error) {
	switch op {
	case python.Add:
		if x, ok := size(a); ok {
			if y, ok := size(b); ok && x+y > maxText {
				return nil, exception.New(tooLong, "the two together have more than %d elements", maxText)
			}
		}
	case python.Mul:
		for _, pair := range [2][2]any{{a, b}, {b, a}} {
			n, sized := size(pair[0])
			if times, ok := number.Of(pair[1]); sized && ok && product(n, times) > maxText {
				return nil, exception.New(tooLong, "the result has more than %d elements", maxText)
			}
		}
	case python.Pow:
		for _, v := range [2]any{a, b} {
			if n, ok := number.Of(v); ok && exceeds(n, maxPower) {
				return nil, exception.New(numberTooHigh, "%s ** %s is too large", python.Brief(a), python.Brief(b))
			}
		}
	}
	return operator.Binary(th, op, a, b)
}

// size is len(v); ok is false for what has none.
func size(v any) (n int, ok bool) {
	switch x := v.(type) {
	case nil, bool, int64, float64, *big.Int:
		return 0, false
	case string:
		if len(x) <= maxText {
			return len(x), true // at least the number of characters
		}
		return pytext.Len(x), true
	}
	n, err := python.Len(v)
	return n, err == nil
}

func product(n int, times any) float64 {
	f, err := number.ToFloat(times)
	if err != nil {
		return maxText + 1
	}
	return float64(n) * f
}

// exceeds reports whether |n| > most.
func exceeds(n any, most int64) bool {
	switch n := n.(type) {
	case int64:
		return n > most || n < -most
	case float64:
		return n > float64(most) || n < -float64(most)
	}
	_, isBig := n.(*big.Int)
	return isBig
}

func (c *compiler) unary(n *expression.Unary) code {
	x := c.node(n.X)
	apply := map[string]func(v any) (any, error){
		"not": func(v any) (any, error) { return !value.Truth(v), nil },
		"-":   func(v any) (any, error) { return operator.Unary(true, v) },
		"+":   func(v any) (any, error) { return operator.Unary(false, v) },
		"~":   invert,
	}[n.Op]
	return func(e *Evaluator) (any, error) {
		v, err := x(e)
		if err != nil {
			return nil, err
		}
		v, err = apply(v)
		return v, at(n, err)
	}
}

// logic compiles and and or, whose result is one of the operands.
func (c *compiler) logic(n *expression.Logic) code {
	xs, stop := c.nodes(n.Xs), n.Or
	return func(e *Evaluator) (v any, err error) {
		for _, x := range xs {
			if v, err = x(e); err != nil || value.Truth(v) == stop {
				break
			}
		}
		return v, err
	}
}

var comparisons = map[string]python.Comparison{
	"==": python.Eq, "!=": python.Ne, "<": python.Lt, "<=": python.Le, ">": python.Gt, ">=": python.Ge, "in": python.In, "not in": python.NotIn,
}

func (c *compiler) compare(n *expression.Compare) code {
	first, rest := c.node(n.First), c.nodes(n.Rest)
	tests := make([]func(th *python.Thread, a, b any) (bool, error), len(n.Ops))
	for i, name := range n.Ops {
		switch op, known := comparisons[name]; {
		case known:
			tests[i] = func(th *python.Thread, a, b any) (bool, error) { return python.Compare(th, op, a, b) }
		default:
			is := name == "is"
			tests[i] = func(_ *python.Thread, a, b any) (bool, error) { return same(a, b) == is, nil }
		}
	}
	return func(e *Evaluator) (any, error) {
		a, err := first(e)
		if err != nil {
			return nil, err
		}
		for i, r := range rest {
			b, err := r(e)
			if err != nil {
				return nil, err
			}
			ok, err := tests[i](&e.Thread, a, b)
			if err != nil {
				return nil, at(n, err)
			}
			if !ok {
				return false, nil
			}
			a = b
		}
		return true, nil
	}
}

// same is a is b.
func same(a, b any) bool {
	if x, ok := a.(value.Object); ok {
		y, ok := b.(value.Object)
		return ok && x == y
	}
	return python.Is(a, b)
}
