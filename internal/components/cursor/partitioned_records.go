package cursor

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Observe raises the greatest values of the slice and of the read.
func (c *partitioned) Observe(s *tap.Slice, r tap.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return
	}
	at, kind, err := c.valueOf(one.peak, r.Data)
	switch kind {
	case dateValue:
		c.synced = true
		c.raise(at)
		one.observe(at)
	case unreadableValue:
		c.warnings.unreadable(c.log, c.field, err)
	case brokenValue:
		one.fail(c.field, err)
	}
}

// raise raises the greatest value of the read. Where texts sort as times do, a text is formatted
// only for a greater time.
func (c *partitioned) raise(at instant) {
	if n := c.newest; n != nil && n.at != nil && at.micros <= n.at.micros && c.dates.output.sorts(at) && c.dates.output.sorts(*n.at) {
		return
	}
	c.raiseText(c.dates.format(at.time()), &at)
}

func (c *partitioned) raiseText(text string, at *instant) {
	if c.newest == nil || c.newest.text < text {
		c.newest = &newest{text: text, at: at}
	}
}

// Close adds the slice's window to the track of its partition.
func (c *partitioned) Close(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, err := c.open.take(s)
	if err != nil {
		return err
	}
	c.flight.end(s)
	c.changed()
	p := one.partition
	p.pending--
	done := p.cut && p.pending == 0
	if err := p.track.close(s.Window, one); err != nil {
		return err
	}
	c.gaps[p] = true
	if !c.global {
		p.state = nil
		if done {
			c.raiseText(p.track.reached(), nil)
		}
	}
	if done {
		c.finish(p)
	}
	c.parents.advance()
	return nil
}

// Finish moves the global cursor, unless a slice was given out and not closed.
func (c *partitioned) Finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open.open) > 0 {
		return
	}
	c.settle(c.wall().Sub(c.ran))
	c.parents.reached = c.partitions.ParentState()
}

// StateVersion changes with each partition that begins and each slice that is closed.
func (c *partitioned) StateVersion() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.version
}

// Failed is the error of the record that ended the slice early; nil: it did not.
func (c *partitioned) Failed(s *tap.Slice) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.open.failed(s)
}

// Keep reports whether the record's time lies inside the bounds of its partition. A record without
// a time is kept.
func (c *partitioned) Keep(s *tap.Slice, record *value.Dict) bool {
	t := c.judge(s)
	at, kind, err := c.valueOf(nil, record)
	if kind == dateValue && t != nil {
		return t.keeps(at.time())
	}
	if kind != dateValue {
		c.mu.Lock()
		c.warnings.unreadable(c.log, c.field, err)
		c.mu.Unlock()
	}
	return true
}

// judge returns the track whose bounds decide which records of a slice are kept; nil: all are.
func (c *partitioned) judge(s *tap.Slice) *track {
	c.mu.RLock()
	if one := c.open.open[s]; one != nil && !c.global {
		defer c.mu.RUnlock()
		return one.partition.track
	}
	t := c.keepAll
	c.mu.RUnlock()
	if t != nil {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepAll, _ = c.fresh()
	return c.keepAll
}
