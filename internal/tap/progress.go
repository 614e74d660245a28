package tap

import (
	"encoding/base64"
	"errors"
	"hash/fnv"
	"slices"
	"sync"

	"anytap/state"
)

// progress is where each slice of a stream stands, as far as it was written. The writer moves it; reading goroutines
// ask where to go on.
type progress struct {
	mu sync.Mutex
	// left are the positions that an earlier run left, finished the hashed keys of the slices that it read.
	left     map[string]state.Position
	finished map[string]bool

	open  map[string]*openSlice
	order []string // keys of open, as they began
	done  []string // hashed keys of finished slices, as they ended
	seen  map[string]bool
	// byCursor says that the stream's cursor remembers finished slices itself.
	byCursor bool
	complete bool
}

type openSlice struct {
	slice    *Slice
	position state.Position
	pages    int // whole pages written in this or an earlier run
}

func newProgress(b *state.Bookmark) *progress {
	p := &progress{left: map[string]state.Position{}, finished: map[string]bool{}, open: map[string]*openSlice{}, seen: map[string]bool{}}
	for _, s := range b.Slices {
		slice := NewSlice(s.Partition, s.Window, nil)
		p.left[slice.Key()] = s.Position
		p.add(&openSlice{slice: slice, position: s.Position, pages: 1})
	}
	for _, key := range b.Done {
		p.finished[key] = true
		p.remember(key)
	}
	return p
}

func (p *progress) add(o *openSlice) {
	key := o.slice.Key()
	p.open[key] = o
	p.order = append(p.order, key)
}

// resume gives the position that an earlier run left for the slice, and whether that run finished it.
func (p *progress) resume(s *Slice) (from *state.Position, finished bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	if p.finished[hashKey(key)] {
		return nil, true
	}
	position, ok := p.left[key]
	if !ok {
		return nil, false
	}
	delete(p.left, key) // a partition that comes twice is read twice
	return &position, false
}

// moveTo records that the slice is written up to the position; whole says that a page ended there.
func (p *progress) moveTo(s *Slice, position state.Position, whole bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	o := p.open[key]
	if o == nil {
		o = &openSlice{slice: s}
		p.add(o)
	}
	o.position = position
	if whole {
		o.pages++
	}
}

// close records that the slice was written to its end, and reports whether the bookmark is another one by it.
// The position of a stream's only slice stays, so that nothing is read again if the end is never recorded.
func (p *progress) close(s *Slice) bool {
	if s.Partition.Len() == 0 && s.Window.Len() == 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key := s.Key()
	p.drop(key)
	if !p.byCursor {
		p.remember(hashKey(key))
	}
	return true
}

// maxDone is how many finished slices a bookmark names; those beyond are read again by the next run. The
// reference runtime keeps as many partitions in its state.
const maxDone = 25_000

func (p *progress) remember(hash string) {
	if len(p.done) < maxDone && !p.seen[hash] {
		p.seen[hash] = true
		p.done = append(p.done, hash)
	}
}

func (p *progress) drop(key string) {
	delete(p.open, key)
	p.order = slices.DeleteFunc(p.order, func(k string) bool { return k == key })
}

// finish settles what the next run is told. After a complete read nothing is left but the
// positions of an append-only stream. After a failure a slice that never came past its first page
// starts anew: its position would save one page, and its bookmark stays the reference runtime's.
func (p *progress) finish(s *Stream, err error, fullRefresh bool) {
	if err == nil {
		p.done = nil
		if !s.AppendOnly || fullRefresh {
			p.order, p.open = nil, nil
		}
		p.complete = len(p.order) > 0
		return
	}
	if errors.Is(err, ErrInterrupted) {
		return
	}
	for _, key := range slices.Clone(p.order) {
		if p.open[key].pages == 0 || p.open[key].position.Token == nil {
			p.drop(key)
		}
	}
}

func (p *progress) write(b *state.Bookmark) {
	for _, key := range p.order {
		o := p.open[key]
		b.Slices = append(b.Slices, state.SlicePosition{Partition: o.slice.Partition, Window: o.slice.Window, Position: o.position})
	}
	b.Done = p.done
	b.Complete = p.complete
}

// hashKey shortens a slice's key to 11 characters, since a bookmark may hold thousands.
func hashKey(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
