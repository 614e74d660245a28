package python

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Hashable is an object that has a key of its own: it has __hash__.
type Hashable interface{ HashKey() any }

// Key returns a comparable Go value for a hashable one.
func Key(v any) (any, bool) {
	switch v := v.(type) {
	case pytext.Markup:
		return string(v), true
	case value.Tuple:
		if CheckSize(v) != nil {
			return nil, false
		}
	case Hashable:
		return v.HashKey(), true
	case *Slice:
		return nil, false
	case *DictView:
		return v, v.Kind == "values"
	}
	return value.Key(v)
}

// Unhashable is the error of a value that can be no key.
func Unhashable(v any) error {
	return exception.TypeErrorf("unhashable type: '%s'", value.TypeName(v))
}
