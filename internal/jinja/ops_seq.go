package jinja

import (
	"math/big"
	"strings"

	"anytap/internal/value"
)

// sequenceOp joins and repeats text, lists and tuples, and combines sets.
func sequenceOp(st *thread, op Operator, a, b any) (v any, ok bool, err error) {
	switch op {
	case Add:
		return joinSequences(st, a, b)
	case Mul:
		if n, isInt := index(b); isInt {
			return repeat(st, a, n)
		}
		if n, isInt := index(a); isInt {
			return repeat(st, b, n)
		}
		return repeatTooOften(st, a, b)
	case Sub:
		return setDifference(st, a, b)
	}
	return nil, false, nil
}

func joinSequences(st *thread, a, b any) (any, bool, error) {
	switch x := a.(type) {
	case *value.List:
		if y, ok := b.(*value.List); ok {
			if err := st.step(x.Len() + y.Len()); err != nil {
				return nil, true, err
			}
			return listOf(append(x.Values(), y.Values()...)), true, nil
		}
	case value.Tuple:
		if y, ok := b.(value.Tuple); ok {
			t := append(append(make(value.Tuple, 0, len(x)+len(y)), x...), y...)
			return t, true, st.step(len(t))
		}
	case value.Bytes:
		if y, ok := b.(value.Bytes); ok {
			return append(append(value.Bytes{}, x...), y...), true, room(len(x) + len(y))
		}
	}
	x, xText := text(a)
	y, yText := text(b)
	if !xText || !yText {
		return nil, false, nil
	}
	_, xSafe := a.(markup)
	_, ySafe := b.(markup)
	switch {
	case xSafe && !ySafe:
		y = escapeHTML(y)
	case ySafe && !xSafe:
		x = escapeHTML(x)
	}
	return markup(x + y), true, room(len(x) + len(y))
}

func repeat(st *thread, v any, n int) (any, bool, error) {
	n = max(n, 0)
	if s, ok := text(v); ok {
		if len(s) > 0 && n > maxLen/len(s) {
			return nil, true, room(-1)
		}
		s = strings.Repeat(s, n)
		if _, safe := v.(markup); safe {
			return markup(s), true, nil
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
		if len(v) > 0 && n > maxLen/len(v) {
			return nil, true, room(-1)
		}
		return value.Bytes(strings.Repeat(string(v), n)), true, nil
	default:
		return nil, false, nil
	}
	if len(items) > 0 && n > maxSteps/len(items) {
		return nil, true, room(-1)
	}
	if err := st.step(n * len(items)); err != nil {
		return nil, true, err
	}
	out := make([]any, 0, n*len(items))
	for range n {
		out = append(out, items...)
	}
	if _, ok := v.(value.Tuple); ok {
		return value.Tuple(out), true, nil
	}
	return listOf(out), true, nil
}

// repeatTooOften is a sequence times an integer that is too large for that.
func repeatTooOften(st *thread, a, b any) (any, bool, error) {
	if _, ok := a.(*big.Int); ok {
		a, b = b, a
	}
	if _, ok := b.(*big.Int); !ok {
		return nil, false, nil
	}
	_, isSequence, _ := repeat(st, a, 0)
	return nil, isSequence, raise(overflowError, "cannot fit 'int' into an index-sized integer")
}

// setDifference is a - b of two sets, or where one is a dict view and the
// other anything that can be iterated over.
func setDifference(st *thread, a, b any) (any, bool, error) {
	x, xSet := setItems(a)
	y, ySet := setItems(b)
	_, xView := a.(*dictView)
	_, yView := b.(*dictView)
	if !(xSet && ySet) && !(xSet && xView) && !(ySet && yView) {
		return nil, false, nil
	}
	var err error
	if !xSet {
		if x, err = collect(st, a); err != nil {
			return nil, true, err
		}
	}
	if !ySet {
		if y, err = collect(st, b); err != nil {
			return nil, true, err
		}
	}
	out, drop := value.NewSet(), value.NewSet()
	for _, v := range y {
		if !drop.Add(v) {
			return nil, true, unhashable(v)
		}
	}
	for _, v := range x {
		if _, ok := key(v); !ok {
			return nil, true, unhashable(v)
		}
		if !drop.Has(v) {
			out.Add(v)
		}
	}
	return out, true, nil
}
