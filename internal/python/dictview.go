package python

import "anytap/internal/value"

// DictView is the result of the dict methods keys(), values() and items().
type DictView struct {
	D    *value.Dict
	Kind string // "keys", "values" or "items"
}

// NewDictView makes a view of d.
func NewDictView(d *value.Dict, kind string) *DictView { return &DictView{d, kind} }

// TypeName is part of value.Object.
func (v *DictView) TypeName() string { return "dict_" + v.Kind }

// Repr is part of value.Object.
func (v *DictView) Repr() string {
	return "dict_" + v.Kind + "(" + value.Repr(ListOf(v.Items())) + ")"
}

// Str is part of value.Object.
func (v *DictView) Str() string { return v.Repr() }

// Truth is part of value.Object.
func (v *DictView) Truth() bool { return v.D.Len() > 0 }

// Held is part of Holder.
func (v *DictView) Held() any { return v.D }

// Items gives the elements of the view in the order of the dict.
func (v *DictView) Items() []any {
	items := make([]any, 0, v.D.Len())
	for k, x := range v.D.AllKeys() {
		switch v.Kind {
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

// Equal is part of Comparable: a view of keys or items equals a set of the same elements.
func (v *DictView) Equal(m *value.Meter, other any) bool {
	if o, ok := other.(*DictView); ok && o == v {
		return true
	}
	a, ok := SetItems(v)
	if !ok {
		return false
	}
	b, ok := SetItems(other)
	if left := m.Left; !ok || !Fits(v, &m.Left) || !Fits(ListOf(b), &m.Left) || left < 0 {
		return false
	}
	return m.Equal(value.NewSet(a...), value.NewSet(b...))
}

// AsDict gives a dict itself, or the members of a Mapping. It reports false for other values.
func AsDict(v any) (*value.Dict, bool) {
	switch v := v.(type) {
	case *value.Dict:
		return v, true
	case Mapping:
		return v.Dict(), true
	}
	return nil, false
}
