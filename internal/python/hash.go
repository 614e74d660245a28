package python

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Key gives a comparable Go value for v: two values have equal keys if they are the same key of a
// dict in Python. It fails for a value that cannot be hashed.
func Key(th *Thread, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return v, th.Spend(v)
	case pytext.Markup:
		return string(v), th.Spend(v)
	case value.Tuple:
		if err := th.Weigh(v); err != nil {
			return nil, err
		}
	case Hashable:
		return v.HashKey(), nil
	case *Slice:
		return nil, Unhashable(v)
	case *DictView:
		if v.Kind == "values" {
			return v, nil
		}
		return nil, Unhashable(v)
	}
	if k, ok := value.Key(v); ok {
		return k, nil
	}
	return nil, Unhashable(v)
}

// Unhashable is the TypeError for a value that cannot be hashed.
func Unhashable(v any) error {
	return exception.TypeErrorf("unhashable type: '%s'", value.TypeName(v))
}
