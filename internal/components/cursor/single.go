package cursor

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// single is the cursor of a stream without partitions.
type single struct {
	*bounds
	log *slog.Logger

	mu       sync.Mutex
	track    *track
	open     openSlices
	version  uint64
	state    []byte // of this version; nil: not made yet
	warnings onceWarnings
}

var _ tap.Cursor = (*single)(nil)

// Abilities are all that there are.
func (c *single) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Keep: c.Keep, Split: c.Split, Narrow: c.Narrow, Failed: c.Failed, StateVersion: c.StateVersion}
}

func newSingle(b *bounds, state *value.Dict, log *slog.Logger) (*single, error) {
	t, err := b.track(state, 0)
	if err != nil {
		return nil, err
	}
	return &single{bounds: b, log: log, track: t}, nil
}

// Slices yields the windows that are left to read.
func (c *single) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		c.mu.Lock()
		spans, err := c.track.cut()
		c.mu.Unlock()
		if err != nil {
			yield(nil, err)
			return
		}
		var peaks peaks
		for w, err := range c.windows(spans) {
			if err != nil {
				yield(nil, fmt.Errorf("cut windows: %w", err))
				return
			}
			s := tap.NewSlice(nil, c.window(w), nil)
			c.mu.Lock()
			c.open.add(s, &openSlice{peak: peaks.of(s)})
			c.mu.Unlock()
			if !yield(s, nil) {
				return
			}
		}
	}
}

// window is a window as templates and requests see it.
func (b *bounds) window(w window) *value.Dict {
	return value.DictOf(b.low, b.dates.format(w.low), b.high, b.dates.format(w.high))
}

// Observe raises the slice's greatest value.
func (c *single) Observe(s *tap.Slice, r tap.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return
	}
	at, kind, err := c.valueOf(one.peak, r.Data)
	switch kind {
	case dateValue:
		one.observe(at)
	case noValue, unreadableValue:
		c.warnings.unreadable(c.log, c.field, err)
	case brokenValue:
		one.fail(c.field, err)
	}
}

// Close adds the slice's window to what was read.
func (c *single) Close(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return errNotOpen(s)
	}
	if one.err != nil {
		return one.err
	}
	c.open.remove(s, one)
	if err := c.track.close(s.Window, one.at.time(), one.seen); err != nil {
		return err
	}
	c.version++
	c.state = nil
	return nil
}

// Finish has nothing to do: the state is always up to date.
func (c *single) Finish() {}

// State is {field: the time up to which everything was read}, beside what else the state held.
func (c *single) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil {
		c.state = c.track.appendState(nil)
	}
	return value.LazyDict(c.state)
}

// StateVersion changes with each closed slice.
func (c *single) StateVersion() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// Failed is the error of the record that ended the slice early; nil: it did not.
func (c *single) Failed(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open.failed(s)
}

// Keep reports whether the record's time lies inside the bounds. A record without a time is kept.
func (c *single) Keep(_ *tap.Slice, record *value.Dict) bool {
	at, kind, err := c.valueOf(nil, record)
	if kind == dateValue {
		return c.track.keeps(at.time())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warnings.unreadable(c.log, c.field, err)
	return true
}

// onceWarnings are warnings that a read logs only once.
type onceWarnings struct{ warned, repeated bool }

func (r *onceWarnings) unreadable(log *slog.Logger, field string, err error) {
	if r.warned {
		return
	}
	r.warned = true
	if err != nil {
		log.Warn("a record's cursor value can not be read; it counts as new and does not move the state", "field", field, "reason", err)
		return
	}
	log.Warn("a record has no cursor value; it counts as new and does not move the state", "field", field)
}
