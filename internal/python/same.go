package python

import "anytap/internal/value"

// Is is Python's "is": the same object. Small integers and text count as
// the same where Python surely shares them.
func Is(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case bool:
		return b == x
	case int64:
		y, ok := b.(int64)
		return ok && x == y && x >= -5 && x <= 256
	case string:
		y, ok := b.(string)
		return ok && x == y && len(x) <= 1
	case *value.Dict, *value.List, *value.Set:
		return a == b
	}
	return false
}

// sameReceiver reports whether two methods are of the same object.
func sameReceiver(a, b any) bool {
	_, text := a.(string)
	return text && a == b || Is(a, b)
}
