package state

import (
	"encoding/base64"
	"hash/fnv"
	"math"

	"anytap/internal/value"
)

// SliceKey identifies a slice within its stream: its partition and its window, if there is one, as
// JSON with sorted keys. window may be nil. A bound without end (an infinite number) is null, as in
// a bookmark.
func SliceKey(partition, window *value.Dict) string {
	var b []byte
	b = value.AppendCompactSorted(b, partition)
	if window != nil && window.Len() > 0 {
		b = value.AppendCompactSorted(b, withoutInfinities(window))
	}
	return string(b)
}

func withoutInfinities(window *value.Dict) *value.Dict {
	for name, v := range window.All() {
		if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
			window = window.Clone()
			window.Set(name, nil)
		}
	}
	return window
}

// HashKey shortens a slice's key to 11 characters (FNV-1a of 64 bits in unpadded base64url), as a
// bookmark may name thousands of slices.
func HashKey(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
