package jinja

import (
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
type indexable interface{ Item(arg any) (any, error) }

// subscript is Python's v[arg].
func subscript(v, arg any) (any, error) {
	switch o := v.(type) {
	case *value.Dict:
		return dictItem(o, arg)
	case mapping:
		return dictItem(o.Dict(), arg)
	case *value.List:
		return seqItem(arg, o.Len(), o.At, func() any { return sliceItems(o.Values(), arg, false) })
	case value.Tuple:
		return seqItem(arg, len(o), func(i int) any { return o[i] }, func() any { return sliceItems(o, arg, true) })
	case value.Bytes:
		return seqItem(arg, len(o), func(i int) any { return int64(o[i]) }, func() any { return sliceBytes(o, arg) })
	case string:
		return textItem(o, arg)
	case tupleLike:
		return subscript(o.Tuple(), arg)
	case indexable:
		return o.Item(arg)
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
