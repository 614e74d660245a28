package python

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Key gives a comparable Go value for v: two values have equal keys if they are the same key of a
// dict in Python. It reports false for a value that cannot be hashed.
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

// Unhashable is the TypeError for a value that cannot be hashed.
func Unhashable(v any) error {
	return exception.TypeErrorf("unhashable type: '%s'", value.TypeName(v))
}
