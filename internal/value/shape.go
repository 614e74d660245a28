package value

import "sync/atomic"

// shape holds the names of an object that was opened before. The records of an API mostly have the
// same names, so that the names of most objects need not be copied or checked for duplicates.
type shape struct {
	written string // the names as they came, with their quotes, one behind the other
	names   []string
}

// shapes is a cache of shapes. A shape replaces another one with the same hash.
var shapes [128]atomic.Pointer[shape]

// Larger objects have no shape, so that all shapes together need less than a megabyte.
const (
	maxShapeNames = 64
	maxShapeText  = 1 << 10
)

// placeOf gives the place of a shape with these names, or nil if it can have none.
func placeOf(all []found) *atomic.Pointer[shape] {
	if len(all) == 0 || len(all) > maxShapeNames {
		return nil
	}
	h, size := uint(len(all)), 0
	for i := range all {
		k := all[i].key
		size += len(k)
		h = h*31 + uint(len(k)) ^ uint(k[len(k)/2])<<3
	}
	if size > maxShapeText {
		return nil
	}
	return &shapes[(h^h>>7^h>>14)%uint(len(shapes))]
}

// fits reports whether an object has exactly these names in this order.
func (s *shape) fits(all []found) bool {
	if len(all) != len(s.names) {
		return false
	}
	rest := s.written
	for i := range all {
		k := all[i].key
		if len(rest) < len(k) || rest[:len(k)] != string(k) {
			return false
		}
		rest = rest[len(k):]
	}
	return rest == ""
}

// newShape makes the shape of an object without duplicate names.
func newShape(all []found, m *members) *shape {
	s := &shape{names: make([]string, len(all))}
	var room [maxShapeText]byte
	written := room[:0]
	for i := range all {
		written = append(written, all[i].key...)
		s.names[i] = m.list[i].key
	}
	s.written = string(written)
	return s
}
