package cursor

import (
	"errors"
	"iter"
	"sync"
	"time"
)

// bounds is a datetime cursor evaluated for one read: where it begins and ends, how it is cut, and how it is written.
// It does not change while it is used.
type bounds struct {
	field     string // the record's field
	low, high string // what templates call a window's ends
	dates     *dates
	start     time.Time
	end       func() (time.Time, error) // moves with the clock
	lookback  duration
	// step is the greatest length of a window; nil: no limit.
	step *duration
	// grain is the unit of the cursor: windows that follow each other do not share their border. Zero: they do.
	grain  duration
	clamp  clamp
	strict bool // no window where start equals end
}

// window is a range of the cursor field to ask for.
type window struct{ low, high time.Time }

func (b *bounds) less(x, y time.Time) (bool, error) { return x.Before(y), nil }

func (b *bounds) truthy(time.Time) bool { return true }

// next is one grain on, or a millisecond where there is none.
func (b *bounds) next(t time.Time) (time.Time, error) {
	if b.grain.isZero() {
		return addFixed(t, 1000)
	}
	return b.grain.plus(t)
}

// windows cuts what the spans leave unread, from the start to the end, in order. spans must be merged and not empty.
func (b *bounds) windows(spans []span[time.Time]) iter.Seq2[window, error] {
	return func(yield func(window, error) bool) {
		c := &cutter{bounds: b, limit: sync.OnceValues(b.end), yield: yield}
		if err := c.all(spans); err != nil && !errors.Is(err, errStopped) {
			yield(window{}, err)
		}
	}
}

// errStopped says that the consumer wants no more windows.
var errStopped = errors.New("stopped")

// cutter is one run of windows.
type cutter struct {
	*bounds
	limit func() (time.Time, error) // the end, the same for the whole run
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
		from := spans[i].end
		if !c.grain.isZero() {
			var err error
			if from, err = c.grain.plus(from); err != nil {
				return err
			}
		}
		if err := c.part(from, spans[i+1].start, false); err != nil {
			return err
		}
	}
	from, err := c.lookback.minus(spans[last].end)
	if err != nil {
		return err
	}
	end, err := c.limit()
	if err != nil {
		return err
	}
	return c.part(from, end, true)
}

// part cuts one unread range. atEnd says that it ends where the stream does; otherwise its upper border belongs to
// what was read already.
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
	return c.emit(low, high, grained && !atEnd)
}

// steps cuts a range that is longer than one step.
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
		if err := c.emit(low, border, !c.grain.isZero() && (!atEnd || !last)); err != nil || last {
			return err
		}
		from = border
	}
}

// emit yields a window; open takes one grain off its end, where the next window begins.
func (c *cutter) emit(low, high time.Time, open bool) error {
	if open {
		var err error
		if high, err = c.grain.minus(high); err != nil {
			return err
		}
	}
	if !c.yield(window{low, high}, nil) {
		return errStopped
	}
	return nil
}

// after is one step on; the stream's end where there is no limit, or where the calendar ends.
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
