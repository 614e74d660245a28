package tap

import (
	"encoding/base64"
	"hash/fnv"
	"slices"
	"sync"

	"anytap/state"
)

// progress is where each slice of a stream stands, as far as it was written. The writer moves it; reading goroutines
// ask where to go on.
type progress struct {
	mu    sync.Mutex
	open  map[string]*openSlice
	order []string // keys of open, as they began
	done  map[string]bool
	keep  []string // hashed keys of done, as they ended
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
	p := &progress{open: map[string]*openSlice{}, done: map[string]bool{}}
	if b == nil {
		return p
	}
	for _, s := range b.Slices {
		slice := NewSlice(s.Partition, s.Window, nil)
		p.add(&openSlice{slice: slice, position: s.Position, pages: 1})
	}
	for _, key := range b.Done {
		p.done[key] = true
		p.keep = append(p.keep, key)
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
	if p.done[hashKey(key)] {
		return nil, true
	}
	if o := p.open[key]; o != nil {
		position := o.position
		return &position, false
	}
	return nil, false
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
		hash := hashKey(key)
		p.done[hash] = true
		p.keep = append(p.keep, hash)
	}
	return true
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
		p.keep = nil
		if !s.AppendOnly || fullRefresh {
			p.order, p.open = nil, nil
		}
		p.complete = len(p.order) > 0
		return
	}
	if err == ErrInterrupted {
		return
	}
	for _, key := range slices.Clone(p.order) {
		if p.open[key].pages == 0 || p.open[key].position.IsStart() {
			p.drop(key)
		}
	}
}

func (p *progress) write(b *state.Bookmark) {
	for _, key := range p.order {
		o := p.open[key]
		b.Slices = append(b.Slices, state.SlicePosition{Partition: o.slice.Partition, Window: o.slice.Window, Position: o.position})
	}
	b.Done = p.keep
	b.Complete = p.complete
}

// hashKey shortens a slice's key to 11 characters, since a bookmark may hold thousands.
func hashKey(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
