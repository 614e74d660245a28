package jinja

import (
	"strings"
	"unicode/utf8"

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
		return sliceIterator("generator", dictKeys(v.dict())), nil
	case iterable:
		return v.iterator(), nil
	case tupleLike:
		return sliceIterator("tuple_iterator", v.tuple()), nil
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

func dictKeys(d *value.Dict) []any {
	keys := make([]any, 0, d.Len())
	for k := range d.AllKeys() {
		keys = append(keys, k)
	}
	return keys
}

// listOf makes a list of values, taking the slice over.
func listOf(items []any) *value.List {
	l := value.NewList()
	for _, v := range items {
		l.Append(v)
	}
	return l
}

// runeLen is the length of the first character, which may be a surrogate.
func runeLen(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, n := decodeRune(s)
	return n
}

// decodeRune is utf8.DecodeRuneInString that knows surrogates in three bytes.
func decodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xed && s[1]&0xe0 == 0xa0 && s[2]&0xc0 == 0x80 {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	}
	return r, n
}

// length counts the characters of a text.
func length(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		i += runeLen(s[i:])
	}
	return n
}

// pyLen is Python's len().
func pyLen(v any) (int, error) {
	switch v := v.(type) {
	case string:
		return length(v), nil
	case *value.List:
		return v.Len(), nil
	case *value.Dict:
		return v.Len(), nil
	case value.Tuple:
		return len(v), nil
	case *value.Set:
		return v.Len(), nil
	case value.Bytes:
		return len(v), nil
	case *dictView:
		return v.d.Len(), nil
	case mapping:
		return v.dict().Len(), nil
	case markup:
		return length(string(v)), nil
	case sizable:
		return v.length()
	case tupleLike:
		return len(v.tuple()), nil
	}
	return 0, raiseType("object of type '%s' has no len()", value.TypeName(v))
}

// dictView is what keys(), values() and items() of a dict give.
type dictView struct {
	d    *value.Dict
	kind string // "keys", "values" or "items"
}

// TypeName is part of value.Object.
func (v *dictView) TypeName() string { return "dict_" + v.kind }

// Repr is part of value.Object.
func (v *dictView) Repr() string {
	return "dict_" + v.kind + "(" + value.Repr(listOf(v.items())) + ")"
}

// Str is part of value.Object.
func (v *dictView) Str() string { return v.Repr() }

// Truth is part of value.Object.
func (v *dictView) Truth() bool { return v.d.Len() > 0 }

func (v *dictView) held() any { return v.d }

func (v *dictView) items() []any {
	items := make([]any, 0, v.d.Len())
	for k, x := range v.d.AllKeys() {
		switch v.kind {
		case "keys":
			items = append(items, k)
		case "values":
			items = append(items, x)
		default:
			items = append(items, value.Tuple{k, x})
		}
	}
	return items
}

// iterable is an object that can be gone through: it has __iter__.
type iterable interface{ iterator() *iterator }

// sizable is an object that has __len__.
type sizable interface{ length() (int, error) }

// tupleLike is a tuple whose elements have names.
type tupleLike interface{ tuple() value.Tuple }

// mapping is an object that acts as a dict without being one.
type mapping interface {
	value.Object
	object
	dict() *value.Dict
}

// asDict returns the members of a dict or of an object that acts as one.
func asDict(v any) (*value.Dict, bool) {
	switch v := v.(type) {
	case *value.Dict:
		return v, true
	case mapping:
		return v.dict(), true
	}
	return nil, false
}
