package tap

import (
	"context"
	"sync/atomic"
)

// Slots bound how many pages one read holds or waits for at a time, whatever they belong to: each slice that is being read
// has one for its page, and a Retriever takes one more for each page that it asks for ahead of that. Slices come
// first: as long as one waits for its slot, nobody is given one to go ahead. Slots are safe for concurrent use; a nil
// *Slots has none to give.
type Slots struct {
	places  chan struct{}
	waiting atomic.Int64 // slices
	most    int          // pages of one slice
}

// NewSlots makes n slots.
func NewSlots(n int) *Slots { return &Slots{places: make(chan struct{}, n), most: n} }

// inTurn makes Slots of which none is given to go ahead.
func (s *Slots) inTurn() *Slots {
	s.most = 1
	return s
}

// take waits for a slice's slot; it returns early with ctx's error.
func (s *Slots) take(ctx context.Context) error {
	s.waiting.Add(1)
	defer s.waiting.Add(-1)
	select {
	case s.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Spare reports whether TryTake would take a slot now.
func (s *Slots) Spare() bool {
	return s != nil && s.most > 1 && s.waiting.Load() == 0 && len(s.places) < cap(s.places)
}

// TryTake takes a slot to go ahead with, if there is one to spare. It does not wait.
func (s *Slots) TryTake() bool {
	if !s.Spare() {
		return false
	}
	select {
	case s.places <- struct{}{}:
		return true
	default:
		return false
	}
}

// Give gives a slot back.
func (s *Slots) Give() { <-s.places }

// Most is how many pages one slice may have at a time, the one that it reads included; 1: nothing is asked for ahead.
func (s *Slots) Most() int {
	if s == nil {
		return 1
	}
	return s.most
}

type slotsKey struct{}

// WithSlots hands the slots of a read down to its retrievers.
func WithSlots(ctx context.Context, s *Slots) context.Context {
	return context.WithValue(ctx, slotsKey{}, s)
}

// SlotsOf are the slots that ctx was given; nil: none.
func SlotsOf(ctx context.Context) *Slots {
	s, _ := ctx.Value(slotsKey{}).(*Slots)
	return s
}
