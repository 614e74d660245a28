package tap

import (
	"context"
	"sync"
)

type eventKind int

const (
	streamBegun eventKind = iota
	pageRead
	sliceRead
	streamRead
)

// event is what a reading goroutine tells the writer.
type event struct {
	kind   eventKind
	reader *reader
	slice  *Slice
	page   Page
	broken bool          // an error ended the page early
	taken  chan struct{} // closed once the writer is done with the event
}

// schedule starts streams and slices, at most Concurrency of each at a time.
type schedule struct {
	settings ReadSettings
	readers  []*reader
	events   chan event
	slots    *Slots

	mu      sync.Mutex
	active  map[string]bool
	groups  map[string]bool
	changed *sync.Cond
}

func newSchedule(selected []Selection, settings ReadSettings) *schedule {
	s := &schedule{
		settings: settings, events: make(chan event), slots: NewSlots(settings.Concurrency),
		active: map[string]bool{}, groups: map[string]bool{},
	}
	s.changed = sync.NewCond(&s.mu)
	if settings.MaxRecords > 0 {
		s.slots.inTurn() // pages that were prefetched beyond the limit would be wasted
	}
	for _, selection := range selected {
		if selection.Limit > 0 {
			s.slots.inTurn()
		}
		s.readers = append(s.readers, &reader{Selection: selection})
	}
	return s
}

// run reads all streams, and closes events when all of them have ended.
func (s *schedule) run(ctx context.Context) {
	defer close(s.events)
	var wg sync.WaitGroup
	pending := append([]*reader(nil), s.readers...)
	for len(pending) > 0 {
		i := s.next(pending)
		r := pending[i]
		pending = append(pending[:i], pending[i+1:]...)
		wg.Go(func() {
			defer Guard()
			s.stream(ctx, r)
			s.free(r)
		})
	}
	wg.Wait()
}

// next waits until one of the pending streams may start, marks it as active, and returns its index.
func (s *schedule) next(pending []*reader) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if len(s.active) < s.settings.Concurrency {
			for i, r := range pending {
				if s.take(r) {
					return i
				}
			}
		}
		s.changed.Wait()
	}
}

// take marks the stream and its groups as active and returns true, unless one of the groups is
// active already.
func (s *schedule) take(r *reader) bool {
	groups := s.groupsOf(r)
	for _, g := range groups {
		if s.groups[g] {
			return false
		}
	}
	for _, g := range groups {
		s.groups[g] = true
	}
	s.active[r.Stream.Name] = true
	return true
}

// free takes the marks of take back.
func (s *schedule) free(r *reader) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groupsOf(r) {
		delete(s.groups, g)
	}
	delete(s.active, r.Stream.Name)
	s.changed.Signal()
}

// groupsOf are the groups that no other stream may be read in meanwhile: the stream's own and those
// of the parents that it reads.
func (s *schedule) groupsOf(r *reader) []string {
	seen := map[string]bool{"": true}
	var groups []string
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			groups = append(groups, g)
		}
	}
	add(r.Stream.Group)
	for _, parent := range r.Stream.Parents {
		for _, other := range s.readers {
			if other.Stream.Name == parent {
				add(other.Stream.Group)
			}
		}
	}
	return groups
}

func (s *schedule) activeNames() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.active {
		names = append(names, name)
	}
	return names
}

// stream reads one stream from its first slice to its last.
func (s *schedule) stream(ctx context.Context, r *reader) {
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	s.prepare(ctx, r)
	s.send(event{kind: streamBegun, reader: r})
	if r.reason() == nil {
		if err := r.open(s.settings.Log); err != nil {
			r.end(err)
		} else if r.whole = s.slices(ctx, r); r.whole {
			r.sayUnused()
		}
	}
	s.send(event{kind: streamRead, reader: r})
}

// prepare does what the selection asks for before the stream begins. It takes a slot, as it may ask
// the API.
func (s *schedule) prepare(ctx context.Context, r *reader) {
	if r.Prepare == nil {
		return
	}
	if s.slots.take(ctx) != nil {
		r.end(Stopped(ctx))
		return
	}
	defer s.slots.Give()
	if err := r.Prepare(ctx); err != nil {
		r.endWith(ctx, err)
	}
}

// slices reads the stream's slices, and reports whether all of them came.
func (s *schedule) slices(ctx context.Context, r *reader) (all bool) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for slice, err := range r.reading.Cursor.Slices(ctx) {
		if err != nil {
			r.endWith(ctx, err)
			return false
		}
		if s.slots.take(ctx) != nil {
			r.end(Stopped(ctx))
			return false
		}
		wg.Go(func() {
			defer Guard()
			defer s.slots.Give()
			s.slice(WithSlots(ctx, s.slots), r, slice)
			if r.abilities.Ended != nil {
				r.abilities.Ended(slice)
			}
		})
	}
	return true
}

func (s *schedule) slice(ctx context.Context, r *reader, slice *Slice) {
	from, finished := r.progress.resume(slice)
	if finished {
		return
	}
	slice.Resume = from
	for page, err := range r.reading.Retriever.Pages(ctx, slice) {
		if err == nil || len(page.Records) > 0 {
			s.send(event{kind: pageRead, reader: r, slice: slice, page: page, broken: err != nil})
		}
		if r.gaveUp(slice) != nil {
			break // the writer has said why; what follows would not be written
		}
		if err != nil {
			r.endWith(ctx, err)
			return
		}
	}
	s.send(event{kind: sliceRead, reader: r, slice: slice})
}

// send hands the event to the writer, which takes all of them until events is closed. It does not
// wait until a page is written, so that the next one is read meanwhile.
func (s *schedule) send(e event) {
	e.taken = make(chan struct{})
	s.events <- e
	if e.kind != pageRead {
		<-e.taken
	}
}

func (s *schedule) results() []Result {
	results := make([]Result, len(s.readers))
	for i, r := range s.readers {
		results[i] = Result{Stream: r.Stream.Name, Records: r.records, Credits: r.credits, Err: r.err}
		if !r.over && r.err == nil {
			results[i].Err = ErrInterrupted // by the sink, which failed
		}
		if r.budget != nil {
			results[i].Early = r.budget.Limit
		}
	}
	return results
}
