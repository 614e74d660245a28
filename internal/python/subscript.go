package python

import (
	"math/big"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Errors of failed look-ups. Templates turn all of them into undefined values, so they are made
// once and do not name the key.
var (
	ErrNoKey   = &exception.Error{Class: exception.KeyError, Msg: "key is not there"}
	ErrNoIndex = &exception.Error{Class: exception.IndexError, Msg: "index out of range"}
	ErrNoItems = &exception.Error{Class: exception.TypeError, Msg: "object is not subscriptable"}
	errBadKey  = &exception.Error{Class: exception.TypeError, Msg: "indices must be integers or slices"}
)

// GetItem is Python's v[arg]; arg may be a *Slice.
func GetItem(th *Thread, v, arg any) (any, error) {
	if _, ok := arg.(*Slice); ok {
		if err := th.Spend(v); err != nil {
			return nil, err
		}
	}
	switch o := v.(type) {
	case *value.Dict:
		return DictItem(th, o, arg)
	case Mapping:
		return DictItem(th, o.Dict(), arg)
	case *value.List:
		return seqItem(arg, o.Len(), o.At, func() any { return sliceItems(o.Values(), arg, false) })
	case value.Tuple:
		return seqItem(arg, len(o), func(i int) any { return o[i] }, func() any { return sliceItems(o, arg, true) })
	case value.Bytes:
		return seqItem(arg, len(o), func(i int) any { return int64(o[i]) }, func() any { return sliceBytes(o, arg) })
	case string:
		return textItem(th, o, arg)
	case TupleLike:
		return GetItem(th, o.Tuple(), arg)
	case Indexable:
		return o.Item(arg)
	case pytext.Markup:
		x, err := textItem(th, string(o), arg)
		if s, ok := x.(string); ok {
			x = pytext.Markup(s)
		}
		return x, err
	}
	if err := exception.Raised(v); err != nil {
		return nil, err
	}
	return nil, ErrNoItems
}

// seqItem gives one element, or the result of slice if arg is a *Slice.
func seqItem(arg any, n int, at func(int) any, slice func() any) (any, error) {
	if _, ok := arg.(*Slice); ok {
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
	i, ok := number.Index(arg)
	if !ok {
		if _, big := arg.(*big.Int); big {
			return 0, ErrNoIndex
		}
		return 0, errBadKey
	}
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return 0, ErrNoIndex
	}
	return i, nil
}

// textItem gives characters of a text.
func textItem(th *Thread, s string, arg any) (any, error) {
	if err := th.SpendText(len(s)); err != nil {
		return nil, err
	}
	if pytext.IsASCII(s) {
		return seqItem(arg, len(s), func(i int) any { return s[i : i+1] }, func() any { return sliceASCII(s, arg) })
	}
	n := pytext.Len(s)
	return seqItem(arg, n, func(i int) any {
		s := s[len(pytext.Prefix(s, i)):]
		return s[:pytext.RuneLen(s)]
	}, func() any { return sliceText(th, s, n, arg) })
}
