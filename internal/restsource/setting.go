package restsource

import "anytap/internal/value"

// dict returns a member that is an object; nil if there is none.
func dict(d *value.Dict, key string) *value.Dict { return value.Member[*value.Dict](d, key) }

// list returns a member that is a list; an empty one if there is none.
func list(d *value.Dict, key string) *value.List {
	if l := value.Member[*value.List](d, key); l != nil {
		return l
	}
	return value.NewList()
}

// text returns a member that is a text; "" if there is none.
func text(d *value.Dict, key string) string { return value.Member[string](d, key) }

// has reports whether there is a member that is not null.
func has(d *value.Dict, key string) bool { return value.Member[any](d, key) != nil }

// isTrue reports whether a member is true.
func isTrue(d *value.Dict, key string) bool { return value.Member[bool](d, key) }

// several returns the elements of a value that may be a list, or else one of them.
func several(v any) *value.List {
	if l, ok := v.(*value.List); ok {
		return l
	}
	return value.NewList(v)
}

// carry copies those settings that are not null to d.
func carry(d, settings *value.Dict, names ...string) {
	for _, name := range names {
		if v := value.Member[any](settings, name); v != nil {
			d.Set(name, v)
		}
	}
}
