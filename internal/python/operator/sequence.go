package operator

import (
	"math/big"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// sequenceOp joins and repeats text, lists and tuples, and subtracts sets. ok is false if op does
// not apply.
func sequenceOp(th *python.Thread, op python.Operator, a, b any) (v any, ok bool, err error) {
	switch op {
	case python.Add:
		return joinSequences(th, a, b)
	case python.Mul:
		if n, isInt := number.Index(b); isInt {
			return repeat(th, a, n)
		}
		if n, isInt := number.Index(a); isInt {
			return repeat(th, b, n)
		}
		return repeatTooOften(th, a, b)
	case python.Sub:
		return setDifference(th, a, b)
	}
	return nil, false, nil
}

func joinSequences(th *python.Thread, a, b any) (any, bool, error) {
	switch x := a.(type) {
	case *value.List:
		if y, ok := b.(*value.List); ok {
			if err := th.Step(x.Len() + y.Len()); err != nil {
				return nil, true, err
			}
			return python.ListOf(append(x.Values(), y.Values()...)), true, nil
		}
	case value.Tuple:
		if y, ok := b.(value.Tuple); ok {
			t := append(append(make(value.Tuple, 0, len(x)+len(y)), x...), y...)
			return t, true, th.Step(len(t))
		}
	case value.Bytes:
		if y, ok := b.(value.Bytes); ok {
			return append(append(value.Bytes{}, x...), y...), true, python.Room(len(x) + len(y))
		}
	}
	x, xText := pytext.Of(a)
	y, yText := pytext.Of(b)
	if !xText || !yText {
		return nil, false, nil
	}
	_, xSafe := a.(pytext.Markup)
	_, ySafe := b.(pytext.Markup)
	switch {
	case xSafe && !ySafe:
		y = pytext.EscapeHTML(y)
	case ySafe && !xSafe:
		x = pytext.EscapeHTML(x)
	}
	return pytext.Markup(x + y), true, python.Room(len(x) + len(y))
}

func repeat(th *python.Thread, v any, n int) (any, bool, error) {
	n = max(n, 0)
	if s, ok := pytext.Of(v); ok {
		if len(s) > 0 && n > python.MaxLen/len(s) {
			return nil, true, python.Room(-1)
		}
		s = strings.Repeat(s, n)
		if _, safe := v.(pytext.Markup); safe {
			return pytext.Markup(s), true, nil
		}
		return s, true, nil
	}
	var items []any
	switch v := v.(type) {
	case *value.List:
		items = v.Values()
	case value.Tuple:
		items = v
	case value.Bytes:
		if len(v) > 0 && n > python.MaxLen/len(v) {
			return nil, true, python.Room(-1)
		}
		return value.Bytes(strings.Repeat(string(v), n)), true, nil
	default:
		return nil, false, nil
	}
	if len(items) > 0 && n > python.MaxSteps/len(items) {
		return nil, true, python.Room(-1)
	}
	if err := th.Step(n * len(items)); err != nil {
		return nil, true, err
	}
	out := make([]any, 0, n*len(items))
	for range n {
		out = append(out, items...)
	}
	if _, ok := v.(value.Tuple); ok {
		return value.Tuple(out), true, nil
	}
	return python.ListOf(out), true, nil
}

// repeatTooOften is a sequence times an int beyond 64 bits, which is an OverflowError.
func repeatTooOften(th *python.Thread, a, b any) (any, bool, error) {
	if _, ok := a.(*big.Int); ok {
		a, b = b, a
	}
	if _, ok := b.(*big.Int); !ok {
		return nil, false, nil
	}
	_, isSequence, _ := repeat(th, a, 0)
	return nil, isSequence, exception.New(exception.OverflowError, "cannot fit 'int' into an index-sized integer")
}

// setDifference is a - b of two sets, or of a dict view and any iterable.
func setDifference(th *python.Thread, a, b any) (any, bool, error) {
	x, xSet := python.SetItems(a)
	y, ySet := python.SetItems(b)
	_, xView := a.(*python.DictView)
	_, yView := b.(*python.DictView)
	if !(xSet && ySet) && !(xSet && xView) && !(ySet && yView) {
		return nil, false, nil
	}
	var err error
	if !xSet {
		if x, err = python.Collect(th, a); err != nil {
			return nil, true, err
		}
	}
	if !ySet {
		if y, err = python.Collect(th, b); err != nil {
			return nil, true, err
		}
	}
	out, drop := value.NewSet(), value.NewSet()
	for _, v := range y {
		if !drop.Add(v) {
			return nil, true, python.Unhashable(v)
		}
	}
	for _, v := range x {
		if _, err := python.Key(th, v); err != nil {
			return nil, true, err
		}
		if !drop.Has(v) {
			out.Add(v)
		}
	}
	return out, true, nil
}
