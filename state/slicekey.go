package state

import "anytap/internal/value"

// SliceKey is the identity of a slice: its partition and window as JSON with sorted keys.
func SliceKey(partition, window *value.Dict) string {
	var b []byte
	b = value.AppendCompactSorted(b, partition)
	if window != nil && window.Len() > 0 {
		b = value.AppendCompactSorted(b, window)
	}
	return string(b)
}
