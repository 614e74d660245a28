package python

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Len is Python's len().
func Len(v any) (int, error) {
	switch v := v.(type) {
	case string:
		return pytext.Len(v), nil
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
	case *DictView:
		return v.D.Len(), nil
	case Mapping:
		return v.Dict().Len(), nil
	case pytext.Markup:
		return pytext.Len(string(v)), nil
	case Sized:
		return v.Len()
	case TupleLike:
		return len(v.Tuple()), nil
	}
	return 0, exception.TypeErrorf("object of type '%s' has no len()", value.TypeName(v))
}
