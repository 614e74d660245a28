package value

import "sync/atomic"

// shape is the names of an object that was opened before. An API's records have the same ones again and again, so that for most
// objects no name has to be copied, and none has to be looked for twice.
type shape struct {
	written string // the names as they came, with their quotes, one behind the other
	names   []string
}

// shapes are those seen last. Each has one place, which the next one takes over.
var shapes [128]atomic.Pointer[shape]

// What is larger has no shape, so that all of them together stay below a megabyte.
const (
	maxShapeNames = 64
	maxShapeText  = 1 << 10
)

// placeOf gives the place of a shape with these names; nil: it has none.
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

// fits reports whether an object has just these names in this order.
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

// newShape keeps the names of an object in which none comes twice.
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
