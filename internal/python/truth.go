package python

import "anytap/internal/value"

// Truth is Python's bool().
func Truth(v any) bool {
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
