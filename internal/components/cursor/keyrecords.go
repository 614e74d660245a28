package cursor

import (
	"bytes"
	"strings"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Observe raises the slice's greatest value. A record without one does not count.
func (c *keyCursor) Observe(s *tap.Slice, r tap.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil || one.err != nil || c.changes {
		return
	}
	if raw, ok := r.Data.Raw(c.field); ok {
		if one.raw != nil && bytes.Equal(raw, one.raw) {
			return
		}
		one.raw = append(one.raw[:0], raw...)
	}
	v, ok := c.at.At(r.Data)
	if !ok {
		c.lacks(r.Data)
		return
	}
	c.had = true
	if v == nil {
		c.hasNone()
		return
	}
	k, err := c.reader.key(v)
	switch {
	case err != nil:
		one.fail(tap.Errorf(tap.Config, "cursor field %s %w", c.field, err))
	case one.low != nil && (c.filter || c.newest || c.window != nil) && !comparable(&k, one.low):
		one.fail(tap.Errorf(tap.Config, "cursor field %s is %s, which can not be compared with the bound %s of the read: write start_value as records have it",
			c.field, value.Repr(k.value), value.Repr(one.low.value)))
	default:
		c.raise(one, &k)
	}
}

// note makes the state say that a read is not finished, once a record of it is written. It does not
// where that would change nothing for the next read: one of everything, by a key that is no time.
func (c *keyCursor) note(t *keyTrack) {
	if !t.written {
		t.written = true
		c.changed(t)
	}
}

func (one *keySlice) fail(err error) {
	if one.err == nil {
		one.err = err
	}
}

// lacks takes note of a record without the field.
func (c *keyCursor) lacks(record *value.Dict) {
	if c.lacking == nil {
		_, c.lacking = c.at.Stuck(record)
		c.lacking = append([]string{}, c.lacking...)
	}
	if c.had {
		c.hasNone()
	}
}

// hasNone warns of a record without a value.
func (c *keyCursor) hasNone() {
	if c.warnings.null.first() {
		c.log.Warn("a record has no value of the replication key; it does not move the state", "field", c.field)
	}
}

// distantFuture is how far after now a time lies that no change during the read explains.
const distantFuture = 24 * time.Hour

// raise raises the slice's greatest value. A time must have been over when the read began: records
// that change during the read may be on pages that were read before, and get a later time.
func (c *keyCursor) raise(one *keySlice, k *key) {
	into := &one.most
	at, unit, timed := k.moment()
	if timed || c.bounded {
		c.note(one.track)
	}
	if timed && at.Add(unit).After(one.begun) {
		if at.Before(c.clock().Add(distantFuture)) {
			return
		}
		into = &one.distant
	}
	if *into == nil || (*into).less(k) {
		kept := *k
		kept.value = value.Own(kept.value)
		*into = &kept
	}
}

// Close keeps the greatest values of the track's windows, up to the first that is not closed.
// Inside a window records below the greatest value may be missing, since their order is not known.
func (c *keyCursor) Close(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return errNotOpen(s)
	}
	if one.err == nil && !c.had && c.lacking != nil {
		one.fail(c.nowhere())
	}
	if one.err != nil {
		return one.err
	}
	c.open.remove(s, one)
	c.close(one)
	return nil
}

// nowhere is the error of a key that no record has.
func (c *keyCursor) nowhere() error {
	return tap.Errorf(tap.Config, "replication_key is %s, but no record has it; there are %s: name one of them (a dotted path for one inside another), or leave replication_key out",
		c.field, strings.Join(c.lacking, ", "))
}

// close takes note that a window was read to its end.
func (c *keyCursor) close(one *keySlice) {
	t := one.track
	kept, from, reached := t.kept, t.closed, c.parents.reached
	one.closed, one.raw = true, nil
	c.advance(t)
	moved := from != t.closed && (t.written || !t.begun.IsZero())
	if t.closed == len(t.windows) {
		c.complete(t)
	}
	if kept != t.kept || moved || reached != c.parents.reached {
		c.changed(t)
	}
}

// advance keeps what the first windows that are closed hold.
func (c *keyCursor) advance(t *keyTrack) {
	for t.closed < len(t.windows) && t.windows[t.closed].closed {
		c.keep(t, t.windows[t.closed])
		t.closed++
		t.written = t.written || c.bounded // the rest begins behind it, also if it had no records
	}
}

// complete takes note that a track was read to its end.
func (c *keyCursor) complete(t *keyTrack) {
	t.windows, t.closed, t.seams, t.begun, t.low, t.from, t.written = nil, 0, nil, time.Time{}, nil, nil, false
	c.turns.end(t.name, t.last)
	c.parents.end(t.seq)
	c.parents.advance()
}

// keep raises what is kept of a track to the greatest value of a window. Values of the distant
// future count only where there is no other: one of them must not hide all that changes until then.
func (c *keyCursor) keep(t *keyTrack, one *keySlice) {
	if c.changes {
		if one.most != nil {
			t.kept = one.most
		}
		return
	}
	most := one.most
	if most == nil && one.distant != nil {
		if t.kept != nil && !c.distant(t.kept) {
			return
		}
		most = one.distant
		if c.warnings.distant.first() {
			c.log.Warn("all values of the replication key lie in the future; what changes until then may not be asked for", "field", c.field, "value", most.text)
		}
	}
	if most != nil && (t.kept == nil || t.kept.less(most) || c.distant(t.kept) && !c.distant(most)) {
		t.kept, c.had = most, true
	}
}

func (c *keyCursor) distant(k *key) bool {
	at, _, ok := k.moment()
	return ok && at.After(c.clock().Add(distantFuture))
}

// Finish moves the value for all partitions, if every slice was read.
func (c *keyCursor) Finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.partitions == nil || len(c.open.open) > 0 || !c.allGiven {
		return
	}
	if state := c.partitions.ParentState(); state != nil && state.Len() > 0 {
		c.parents.reached = state
		c.state = nil
		c.version++
	}
	if c.order.Len() > c.globalFrom {
		c.serveAll()
	}
	if c.all == nil {
		return
	}
	for e := c.order.Front(); e != nil; e = e.Next() {
		t := e.Value.(*keyTrack)
		if t.seq == 0 || t.kept == nil {
			continue
		}
		// What a partition has from after the begin of the read may be missing in those before it.
		if at, unit, ok := t.kept.moment(); ok && at.Add(unit).After(c.all.begun) {
			continue
		}
		if c.all.kept == nil || c.all.kept.less(t.kept) {
			c.all.kept = t.kept
		}
	}
	c.all.begun = time.Time{}
	c.changed(c.all)
}

// keyWarnings are what a read warns of once each.
type keyWarnings struct{ repeated, forgotten, null, distant, all onceWarning }
