package python

import "anytap/internal/value"

func SetItems(v any) ([]any, bool) {
	switch v := v.(type) {
	case *value.Set:
		return v.Values(), true
	case *DictView:
		return v.Items(), v.Kind != "values"
	}
	return nil, false
}
