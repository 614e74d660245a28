package tap

import (
	"context"
	"sync/atomic"
)

// Slots bound how many pages one read holds or waits for at a time, over all streams and slices.
// Each slice that is being read has a slot for its current page. A Retriever takes one more for
// each page that it prefetches. Slices come first: while one waits for its slot, none is given for
// prefetching. Slots are safe for concurrent use. A nil *Slots has none to give.
type Slots struct {
	places  chan struct{}
	waiting atomic.Int64 // slices that wait for their slot
	most    int          // pages that one slice may have at a time
}

// NewSlots makes n slots.
func NewSlots(n int) *Slots { return &Slots{places: make(chan struct{}, n), most: n} }

// inTurn forbids prefetching: no slice gets more than its own slot.
func (s *Slots) inTurn() *Slots {
	s.most = 1
	return s
}

// take waits for a slice's slot. It returns early with ctx's error.
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

// Spare reports whether TryTake would get a slot now.
func (s *Slots) Spare() bool {
	return s != nil && s.most > 1 && s.waiting.Load() == 0 && len(s.places) < cap(s.places)
}

// TryTake takes a slot to prefetch a page with, if there is one to spare. It does not wait.
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

// Most is how many pages one slice may have at a time, its current one included; 1: nothing is
// prefetched.
func (s *Slots) Most() int {
	if s == nil {
		return 1
	}
	return s.most
}

type slotsKey struct{}

// WithSlots gives the slots of a read to its retrievers.
func WithSlots(ctx context.Context, s *Slots) context.Context {
	return context.WithValue(ctx, slotsKey{}, s)
}

// SlotsOf are the slots that WithSlots put into ctx; nil: none.
func SlotsOf(ctx context.Context) *Slots {
	s, _ := ctx.Value(slotsKey{}).(*Slots)
	return s
}
