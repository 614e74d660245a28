package python

import "anytap/internal/value"

// SetItems are the elements of a set, or of a view of keys or items.
func SetItems(v any) ([]any, bool) {
	switch v := v.(type) {
	case *value.Set:
		return v.Values(), true
	case *DictView:
		return v.Items(), v.Kind != "values"
	}
	return nil, false
}
