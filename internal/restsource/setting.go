package restsource

import "anytap/internal/value"

// dict returns a member that is an object; nil if there is none.
func dict(d *value.Dict, key string) *value.Dict {
	if d == nil {
		return nil
	}
	v, _ := d.Get(key)
	inner, _ := v.(*value.Dict)
	return inner
}

// list returns a member that is a list; an empty one if there is none.
func list(d *value.Dict, key string) *value.List {
	v, _ := d.Get(key)
	l, _ := v.(*value.List)
	if l == nil {
		return value.NewList()
	}
	return l
}

// text returns a member that is a text; "" if there is none.
func text(d *value.Dict, key string) string {
	if d == nil {
		return ""
	}
	v, _ := d.Get(key)
	s, _ := v.(string)
	return s
}

// has reports whether there is a member that is not null.
func has(d *value.Dict, key string) bool {
	if d == nil {
		return false
	}
	v, _ := d.Get(key)
	return v != nil
}
