package jinja

import "anytap/internal/value"

// keyer is an object that has a key of its own: it has __hash__.
type keyer interface{ HashKey() any }

// key returns a comparable Go value for a hashable one.
func key(v any) (any, bool) {
	switch v := v.(type) {
	case markup:
		return string(v), true
	case value.Tuple:
		if sized(v) != nil {
			return nil, false
		}
	case keyer:
		return v.HashKey(), true
	case *sliceVal:
		return nil, false
	case *dictView:
		return v, v.kind == "values"
	}
	return value.Key(v)
}

func unhashable(v any) error {
	return raiseType("unhashable type: '%s'", value.TypeName(v))
}
