package cursor

import (
	"math"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Observe raises the greatest values of the slice and of the run.
func (c *partitioned) Observe(s *tap.Slice, r tap.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return
	}
	at, sight, err := c.glance(one.peak, r.Data)
	switch sight {
	case isValue:
		c.synced = true
		c.raise(at)
		one.observe(at)
	case isUnknown:
		c.remarks.unreadable(c.log, c.field, err)
	case isBroken:
		one.fail(c.field, err)
	}
}

// raise moves the run's greatest value. Where texts sort as times do, the text is only made when it is needed.
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

// Close adds the slice's window to what was read of its partition.
func (c *partitioned) Close(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return notOpen(s)
	}
	if one.err != nil {
		return one.err
	}
	c.open.remove(s, one)
	c.changed()
	p := one.partition
	p.pending--
	done := p.cut && p.pending == 0
	if !c.global {
		if err := p.track.close(s.Window, one.at.time(), one.seen); err != nil {
			return err
		}
		p.state = nil
		if done {
			c.raiseText(p.track.reached(), nil)
		}
	}
	if done {
		p.open = false
		c.parents.end(p.seq)
	}
	c.parents.advance()
	return nil
}

// Finish moves the global cursor, unless a slice that was begun was not read to its end.
func (c *partitioned) Finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open.open) > 0 {
		return
	}
	c.changed()
	if c.synced {
		c.since = &c.newest.text
		c.back = max(1, int64(math.Ceil(time.Since(c.begun).Seconds())))
	}
	c.parents.reached = c.partitions.ParentState()
}

// StateVersion changes with each slice that is begun or closed.
func (c *partitioned) StateVersion() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.version
}

// Failed returns the error of a record that ended the slice.
func (c *partitioned) Failed(s *tap.Slice) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.open.failed(s)
}

// Keep reports whether the record's time lies inside its partition's bounds; a record without one is kept.
func (c *partitioned) Keep(s *tap.Slice, record *value.Dict) bool {
	t := c.judge(s)
	at, sight, err := c.glance(nil, record)
	if sight == isValue && t != nil {
		return t.keeps(at.time())
	}
	if sight != isValue {
		c.mu.Lock()
		c.remarks.unreadable(c.log, c.field, err)
		c.mu.Unlock()
	}
	return true
}

// judge finds the cursor whose bounds a slice's records are kept by.
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
