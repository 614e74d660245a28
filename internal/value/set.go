package value

import "iter"

// Tuple is a Python tuple.
type Tuple []any

// Bytes is a Python bytes object.
type Bytes []byte

// Set is a Python set. It keeps the order in which elements were added.
type Set struct {
	items []any
	index map[any]struct{} // by Key
}

// NewSet makes a Set of items. It omits items that Python cannot hash.
func NewSet(items ...any) *Set {
	s := &Set{index: make(map[any]struct{}, len(items))}
	for _, v := range items {
		s.Add(FromGo(v))
	}
	return s
}

// Add adds an element unless there is an equal one. It reports false for a value that Python cannot
// hash.
func (s *Set) Add(v any) bool {
	v = plainGo(v)
	k, ok := Key(v)
	if !ok {
		return false
	}
	if _, there := s.index[k]; !there {
		if s.index == nil {
			s.index = map[any]struct{}{}
		}
		s.index[k] = struct{}{}
		s.items = append(s.items, v)
	}
	return true
}

// Has reports whether there is an equal element.
func (s *Set) Has(v any) bool {
	k, ok := Key(v)
	if ok {
		_, ok = s.index[k]
	}
	return ok
}

// Len counts the elements.
func (s *Set) Len() int { return len(s.items) }

// All yields the elements in the order in which they were added.
func (s *Set) All() iter.Seq2[int, any] {
	return func(yield func(int, any) bool) {
		for i, v := range s.items {
			if !yield(i, v) {
				return
			}
		}
	}
}

// Values returns the elements in a new slice.
func (s *Set) Values() []any { return append([]any(nil), s.items...) }

// Clone makes a copy.
func (s *Set) Clone() *Set { return NewSet(s.items...) }

// within reports whether s is a subset of t.
func (s *Set) within(t *Set, m *Meter) bool {
	if s.Len() > t.Len() {
		return false
	}
	for k := range s.index {
		if _, ok := t.index[k]; !ok || !m.take(1+hashSize(k)/64) {
			return false
		}
	}
	return true
}
