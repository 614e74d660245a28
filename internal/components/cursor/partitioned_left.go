package cursor

import (
	"cmp"
	"context"
	"math"
	"slices"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// leftovers are what an earlier read of many partitions left unfinished. The partitions come in the
// order that the router has for them:
//
//  1. those that were not finished; of one with open windows these alone,
//  2. the rest of those with open windows,
//  3. those that were finished, to read what has come since.
//
// So a read that a budget ends again and again comes to all of them. Where one cursor serves for
// all, the third part begins with the state that follows from the first two.
type leftovers struct {
	tap.StartingPoint
	open     map[string][]state.SlicePosition  // by the partition's key
	finished map[string][]state.FinishedWindow // by the partition's key
	put      []putOff                          // the second part
	again    []putOff                          // the third part
}

// putOff is a partition whose rest comes later.
type putOff struct {
	slice *tap.Slice
	p     *partition
	open  []reopened
}

func newLeftovers(o tap.StartingPoint) *leftovers {
	l := &leftovers{
		StartingPoint: o, open: map[string][]state.SlicePosition{}, finished: map[string][]state.FinishedWindow{},
	}
	for _, s := range o.Left.Slices {
		key := state.SliceKey(s.Partition, nil)
		l.open[key] = append(l.open[key], s)
	}
	for _, w := range o.Left.Finished {
		key := state.SliceKey(w.Partition, nil)
		l.finished[key] = append(l.finished[key], w)
	}
	return l
}

// begin takes note of the time at which the read began.
func (c *partitioned) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran = c.wall()
	c.begun = c.ran
	if c.left == nil {
		return
	}
	left := c.left.Left
	if !c.global || left.Begun.IsZero() {
		return
	}
	c.begun = left.Begun
	if text, ok := left.Newest.(string); ok {
		c.synced = true
		c.raiseText(text, nil)
	}
}

// putOff gives the slices of a partition that an earlier read left open. later says that the rest
// of it is not to be read in its turn.
func (c *partitioned) putOff(p *partition, s *tap.Slice) (open []reopened, later bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.left
	for _, w := range l.finished[p.key] {
		if err := p.track.restore(w); err != nil {
			c.log.Warn("a window that was finished is read again", "partition", p.key, "window", state.SliceKey(w.Window, nil), "reason", err)
		}
		c.gaps[p] = true
	}
	for _, position := range l.open[p.key] {
		one, reason := c.reopen(position, s.Extra)
		if reason != "" {
			l.Refuse(position, reason)
			continue
		}
		open = append(open, one)
	}
	delete(l.finished, p.key)
	delete(l.open, p.key)
	if p.again = len(open) == 0 && c.turns.last(p.key); p.again {
		c.turns.pending--
		l.again = append(l.again, putOff{s, p, nil})
		return nil, true
	}
	if len(open) > 0 {
		l.put = append(l.put, putOff{s, p, open})
		return open, true
	}
	return nil, false
}

// yieldRest yields what was put off.
func (c *partitioned) yieldRest(ctx context.Context, yield func(*tap.Slice, error) bool) {
	if c.left == nil {
		return
	}
	for _, rest := range c.left.put {
		given := make([]*tap.Slice, len(rest.open))
		for i := range rest.open {
			given[i] = rest.open[i].slice
		}
		if err := c.flight.wait(ctx, given...); err != nil {
			yield(nil, err)
			return
		}
		c.mu.Lock()
		failed := c.open.among(rest.open)
		c.mu.Unlock()
		if !c.yieldWindows(rest.slice, rest.p, failed, yield) {
			return
		}
	}
	if len(c.left.again) == 0 {
		return
	}
	if err := c.beginAgain(ctx); err != nil {
		yield(nil, err)
		return
	}
	for _, rest := range c.left.again {
		if !c.yieldWindows(rest.slice, rest.p, nil, yield) {
			return
		}
	}
}

// beginAgain begins the third part of leftovers.
func (c *partitioned) beginAgain(ctx context.Context) error {
	if c.global {
		if err := c.flight.wait(ctx); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turns.came()
	if !c.global {
		return nil
	}
	if len(c.open.open) == 0 {
		c.settle()
		c.begun, c.keepAll = c.ran, nil
	}
	for _, rest := range c.left.again {
		t, err := c.fresh()
		if err == nil {
			err = t.lookBack()
		}
		if err != nil {
			return err
		}
		rest.p.track = t
	}
	return nil
}

// settle moves the global cursor: all that is older than it, less back, was read.
func (c *partitioned) settle() {
	c.changed()
	if c.synced {
		text := c.newest.text
		c.since = &text
		c.back = max(1, int64(math.Ceil(c.wall().Sub(c.begun).Seconds())))
	}
}

// finish takes note that a partition was read to its end.
func (c *partitioned) finish(p *partition) {
	if p.done {
		return
	}
	p.open, p.done = false, true
	delete(c.gaps, p)
	c.parents.end(p.seq)
	c.turns.end(p.key, p.again)
}

// cut takes note that no slice of a partition follows.
func (c *partitioned) cut(p *partition) {
	if c.left == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.cut = true; p.pending == 0 {
		c.finish(p)
	}
}

// Reach is the slice's greatest value.
func (c *partitioned) Reach(s *tap.Slice, p *state.SlicePosition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.open.find(s); one != nil {
		one.partition.track.reach(one, p)
	}
}

// Leave adds the windows and partitions that are finished.
func (c *partitioned) Leave(b *state.Bookmark) {
	c.mu.Lock()
	defer c.mu.Unlock()
	gaps := make([]*partition, 0, len(c.gaps))
	for p := range c.gaps {
		gaps = append(gaps, p)
	}
	slices.SortFunc(gaps, func(p, q *partition) int { return cmp.Compare(p.seq, q.seq) })
	for _, p := range gaps {
		b.Finished = append(b.Finished, p.track.finished(value.LazyDict([]byte(p.key)))...)
	}
	if c.left != nil {
		for _, w := range c.left.Left.Finished {
			if c.left.finished[state.SliceKey(w.Partition, nil)] != nil {
				b.Finished = append(b.Finished, w)
			}
		}
	}
	b.Done = c.turns.finished()
	if c.global && !c.begun.IsZero() {
		b.Begun = c.begun
		if c.synced && c.newest != nil {
			b.Newest = c.newest.text
		}
	}
}
