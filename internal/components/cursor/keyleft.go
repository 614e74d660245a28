package cursor

import (
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

func (c *keyCursor) came() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turns.came()
}

// Reach is the slice's greatest value that counts.
func (c *keyCursor) Reach(s *tap.Slice, p *state.SlicePosition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.open.find(s); one != nil && one.most != nil && !c.changes {
		p.Greatest = one.most.value
	}
}

// Leave adds the partitions that are finished, and the windows that are finished before others.
func (c *keyCursor) Leave(b *state.Bookmark) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.partitions != nil {
		b.Done = c.turns.finished()
	}
	for e := c.order.Front(); e != nil; e = e.Next() {
		t := e.Value.(*keyTrack)
		for _, one := range t.windows[t.closed:] {
			if one.closed {
				b.Finished = append(b.Finished, c.finished(t, one))
			}
		}
	}
	if c.left == nil {
		return
	}
	for _, w := range c.left.Finished { // of partitions that did not come yet
		if e, ok := c.tracks[c.nameOf(w.Partition)]; !ok || e.Value.(*keyTrack).seq == 0 {
			b.Finished = append(b.Finished, w)
		}
	}
}

func (c *keyCursor) finished(t *keyTrack, one *keySlice) state.FinishedWindow {
	w := state.FinishedWindow{Partition: value.NewDict(0)}
	if t.name != "" {
		w.Partition = value.LazyDict([]byte(t.name))
	}
	w.Window, _ = c.dict(one.keyWindow) // it was made before, without an error
	if one.most != nil {
		w.Greatest = one.most.value
	}
	return w
}
