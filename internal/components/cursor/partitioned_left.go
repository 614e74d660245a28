package cursor

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

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
	if len(left.Done) > 0 {
		c.begun = left.Begun
	}
	if text, ok := left.Newest.(string); ok {
		c.synced = true
		c.raiseText(text, nil)
	}
	if at, err := c.parse(left.From); left.From != nil && err == nil {
		c.from = &at
	}
}

// onward is where the partitions that are finished go on: of what is older, nothing has come since
// they were read. It is the greatest value that was seen, less the time that the run took until
// then, as in the reference runtime; or what an earlier run left, if that is lower. nil: it is not
// known, so that they begin as new ones do.
//
// The time between two runs does not count, since the greatest value of then stands for it. Only
// where no run before has seen a value it is counted by the clock.
func (c *partitioned) onward() *time.Time {
	begun := c.ran
	if c.from == nil {
		begun = c.begun
	}
	took := c.wall().Sub(begun) // within a run, jumps of the machine's clock do not count
	if !c.synced || took < 0 {  // the clock was set back, so that nobody knows how long it took
		return c.from
	}
	at, err := c.parse(c.newest.text)
	if err == nil {
		at, err = addFixed(at, -value.Timedelta(wholeSeconds(took))*value.Second)
	}
	if err != nil || c.from != nil && c.from.Before(at) {
		return c.from
	}
	return &at
}

// wholeSeconds rounds up, as the reference runtime does, to a second at least.
func wholeSeconds(d time.Duration) int64 { return max(1, int64(math.Ceil(d.Seconds()))) }

// putOff gives the slices of a partition that an earlier read left open. later says that the rest
// of it is not to be read in its turn.
func (c *partitioned) putOff(p *partition, s *tap.Slice) (open []reopened, later bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.left
	for _, position := range l.open[p.key] {
		one, reason := c.reopen(position, s.Extra)
		if reason != "" {
			l.Refuse(position, reason)
			continue
		}
		open = append(open, one)
	}
	delete(l.open, p.key)
	if p.again = len(open) == 0 && c.turns.last(p.key); p.again {
		c.turns.pending--
		l.again = append(l.again, putOff{s, p, nil})
		if !c.global { // else that follows in beginAgain
			c.restoreFinished(p)
		}
		return nil, true, nil
	}
	if c.global && c.turns.last(p.key) { // what it has open is of its last turn
		if err := c.readOn(p, c.from); err != nil {
			return nil, false, err
		}
	}
	c.restoreFinished(p)
	if len(open) > 0 {
		l.put = append(l.put, putOff{s, p, open})
		return open, true, nil
	}
	return nil, false, nil
}

// restoreFinished adds the windows of a partition that an earlier read finished.
func (c *partitioned) restoreFinished(p *partition) {
	for _, w := range c.left.finished[p.key] {
		if err := p.track.restore(w); err != nil {
			c.log.Warn("a window that was finished is read again", "partition", p.key, "window", state.SliceKey(w.Window, nil), "reason", err)
		}
		c.gaps[p] = true
	}
	delete(c.left.finished, p.key)
}

// readOn makes a finished partition go on at a value; nil: it is not known, so that it begins as a
// new one does.
func (c *partitioned) readOn(p *partition, at *time.Time) error {
	t, err := c.fresh()
	if at != nil {
		t, err = c.track(value.DictOf(c.field, c.dates.format(*at)), 0)
	}
	if err == nil {
		err = t.lookBack()
	}
	if err == nil {
		p.track, p.state = t, nil
	}
	return err
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
	from := c.onward()
	if len(c.open.open) == 0 {
		c.settleAt(from)
		c.begun, c.from, c.keepAll = c.ran, nil, nil
	}
	for _, rest := range c.left.again {
		if err := c.readOn(rest.p, from); err != nil {
			return err
		}
		c.restoreFinished(rest.p)
	}
	return nil
}

// settleAt is settle where partitions go on at a time; nil: it is not known, so that the global
// cursor stays.
func (c *partitioned) settleAt(from *time.Time) {
	if from == nil || c.newest == nil {
		return
	}
	if newest, err := c.parse(c.newest.text); err == nil {
		c.settle(newest.Sub(*from))
	}
}

// settle moves the global cursor to the greatest value of the read: what is older, less back, was
// read.
func (c *partitioned) settle(back time.Duration) {
	c.changed()
	if c.synced {
		text := c.newest.text
		c.since, c.back = &text, wholeSeconds(back)
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
		if at := c.onward(); at != nil {
			b.From = c.dates.format(*at)
		}
	}
}
