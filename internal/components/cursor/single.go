package cursor

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// single is the cursor of a stream without partitions.
type single struct {
	*bounds
	log *slog.Logger

	mu       sync.Mutex
	track    *track
	left     []reopened // what an earlier read left unfinished
	flight   *inFlight
	open     datedSlices
	version  uint64
	state    []byte // of this version; nil: not made yet
	warnings onceWarnings
}

var _ tap.Cursor = (*single)(nil)

// Abilities are all that there are.
func (c *single) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{
		Keep: c.Keep, Split: c.Split, Narrow: c.Narrow, Failed: c.Failed, StateVersion: c.StateVersion,
		Reach: c.Reach, Leave: c.Leave, Ended: c.flight.end,
	}
}

func newSingle(b *bounds, o tap.StartingPoint, log *slog.Logger) (*single, error) {
	t, err := b.track(o.State, 0)
	if err != nil {
		return nil, err
	}
	c := &single{bounds: b, log: log, track: t}
	if o.Left == nil {
		return c, nil
	}
	if err := t.lookBack(); err != nil {
		return nil, err
	}
	for _, w := range o.Left.Finished {
		if w.Partition.Len() > 0 {
			continue
		}
		if err := t.restore(w); err != nil {
			log.Warn("a window that was finished is read again", "window", state.SliceKey(w.Window, nil), "reason", err)
		}
	}
	for _, p := range o.Left.Slices {
		if p.Partition.Len() > 0 {
			continue
		}
		one, reason := b.reopen(p, nil)
		if reason != "" {
			o.Refuse(p, reason)
			continue
		}
		c.left, c.flight = append(c.left, one), newInFlight()
	}
	return c, nil
}

// Slices yields the windows that were left unfinished, and when they have ended those that are left
// to read.
func (c *single) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for i := range c.left {
			one := &c.left[i]
			c.flight.add(one.slice)
			if !c.give(one.slice, one.openSlice(nil), yield) {
				return
			}
		}
		spans, err := c.rest(ctx)
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
			if !c.give(s, &openSlice{peak: peaks.of(s), inner: w.inner}, yield) {
				return
			}
		}
	}
}

func (c *single) give(s *tap.Slice, one *openSlice, yield func(*tap.Slice, error) bool) bool {
	c.mu.Lock()
	c.open.add(s, one)
	c.mu.Unlock()
	return yield(s, nil)
}

// rest waits for the windows that were left unfinished, and gives what was read then.
func (c *single) rest(ctx context.Context) ([]span[time.Time], error) {
	if len(c.left) > 0 {
		if err := c.flight.wait(ctx); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.track.goOn(c.open.among(c.left))
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
	one, err := c.open.take(s)
	if err != nil {
		return err
	}
	c.flight.end(s)
	if err := c.track.close(s.Window, one); err != nil {
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

// Reach is the slice's greatest value.
func (c *single) Reach(s *tap.Slice, p *state.SlicePosition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.track.reach(c.open.find(s), p)
}

// Leave adds the windows that are finished.
func (c *single) Leave(b *state.Bookmark) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.Finished = c.track.finished(value.NewDict(0))
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

// onceWarning is a warning that a read logs only once.
type onceWarning bool

// first reports whether the warning is still to be logged.
func (w *onceWarning) first() bool {
	first := !bool(*w)
	*w = true
	return first
}

func (w *onceWarning) cameAgain(log *slog.Logger, partition string) {
	if w.first() {
		log.Warn("a partition came more than once; it is read once", "partition", partition)
	}
}

// onceWarnings are what a read by dates or numbers warns of once each.
type onceWarnings struct{ unread, repeated onceWarning }

// unreadable warns of a record whose value can not be read; without an error, of one that has none.
func (r *onceWarnings) unreadable(log *slog.Logger, field string, err error) {
	switch {
	case !r.unread.first():
	case err != nil:
		log.Warn("a record's cursor value can not be read; it counts as new and does not move the state", "field", field, "reason", err)
	default:
		log.Warn("a record has no cursor value; it counts as new and does not move the state", "field", field)
	}
}
