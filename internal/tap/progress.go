package tap

import (
	"errors"
	"slices"
	"sync"

	"anytap/state"
)

// progress is how far each slice of a stream was written. The writer moves it on. Reading
// goroutines ask it where to begin.
type progress struct {
	mu sync.Mutex

	// Of an earlier run: the positions that it left and nobody has taken yet, by the slices' keys,
	// and the hashed keys of the slices that it finished.
	left     map[string]state.Position
	finished map[string]bool

	// Of this run, what the next bookmark holds.
	open     map[string]*openSlice // by key
	order    []string              // the keys of open, in the order in which they began; empty: it was dropped
	dropped  int                   // empty ones in order
	done     []string              // the hashed keys of finished slices, in the order in which they ended
	seen     map[string]bool       // those in done
	byCursor bool                  // the stream's cursor remembers finished slices itself
	complete bool                  // the read came to its end; see state.Bookmark
	ended    bool                  // the stream was read to its end, without an error
	further  bool                  // a slice was finished; see advanced
	failed   bool                  // the stream ended with a failure
	short    map[string]bool       // the keys of slices that this run finished within one page
}

// openSlice is a slice that is not finished.
type openSlice struct {
	state.SlicePosition
	at    int                  // its place in order
	pages int                  // whole pages that were written, in this run or an earlier one
	begun *state.SlicePosition // where this run began; nil: at the slice's first page, as no run before
	anew  bool                 // it began at the first page all the same
}

func newProgress(b *state.Bookmark) *progress {
	p := &progress{left: map[string]state.Position{}, finished: map[string]bool{}, open: map[string]*openSlice{}, seen: map[string]bool{}, short: map[string]bool{}}
	for _, s := range b.Slices {
		key := state.SliceKey(s.Partition, s.Window)
		p.left[key] = s.Position
		p.add(key, &openSlice{SlicePosition: s, pages: 1, begun: &s})
	}
	for _, key := range b.Done {
		p.finished[key] = true
		p.remember(key)
	}
	return p
}

// leaveToCursor says that the stream's cursor remembers itself what is finished.
func (p *progress) leaveToCursor() {
	p.byCursor = true
	p.finished, p.done = nil, nil
}

func (p *progress) add(key string, o *openSlice) {
	if had := p.open[key]; had != nil {
		o.at = had.at
	} else {
		o.at = len(p.order)
		p.order = append(p.order, key)
	}
	p.open[key] = o
}

// resume returns the position that an earlier run left in the slice (nil: none), and whether that
// run finished it.
func (p *progress) resume(s *Slice) (from *state.Position, finished bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	if p.finished[state.HashKey(key)] {
		return nil, true
	}
	position, ok := p.left[key]
	if !ok {
		return nil, false
	}
	delete(p.left, key) // a partition that comes twice is read twice
	return &position, false
}

// step is what was written of a slice.
type step struct {
	to      state.Position // the position behind it
	records int
	whole   bool                               // a page ends there
	anew    bool                               // see Page.Anew
	reach   func(*Slice, *state.SlicePosition) // the cursor's ability; may be nil
}

// moveTo records a step of a slice.
func (p *progress) moveTo(s *Slice, by step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	o := p.open[key]
	if o == nil {
		o = &openSlice{SlicePosition: state.SlicePosition{Partition: s.Partition, Window: s.Window}}
		p.add(key, o)
	}
	if by.anew {
		o.anew, o.Records = true, 0
	}
	o.Position = by.to
	if by.reach != nil {
		by.reach(s, &o.SlicePosition)
	}
	o.Records += int64(by.records)
	if by.whole {
		o.pages++
	}
}

// close records that the slice was written to its end, and reports whether that changes the
// bookmark. It does not where the stream has only one slice: its position stays until the stream
// ends, so that a run that is killed before does not make the next one begin anew.
func (p *progress) close(s *Slice) bool {
	if s.Partition.Len() == 0 && s.Window.Len() == 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	o := p.open[key]
	if o != nil && o.begun != nil {
		p.further = true
	}
	if p.byCursor && (o == nil || o.pages <= 1) && len(p.short) < maxDone {
		p.short[key] = true
	}
	p.drop(key)
	if !p.byCursor {
		p.further = true
		p.remember(state.HashKey(key))
	}
	return true
}

// maxDone is how many finished slices a bookmark names. The next run reads the others again. The
// reference runtime keeps as many partitions in its state.
const maxDone = 25_000

// remember adds a finished slice to done.
func (p *progress) remember(hash string) {
	if len(p.done) < maxDone && !p.seen[hash] {
		p.seen[hash] = true
		p.done = append(p.done, hash)
	}
}

// drop removes a slice from open.
func (p *progress) drop(key string) {
	o := p.open[key]
	if o == nil {
		return
	}
	delete(p.open, key)
	p.order[o.at] = ""
	if p.dropped++; p.dropped*2 < len(p.order) {
		return
	}
	p.order = slices.DeleteFunc(p.order, func(k string) bool { return k == "" })
	p.dropped = 0
	for at, key := range p.order {
		p.open[key].at = at
	}
}

// finish decides what the next run is told, once the stream has ended. After a complete read that
// is nothing, or the positions of an append-only stream. After a failure, slices that did not get
// past their first page are left out: a position would save the next run only one page, and without
// it the bookmark looks like the reference runtime's. For the same reason leaveOut leaves out few
// and short windows.
func (p *progress) finish(s *Stream, err error, fullRefresh bool) {
	if err == nil {
		p.done, p.ended = nil, true
		if !s.AppendOnly || fullRefresh {
			p.order, p.open = nil, nil
		}
		p.complete = len(p.open) > 0
		return
	}
	if errors.Is(err, ErrInterrupted) {
		return
	}
	p.failed = true
	for _, key := range slices.Clone(p.order) {
		if o := p.open[key]; o != nil && (o.pages == 0 || o.Position.Token == nil) {
			p.drop(key)
		}
	}
}

// leaveOut takes the finished windows out of the bookmark of a failed stream if they are at most
// two, say one on each side of the failed one, with no more than a page each.
func (p *progress) leaveOut(b *state.Bookmark) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.failed || len(b.Finished) > 2 {
		return
	}
	for _, w := range b.Finished {
		if !p.short[NewSlice(w.Partition, w.Window, nil).Key()] {
			return
		}
	}
	b.Finished = nil
}

// write adds the positions to a bookmark.
func (p *progress) write(b *state.Bookmark) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range p.order {
		if key == "" {
			continue
		}
		at := p.open[key].SlicePosition
		if at.Position.Kind != state.Opaque && at.Position.Kind != state.NextURL {
			at.Records = 0
		}
		b.Slices = append(b.Slices, at)
	}
	b.Done = p.done
	b.Complete = p.complete
}
