package state

import (
	"encoding/base64"
	"hash/fnv"

	"anytap/internal/value"
)

// SliceKey identifies a slice within its stream: its partition and its window, if there is one, as
// JSON with sorted keys. window may be nil.
func SliceKey(partition, window *value.Dict) string {
	var b []byte
	b = value.AppendCompactSorted(b, partition)
	if window != nil && window.Len() > 0 {
		b = value.AppendCompactSorted(b, window)
	}
	return string(b)
}

// HashKey shortens a slice's key to 11 characters (FNV-1a of 64 bits in unpadded base64url), as a
// bookmark may name thousands of slices.
func HashKey(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
