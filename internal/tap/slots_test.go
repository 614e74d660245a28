package tap

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestSlotsForPrefetchingAreThoseThatNoSliceNeeds(t *testing.T) {
	for name, test := range map[string]struct {
		slots func() *Slots
		spare bool
		most  int
	}{
		"no slots at all":         {func() *Slots { return nil }, false, 1},
		"all are free":            {func() *Slots { return NewSlots(2) }, true, 2},
		"one is free":             {func() *Slots { return taken(NewSlots(2), 1) }, true, 2},
		"none is free":            {func() *Slots { return taken(NewSlots(2), 2) }, false, 2},
		"slices are read in turn": {func() *Slots { return NewSlots(2).inTurn() }, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := test.slots()
			if got := s.Spare(); got != test.spare {
				t.Errorf("spare is %t, want %t", got, test.spare)
			}
			if got := s.TryTake(); got != test.spare {
				t.Errorf("a slot was taken: %t, want %t", got, test.spare)
			}
			if got := s.Most(); got != test.most {
				t.Errorf("a slice may have %d pages, want %d", got, test.most)
			}
		})
	}
}

func taken(s *Slots, n int) *Slots {
	for range n {
		s.TryTake()
	}
	return s
}

// TestSlotsGoToASliceThatWaits gives a slot back while a slice waits for it: none is to spare then.
func TestSlotsGoToASliceThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := taken(NewSlots(2), 2)
		got := make(chan error)
		go func() { got <- s.take(t.Context()) }()
		synctest.Wait()
		s.Give()
		if s.TryTake() {
			t.Error("a slot was taken for prefetching while a slice waited")
		}
		if err := <-got; err != nil {
			t.Error(err)
		}
	})
}

func TestSlotsAreWaitedForUntilTheReadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := taken(NewSlots(2), 2).take(ctx); err == nil {
		t.Error("a slot was taken though all are in use")
	}
}

func TestSlotsReachRetrieversByTheirContext(t *testing.T) {
	s := NewSlots(1)
	if got := SlotsOf(WithSlots(t.Context(), s)); got != s {
		t.Errorf("got %v, want the slots of the read", got)
	}
	if got := SlotsOf(t.Context()); got != nil {
		t.Errorf("got %v, want none", got)
	}
}
