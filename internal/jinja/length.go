package jinja

import "anytap/internal/value"

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
		return v.Dict().Len(), nil
	case markup:
		return length(string(v)), nil
	case sizable:
		return v.Len()
	case tupleLike:
		return len(v.Tuple()), nil
	}
	return 0, raiseType("object of type '%s' has no len()", value.TypeName(v))
}

// sizable is an object that has __len__.
type sizable interface{ Len() (int, error) }
