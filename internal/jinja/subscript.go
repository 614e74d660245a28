package jinja

import (
	"errors"
	"math/big"
	"strings"

	"anytap/internal/value"
)

// Errors of failed look-ups that are always turned into undefined values.
var (
	errNoKey   = &Error{Class: keyError, Msg: "key is not there"}
	errNoIndex = &Error{Class: indexError, Msg: "index out of range"}
	errNoItems = &Error{Class: typeError, Msg: "object is not subscriptable"}
	errBadKey  = &Error{Class: typeError, Msg: "indices must be integers or slices"}
)

// indexable is an object that has __getitem__.
type indexable interface{ item(arg any) (any, error) }

// subscript is Python's v[arg].
func subscript(v, arg any) (any, error) {
	switch o := v.(type) {
	case *value.Dict:
		return dictItem(o, arg)
	case mapping:
		return dictItem(o.dict(), arg)
	case *value.List:
		return seqItem(arg, o.Len(), o.At, func() any { return sliceItems(o.Values(), arg, false) })
	case value.Tuple:
		return seqItem(arg, len(o), func(i int) any { return o[i] }, func() any { return sliceItems(o, arg, true) })
	case value.Bytes:
		return seqItem(arg, len(o), func(i int) any { return int64(o[i]) }, func() any { return sliceBytes(o, arg) })
	case string:
		return textItem(o, arg)
	case tupleLike:
		return subscript(o.tuple(), arg)
	case indexable:
		return o.item(arg)
	case markup:
		x, err := textItem(string(o), arg)
		if s, ok := x.(string); ok {
			x = markup(s)
		}
		return x, err
	}
	if err := raised(v); err != nil {
		return nil, err
	}
	return nil, errNoItems
}

func dictItem(d *value.Dict, arg any) (any, error) {
	if s, ok := text(arg); ok {
		if x, ok := d.Get(s); ok {
			return x, nil
		}
		return nil, errNoKey
	}
	if _, ok := key(arg); !ok {
		return nil, unhashable(arg)
	}
	if x, ok := d.GetKey(arg); ok {
		return x, nil
	}
	return nil, errNoKey
}

// seqItem takes one element, or with a slice argument what slice gives.
func seqItem(arg any, n int, at func(int) any, slice func() any) (any, error) {
	if _, ok := arg.(*sliceVal); ok {
		x := slice()
		if err, ok := x.(error); ok {
			return nil, err
		}
		return x, nil
	}
	i, err := position(arg, n)
	if err != nil {
		return nil, err
	}
	return at(i), nil
}

func position(arg any, n int) (int, error) {
	i, ok := index(arg)
	if !ok {
		if _, big := arg.(*big.Int); big {
			return 0, errNoIndex
		}
		return 0, errBadKey
	}
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return 0, errNoIndex
	}
	return i, nil
}

// textItem takes characters of a text.
func textItem(s string, arg any) (any, error) {
	if isASCII(s) {
		return seqItem(arg, len(s), func(i int) any { return s[i : i+1] }, func() any { return sliceASCII(s, arg) })
	}
	chars := characters(s)
	return seqItem(arg, len(chars), func(i int) any { return chars[i] }, func() any {
		idx, err := sliceIndices(arg, len(chars))
		if err != nil {
			return err
		}
		var b strings.Builder
		for _, i := range idx {
			b.WriteString(chars[i])
		}
		return b.String()
	})
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func characters(s string) []string {
	chars := make([]string, 0, len(s))
	for s != "" {
		n := runeLen(s)
		chars = append(chars, s[:n])
		s = s[n:]
	}
	return chars
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
