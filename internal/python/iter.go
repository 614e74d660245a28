package python

import (
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Iterator is a Python iterator, such as a generator or the result of iter(). It can be used once.
type Iterator struct {
	Truthy
	Kind string                                       // as repr shows it, for example "list_iterator object"
	Next func(th *Thread) (v any, ok bool, err error) // ok is false at the end
}

// TypeName is part of value.Object.
func (it *Iterator) TypeName() string {
	name, _, _ := strings.Cut(it.Kind, " ")
	return name
}

// Repr is part of value.Object.
func (it *Iterator) Repr() string { return "<" + it.Kind + " at " + Address(it) + ">" }

// Str is part of value.Object.
func (it *Iterator) Str() string { return it.Repr() }

// Generator makes an iterator whose repr is that of a generator of the function name.
func Generator(name string, next func(th *Thread) (any, bool, error)) *Iterator {
	return &Iterator{Kind: "generator object " + name, Next: next}
}

// IteratorOf makes an iterator of items; kind is the name of its type.
func IteratorOf(kind string, items []any) *Iterator {
	i := 0
	return &Iterator{Kind: kind + " object", Next: func(*Thread) (any, bool, error) {
		if i >= len(items) {
			return nil, false, nil
		}
		i++
		return items[i-1], true, nil
	}}
}

// Iter is Python's iter(v).
func Iter(v any) (*Iterator, error) {
	switch v := v.(type) {
	case *Iterator:
		return v, nil
	case *value.List:
		i := 0
		return &Iterator{Kind: "list_iterator object", Next: func(*Thread) (any, bool, error) {
			if i >= v.Len() {
				return nil, false, nil
			}
			i++
			return v.At(i - 1), true, nil
		}}, nil
	case value.Tuple:
		return IteratorOf("tuple_iterator", v), nil
	case *value.Dict:
		return IteratorOf("dict_keyiterator", DictKeys(v)), nil
	case *value.Set:
		return IteratorOf("set_iterator", v.Values()), nil
	case *DictView:
		return IteratorOf("dict_"+v.Kind+"iterator", v.Items()), nil
	case value.Bytes:
		items := make([]any, len(v))
		for i, c := range v {
			items[i] = int64(c)
		}
		return IteratorOf("bytes_iterator", items), nil
	case Mapping:
		return IteratorOf("generator", DictKeys(v.Dict())), nil
	case Iterable:
		return v.Iterator(), nil
	case TupleLike:
		return IteratorOf("tuple_iterator", v.Tuple()), nil
	}
	if s, ok := pytext.Of(v); ok {
		return textIterator(s), nil
	}
	return nil, exception.TypeErrorf("'%s' object is not iterable", value.TypeName(v))
}

func textIterator(s string) *Iterator {
	return &Iterator{Kind: "str_iterator object", Next: func(*Thread) (any, bool, error) {
		if s == "" {
			return nil, false, nil
		}
		n := pytext.RuneLen(s)
		c := s[:n]
		s = s[n:]
		return c, true, nil
	}}
}

// Collect is Python's list(v).
func Collect(th *Thread, v any) ([]any, error) {
	switch v := v.(type) {
	case *value.List:
		return v.Values(), th.Step(v.Len())
	case value.Tuple:
		return append([]any(nil), v...), th.Step(len(v))
	}
	it, err := Iter(v)
	if err != nil {
		return nil, err
	}
	var items []any
	for {
		x, ok, err := it.Next(th)
		if err != nil || !ok {
			return items, err
		}
		if err := th.Step(1); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
}

// Each calls f for each element of v.
func Each(th *Thread, v any, f func(any) error) error {
	it, err := Iter(v)
	if err != nil {
		return err
	}
	for {
		x, ok, err := it.Next(th)
		if err != nil || !ok {
			return err
		}
		if err := th.Step(1); err != nil {
			return err
		}
		if err := f(x); err != nil {
			return err
		}
	}
}

// ListOf makes a list of items.
func ListOf(items []any) *value.List {
	l := value.NewList()
	for _, v := range items {
		l.Append(v)
	}
	return l
}
