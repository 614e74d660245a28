package cursor

import (
	"fmt"
	"time"

	"anytap/internal/value"
)

// track is what was read of one stream, or of one of its partitions.
type track struct {
	*bounds
	*coverage[time.Time]
	floor floor     // records before it are not kept
	limit time.Time // not after the end of the windows that this read cuts; zero: none were cut
}

func (b *bounds) parse(v any) (time.Time, error) { return b.dates.parse(v) }

// track reads a state. back, in seconds, is subtracted from the state's value first: a partition
// that an earlier run did not know may have records from before that value.
func (b *bounds) track(state *value.Dict, back int64) (*track, error) {
	if back != 0 && state != nil {
		if v, _ := state.Get(b.field); value.Truth(v) {
			t, err := b.parse(v)
			if err == nil {
				t, err = addFixed(t, -value.Timedelta(back)*value.Second)
			}
			if err != nil {
				return nil, fmt.Errorf("state: %s: %w", b.field, err)
			}
			state = state.Clone()
			state.Set(b.field, b.dates.format(t))
		}
	}
	k, err := readState(b, b.field, b.start, state)
	if err != nil {
		return nil, err
	}
	t := &track{bounds: b, coverage: k}
	t.setFloor()
	return t, nil
}

func (t *track) setFloor() { t.floor.set(t.lowest()) }

// lowest is where the lookback window begins, but not before the start. A state may be before the
// start.
func (t *track) lowest() time.Time {
	if t.lookback.isZero() {
		return t.since
	}
	low, err := t.lookback.minus(t.since)
	if err != nil {
		return t.since
	}
	least := t.since
	if t.start.Before(least) {
		least = t.start
	}
	if least.After(low) {
		return least
	}
	return low
}

// keeps reports whether a time lies between the floor and the end.
func (t *track) keeps(at time.Time) bool {
	if at.Before(t.floor.value()) {
		return false
	}
	end, err := t.end()
	return err != nil || !at.After(end)
}

// close adds the window of a slice that was read completely.
func (t *track) close(w *value.Dict, one *openSlice) error {
	s := span[time.Time]{most: one.at.time(), hasMost: one.seen, onward: onwardOf(one.inner), windows: true, until: one.until, late: one.late}
	for _, m := range []struct {
		name string
		into *time.Time
	}{{t.low, &s.start}, {t.high, &s.end}} {
		v, ok := w.Get(m.name)
		if !ok {
			return fmt.Errorf("the slice has no %q", m.name)
		}
		var err error
		if *m.into, err = t.parse(v); err != nil {
			return fmt.Errorf("the slice's %s: %w", m.name, err)
		}
	}
	return t.add(s)
}

func (t *track) add(s span[time.Time]) error {
	spans, err := merge(t.bounds, append(t.spans[:len(t.spans):len(t.spans)], s))
	if err == nil {
		t.spans = spans
	}
	return err
}

func (t *track) appendState(dst []byte) []byte {
	return t.coverage.appendState(dst, t.bounds, t.field, func(at time.Time) any { return t.dates.format(at) })
}

// reached is the state's value, formatted.
func (t *track) reached() string { return t.dates.format(reached(t.bounds, t.spans)) }

// cut merges the spans that were read.
func (t *track) cut() ([]span[time.Time], error) {
	spans, err := merge(t.bounds, t.spans)
	if err == nil {
		t.spans = spans
	}
	return spans, err
}
