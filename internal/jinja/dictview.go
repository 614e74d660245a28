package jinja

import "anytap/internal/value"

// dictView is what keys(), values() and items() of a dict give.
type dictView struct {
	d    *value.Dict
	kind string // "keys", "values" or "items"
}

// newDictView makes the view of d of a kind.
func newDictView(d *value.Dict, kind string) *dictView { return &dictView{d, kind} }

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

func (v *dictView) Held() any { return v.d }

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

func (v *dictView) Equal(other any) bool {
	if o, ok := other.(*dictView); ok && o == v {
		return true
	}
	a, ok := setItems(v)
	if !ok {
		return false
	}
	b, ok := setItems(other)
	return ok && value.Equal(value.NewSet(a...), value.NewSet(b...))
}

// mapping is an object that acts as a dict without being one.
type mapping interface {
	value.Object
	object
	Dict() *value.Dict
}

// asDict returns the members of a dict or of an object that acts as one.
func asDict(v any) (*value.Dict, bool) {
	switch v := v.(type) {
	case *value.Dict:
		return v, true
	case mapping:
		return v.Dict(), true
	}
	return nil, false
}
