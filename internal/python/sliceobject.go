package python

import (
	"errors"
	"math/big"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Slice is a slice object "start:stop:step". A part that is nil is absent.
type Slice struct {
	Truthy
	Start, Stop, Step any
}

// TypeName is part of value.Object.
func (*Slice) TypeName() string { return "slice" }

// Repr is part of value.Object.
func (s *Slice) Repr() string {
	return "slice(" + value.Repr(s.Start) + ", " + value.Repr(s.Stop) + ", " + value.Repr(s.Step) + ")"
}

// Held is part of Holder.
func (s *Slice) Held() any { return value.Tuple{s.Start, s.Stop, s.Step} }

// Str is part of value.Object.
func (s *Slice) Str() string { return s.Repr() }

// Bounds gives the slice's indices in a sequence of n elements. The indices are start, start+step
// and so on, before stop.
func (s *Slice) Bounds(n int) (start, stop, step int, err error) {
	step = 1
	if s.Step != nil {
		if step, err = sliceIndex(s.Step); err != nil {
			return 0, 0, 0, err
		}
		if step == 0 {
			return 0, 0, 0, exception.ValueErrorf("slice step cannot be zero")
		}
		step = max(min(step, MaxLen), -MaxLen)
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
	if err = clamp(s.Start, &start); err == nil {
		err = clamp(s.Stop, &stop)
	}
	return start, stop, step, err
}

func sliceIndex(v any) (int, error) {
	if n, ok := number.Index(v); ok {
		return max(min(n, 1<<40), -1<<40), nil
	}
	if b, ok := v.(*big.Int); ok {
		return b.Sign() << 40, nil
	}
	return 0, exception.TypeErrorf("slice indices must be integers or None or have an __index__ method")
}

func sliceIndices(arg any, n int) ([]int, error) {
	start, stop, step, err := arg.(*Slice).Bounds(n)
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
	return ListOf(out)
}

func sliceASCII(s string, arg any) any {
	sl := arg.(*Slice)
	start, stop, step, err := sl.Bounds(len(s))
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

// sliceText slices a text of n characters, some of which are longer than a byte.
func sliceText(th *Thread, s string, n int, arg any) any {
	start, stop, step, err := arg.(*Slice).Bounds(n)
	if err != nil {
		return err
	}
	if step == 1 {
		s = s[len(pytext.Prefix(s, start)):]
		return pytext.Prefix(s, max(stop-start, 0))
	}
	if err := th.Step(n); err != nil {
		return err
	}
	chars := pytext.Characters(s)
	var b strings.Builder
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		b.WriteString(chars[i])
	}
	return b.String()
}

func sliceBytes(b value.Bytes, arg any) any {
	x := sliceASCII(string(b), arg)
	if s, ok := x.(string); ok {
		return value.Bytes(s)
	}
	return x
}

// GetSlice is Python's v[a:b:c].
func GetSlice(th *Thread, v any, s *Slice) (any, error) {
	x, err := GetItem(th, v, s)
	switch {
	case errors.Is(err, ErrNoKey):
		return nil, Unhashable(s)
	case errors.Is(err, ErrNoItems):
		return nil, exception.TypeErrorf("'%s' object is not subscriptable", value.TypeName(v))
	}
	return x, err
}
