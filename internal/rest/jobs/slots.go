package jobs

import "sync"

// Slots limit how many jobs the streams of a run have at the API at a time. It is safe for
// concurrent use.
type Slots struct {
	mu      sync.Mutex
	free    int
	waiting map[*func()]struct{}
}

// NewSlots makes slots for limit jobs; 1 where it is less.
func NewSlots(limit int) *Slots {
	return &Slots{free: max(limit, 1), waiting: map[*func()]struct{}{}}
}

// Free counts the slots that nobody holds.
func (s *Slots) Free() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free
}

// full reports whether no slot is free at the moment.
func (s *Slots) full() bool { return s.Free() == 0 }

// take takes a slot, if one is free.
func (s *Slots) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == 0 {
		return false
	}
	s.free--
	return true
}

// give gives a slot back and tells those who wait.
func (s *Slots) give() {
	s.mu.Lock()
	s.free++
	waiting := s.waiting
	s.waiting = map[*func()]struct{}{}
	s.mu.Unlock()
	for f := range waiting {
		(*f)()
	}
}

// onGive calls f once, when a slot is given back or at once if one is free; stop cancels that.
func (s *Slots) onGive(f func()) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free > 0 {
		f()
		return func() {}
	}
	key := &f
	s.waiting[key] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.waiting, key)
	}
}
