package jinja

import "anytap/internal/value"

// truth is Python's bool().
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case nil:
		return false
	case string:
		return v != ""
	}
	return value.Truth(v)
}
