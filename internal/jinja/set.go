package jinja

import "anytap/internal/value"

func setItems(v any) ([]any, bool) {
	switch v := v.(type) {
	case *value.Set:
		return v.Values(), true
	case *dictView:
		return v.items(), v.kind != "values"
	}
	return nil, false
}
