package cursor

import (
	"errors"
	"iter"
	"sync"
	"time"
)

// bounds are the settings of a datetime cursor, evaluated for one read. They do not change during
// the read.
type bounds struct {
	field     string // the record's field
	low, high string // the names of a window's start and end
	dates     *dates
	start     time.Time
	end       func() (time.Time, error) // may move with the clock
	lookback  duration
	// step is the length that a window is limited to; nil: no limit.
	step *duration
	// grain is the unit of the cursor: a window begins one grain after the end of the one before.
	// Zero: they share that time.
	grain  duration
	clamp  clamp
	strict bool // no window starts where it ends
}

// window is a range of times to ask for. An inner one ends where another one begins; others end
// where the read ends.
type window struct {
	low, high time.Time
	inner     bool
}

func (b *bounds) less(x, y time.Time) (bool, error) { return x.Before(y), nil }

func (b *bounds) truthy(time.Time) bool { return true }

// next is one grain later, or a millisecond if there is no grain.
func (b *bounds) next(t time.Time) (time.Time, error) {
	if b.grain.isZero() {
		return addFixed(t, 1000)
	}
	return b.grain.plus(t)
}

// windows yields what the spans leave unread between start and end, in order. spans must be merged
// and not empty.
func (b *bounds) windows(spans []span[time.Time]) iter.Seq2[window, error] {
	return func(yield func(window, error) bool) {
		c := &cutter{bounds: b, limit: sync.OnceValues(b.end), yield: yield}
		if err := c.all(spans); err != nil && !errors.Is(err, errStopped) {
			yield(window{}, err)
		}
	}
}

// errStopped means that the consumer wants no more windows.
var errStopped = errors.New("stopped")

// cutter makes the windows of one read.
type cutter struct {
	*bounds
	limit func() (time.Time, error) // the end; the clock is read once
	yield func(window, error) bool
}

func (c *cutter) all(spans []span[time.Time]) error {
	if c.start.Before(spans[0].start) {
		if err := c.part(c.start, spans[0].start, false); err != nil {
			return err
		}
	}
	last := len(spans) - 1
	for i := range last {
		from, err := c.behind(&spans[i], false)
		if err != nil {
			return err
		}
		if err := c.part(from, spans[i+1].start, false); err != nil {
			return err
		}
	}
	from, err := c.behind(&spans[last], true)
	if err != nil {
		return err
	}
	end, err := c.limit()
	if err != nil {
		return err
	}
	if spans[last].windows && !spans[last].end.Before(end) {
		return nil // the windows of an unfinished read reach this far
	}
	return c.part(from, end, true)
}

// behind is where reading goes on behind a span; last says that nothing was read behind it.
func (c *cutter) behind(s *span[time.Time], last bool) (time.Time, error) {
	switch {
	case s.onward == fromMost && s.windows && s.hasMost:
		return s.most, nil
	case s.onward == fromMost && s.windows:
		return s.end, nil
	case s.onward == fromMost:
		return c.lookback.minus(reached(c.bounds, []span[time.Time]{*s}))
	case s.onward == fromEnd && last:
		return c.lookback.minus(s.end)
	case c.grain.isZero():
		return s.end, nil
	}
	return c.grain.plus(s.end)
}

// part cuts one unread range. atEnd means that it ends where the stream does; otherwise the value
// high was read already.
func (c *cutter) part(low, high time.Time, atEnd bool) error {
	grained := !c.grain.isZero()
	if low.After(high) || low.Equal(high) && !grained || high.Before(c.start) {
		return nil
	}
	if c.start.After(low) {
		low = c.start
	}
	low, err := c.clamp.up(low)
	if err != nil {
		return err
	}
	if low.After(high) || low.Equal(high) && (c.strict || !atEnd) {
		return nil
	}
	to, err := c.after(low)
	if err != nil {
		return err
	}
	if to.Before(high) {
		return c.steps(low, high, atEnd)
	}
	if !atEnd || !grained {
		if high, err = c.clamp.up(high); err != nil {
			return err
		}
	}
	return c.emit(low, high, !atEnd)
}

// steps cuts a range that is longer than a step.
func (c *cutter) steps(from, high time.Time, atEnd bool) error {
	for {
		to, err := c.after(from)
		if err != nil {
			return err
		}
		border := high
		if to.Before(high) {
			if border, err = c.clamp.up(to); err != nil {
				return err
			}
		}
		last := !to.Before(high) || border.Equal(high)
		low, err := c.clamp.up(from)
		if err != nil || !low.Before(border) {
			return err
		}
		if err := c.emit(low, border, !atEnd || !last); err != nil || last {
			return err
		}
		from = border
	}
}

// emit yields a window. The end of an inner one is the start of the next: if there is a grain, it
// is moved back by one.
func (c *cutter) emit(low, high time.Time, inner bool) error {
	if inner && !c.grain.isZero() {
		var err error
		if high, err = c.grain.minus(high); err != nil {
			return err
		}
	}
	if !c.yield(window{low, high, inner}, nil) {
		return errStopped
	}
	return nil
}

// after is one step later. Without a step, or beyond the calendar, it is the stream's end.
func (c *cutter) after(t time.Time) (time.Time, error) {
	switch {
	case c.step == nil:
		return c.limit()
	case c.step.isZero():
		return maxTime, nil
	}
	next, err := c.step.plus(t)
	if errors.Is(err, errOverflow) {
		return c.limit()
	}
	return next, err
}
