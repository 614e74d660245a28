package jinja

import (
	"strings"

	"anytap/internal/value"
)

// iterator is a Python iterator: a generator or what iter() and reversed()
// give. It can be gone through once.
type iterator struct {
	plain
	kind string
	next func(st *thread) (v any, ok bool, err error)
}

// TypeName is part of value.Object.
func (it *iterator) TypeName() string {
	name, _, _ := strings.Cut(it.kind, " ")
	return name
}

// Repr is part of value.Object.
func (it *iterator) Repr() string { return "<" + it.kind + " at " + address(it) + ">" }

// Str is part of value.Object.
func (it *iterator) Str() string { return it.Repr() }

// generator makes an iterator that prints as a generator function's result.
func generator(name string, next func(st *thread) (any, bool, error)) *iterator {
	return &iterator{kind: "generator object " + name, next: next}
}

func sliceIterator(kind string, items []any) *iterator {
	i := 0
	return &iterator{kind: kind + " object", next: func(*thread) (any, bool, error) {
		if i >= len(items) {
			return nil, false, nil
		}
		i++
		return items[i-1], true, nil
	}}
}

// iterate is Python's iter().
func iterate(v any) (*iterator, error) {
	switch v := v.(type) {
	case *iterator:
		return v, nil
	case *value.List:
		i := 0
		return &iterator{kind: "list_iterator object", next: func(*thread) (any, bool, error) {
			if i >= v.Len() {
				return nil, false, nil
			}
			i++
			return v.At(i - 1), true, nil
		}}, nil
	case value.Tuple:
		return sliceIterator("tuple_iterator", v), nil
	case *value.Dict:
		return sliceIterator("dict_keyiterator", dictKeys(v)), nil
	case *value.Set:
		return sliceIterator("set_iterator", v.Values()), nil
	case *dictView:
		return sliceIterator("dict_"+v.kind+"iterator", v.items()), nil
	case value.Bytes:
		items := make([]any, len(v))
		for i, c := range v {
			items[i] = int64(c)
		}
		return sliceIterator("bytes_iterator", items), nil
	case mapping:
		return sliceIterator("generator", dictKeys(v.Dict())), nil
	case iterable:
		return v.Iterator(), nil
	case tupleLike:
		return sliceIterator("tuple_iterator", v.Tuple()), nil
	}
	if s, ok := text(v); ok {
		return textIterator(s), nil
	}
	return nil, raiseType("'%s' object is not iterable", value.TypeName(v))
}

func textIterator(s string) *iterator {
	return &iterator{kind: "str_iterator object", next: func(*thread) (any, bool, error) {
		if s == "" {
			return nil, false, nil
		}
		n := runeLen(s)
		c := s[:n]
		s = s[n:]
		return c, true, nil
	}}
}

// collect is Python's list().
func collect(st *thread, v any) ([]any, error) {
	switch v := v.(type) {
	case *value.List:
		return v.Values(), st.step(v.Len())
	case value.Tuple:
		return append([]any(nil), v...), st.step(len(v))
	}
	it, err := iterate(v)
	if err != nil {
		return nil, err
	}
	var items []any
	for {
		x, ok, err := it.next(st)
		if err != nil || !ok {
			return items, err
		}
		if err := st.step(1); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
}

// each calls f for each element of v.
func each(st *thread, v any, f func(any) error) error {
	it, err := iterate(v)
	if err != nil {
		return err
	}
	for {
		x, ok, err := it.next(st)
		if err != nil || !ok {
			return err
		}
		if err := st.step(1); err != nil {
			return err
		}
		if err := f(x); err != nil {
			return err
		}
	}
}

// listOf makes a list of values, taking the slice over.
func listOf(items []any) *value.List {
	l := value.NewList()
	for _, v := range items {
		l.Append(v)
	}
	return l
}

// iterable is an object that can be gone through: it has __iter__.
type iterable interface{ Iterator() *iterator }

// tupleLike is a tuple whose elements have names.
type tupleLike interface{ Tuple() value.Tuple }
