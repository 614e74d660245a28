package jinja

import (
	"errors"
	"math/big"

	"anytap/internal/value"
)

// sliceVal is a slice object "start:stop:step".
type sliceVal struct {
	plain
	start, stop, step any
}

// TypeName is part of value.Object.
func (*sliceVal) TypeName() string { return "slice" }

// Repr is part of value.Object.
func (s *sliceVal) Repr() string {
	return "slice(" + value.Repr(s.start) + ", " + value.Repr(s.stop) + ", " + value.Repr(s.step) + ")"
}

// Str is part of value.Object.
func (s *sliceVal) Str() string { return s.Repr() }

// bounds resolves a slice for a sequence of n elements.
func (s *sliceVal) bounds(n int) (start, stop, step int, err error) {
	step = 1
	if s.step != nil {
		if step, err = sliceIndex(s.step); err != nil {
			return 0, 0, 0, err
		}
		if step == 0 {
			return 0, 0, 0, raiseValue("slice step cannot be zero")
		}
		step = max(min(step, maxLen), -maxLen)
	}
	low, high := 0, n
	if step < 0 {
		low, high = -1, n-1
	}
	start, stop = low, high
	if step < 0 {
		start, stop = high, low
	}
	clamp := func(v any, i *int) error {
		if v == nil {
			return nil
		}
		x, err := sliceIndex(v)
		if err != nil {
			return err
		}
		if x < 0 {
			x += n
		}
		*i = max(low, min(high, x))
		return nil
	}
	if err = clamp(s.start, &start); err == nil {
		err = clamp(s.stop, &stop)
	}
	return start, stop, step, err
}

func sliceIndex(v any) (int, error) {
	if n, ok := index(v); ok {
		return max(min(n, 1<<40), -1<<40), nil
	}
	if b, ok := v.(*big.Int); ok {
		return b.Sign() << 40, nil
	}
	return 0, raiseType("slice indices must be integers or None or have an __index__ method")
}

func sliceIndices(arg any, n int) ([]int, error) {
	start, stop, step, err := arg.(*sliceVal).bounds(n)
	if err != nil {
		return nil, err
	}
	var idx []int
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		idx = append(idx, i)
	}
	return idx, nil
}

func sliceItems(items []any, arg any, tuple bool) any {
	idx, err := sliceIndices(arg, len(items))
	if err != nil {
		return err
	}
	out := make([]any, len(idx))
	for i, j := range idx {
		out[i] = items[j]
	}
	if tuple {
		return value.Tuple(out)
	}
	return listOf(out)
}

func sliceASCII(s string, arg any) any {
	sl := arg.(*sliceVal)
	start, stop, step, err := sl.bounds(len(s))
	if err != nil {
		return err
	}
	if step == 1 {
		if start >= stop {
			return ""
		}
		return s[start:stop]
	}
	b := make([]byte, 0, len(s))
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		b = append(b, s[i])
	}
	return string(b)
}

func sliceBytes(b value.Bytes, arg any) any {
	x := sliceASCII(string(b), arg)
	if s, ok := x.(string); ok {
		return value.Bytes(s)
	}
	return x
}

// slice is the template's "v[a:b:c]", which has no fallback to attributes.
func slice(v any, s *sliceVal) (any, error) {
	x, err := subscript(v, s)
	switch {
	case errors.Is(err, errNoKey):
		return nil, unhashable(s)
	case errors.Is(err, errNoItems):
		return nil, raiseType("'%s' object is not subscriptable", value.TypeName(v))
	}
	return x, err
}
