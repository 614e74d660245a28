package cursor

import (
	"context"
	"sync"

	"anytap/internal/tap"
)

// inFlight are the slices that were given out and have not ended. It belongs to a cursor that was
// opened with unfinished slices; that of any other cursor is nil, and follows nothing.
type inFlight struct {
	mu     sync.Mutex
	slices map[*tap.Slice]bool
	ended  chan struct{} // closed at the next end
}

func newInFlight() *inFlight {
	return &inFlight{slices: map[*tap.Slice]bool{}, ended: make(chan struct{})}
}

func (f *inFlight) add(s *tap.Slice) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slices[s] = true
}

// end takes note that a slice has ended. It may be called more than once.
func (f *inFlight) end(s *tap.Slice) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.slices[s] {
		delete(f.slices, s)
		close(f.ended)
		f.ended = make(chan struct{})
	}
}

// wait waits until the slices have ended; all of them if there are none. It returns early with the
// reason why ctx was cancelled.
func (f *inFlight) wait(ctx context.Context, slices ...*tap.Slice) error {
	for {
		f.mu.Lock()
		ended, open := f.ended, slices == nil && len(f.slices) > 0
		for _, s := range slices {
			open = open || f.slices[s]
		}
		f.mu.Unlock()
		if !open {
			return nil
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
