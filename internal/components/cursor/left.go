package cursor

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// What a read that did not come to its end left, beside its state: windows that are open, and ones
// that are finished although one before them is not. The next read yields the open ones as they
// were. When they have ended, it goes on as a read does that begins at the state then; where one of
// them failed, behind it.

// reopened is a slice of an earlier read that is given out again.
type reopened struct {
	slice *tap.Slice
	span  span[time.Time]
}

// reopen makes the slice of a position again. extra is that of its partition. reason says why the
// slice is not given out; empty: it is.
func (b *bounds) reopen(p state.SlicePosition, extra *value.Dict) (o reopened, reason string) {
	o.slice = tap.NewSlice(p.Partition, p.Window, extra)
	low, high, ok := b.ends(o.slice)
	switch {
	case !ok || p.Window.Len() != 2 || high.Before(low):
		return o, fmt.Sprintf("its window is none of times %q to %q in the cursor's formats", b.low, b.high)
	case high.Before(b.start):
		return o, "its window ends before start_datetime"
	case b.tooLong(low, high):
		return o, "its window is longer than step, which was changed"
	}
	o.span = b.spanOf(low, high, p.Greatest, p.Inner)
	return o, ""
}

// tooLong reports whether a window is longer than one that is cut now.
func (b *bounds) tooLong(low, high time.Time) bool {
	if b.step == nil || b.step.isZero() || b.clamp != nil {
		return false
	}
	most, err := b.step.plus(low)
	return err == nil && high.After(most)
}

// openSlice is the slice's place among those that are open, with what was seen of it before.
func (o *reopened) openSlice(p *partition) *openSlice {
	one := &openSlice{peak: &peak{}, partition: p, inner: o.span.onward == fromBorder}
	if o.span.hasMost {
		one.observe(instantOf(o.span.most))
	}
	return one
}

// restore adds a window that an earlier read finished.
func (t *track) restore(w state.FinishedWindow) error {
	low, high, ok := t.ends(tap.NewSlice(nil, w.Window, nil))
	if !ok || high.Before(low) {
		return errors.New("a finished window is none of times in the cursor's formats")
	}
	return t.add(t.spanOf(low, high, w.Greatest, w.Inner))
}

// spanOf is the span of a window that was written to a bookmark.
func (b *bounds) spanOf(low, high time.Time, greatest any, inner bool) span[time.Time] {
	s := span[time.Time]{start: low, end: high, onward: onwardOf(inner), windows: true}
	if greatest == nil {
		return s
	}
	if most, err := b.parse(greatest); err == nil {
		s.most, s.hasMost = most, true
	}
	return s
}

func onwardOf(inner bool) onward {
	if inner {
		return fromBorder
	}
	return fromMost
}

// finished are the windows that were read to their end and that the state does not cover. Those
// that begin at the state are among them, as the state may be before their end.
func (t *track) finished(partition *value.Dict) []state.FinishedWindow {
	var out []state.FinishedWindow
	for _, s := range t.spans {
		if !s.windows {
			continue
		}
		w := state.FinishedWindow{Partition: partition, Window: t.window(window{low: s.start, high: s.end}), Inner: s.onward == fromBorder}
		if s.hasMost {
			w.Greatest = t.dates.format(s.most)
		}
		out = append(out, w)
	}
	return out
}

// goOn cuts what is left to read now that the reopened slices have ended; failed are those that
// were not read to their end.
func (t *track) goOn(failed []reopened) ([]span[time.Time], error) {
	spans, err := t.cut()
	if err != nil {
		return nil, err
	}
	if len(failed) == 0 && len(spans) == 1 && spans[0].windows {
		t.since = reached(t.bounds, spans)
		t.setFloor()
	}
	for _, o := range failed {
		o.span.onward, o.span.hasMost = fromBorder, false
		spans = append(spans, o.span)
	}
	return merge(t.bounds, spans)
}

// greatestOf is the greatest value that an earlier read saw of a slice; nil: none. left may be nil.
func greatestOf(left *state.Bookmark, s *tap.Slice) any {
	if left == nil {
		return nil
	}
	key := s.Key()
	for _, p := range left.Slices {
		if p.Greatest != nil && state.SliceKey(p.Partition, p.Window) == key {
			return p.Greatest
		}
	}
	return nil
}

// floor is where records begin to be kept. It may be read while it is raised.
type floor struct{ at atomic.Pointer[time.Time] }

func (f *floor) set(t time.Time)  { f.at.Store(&t) }
func (f *floor) value() time.Time { return *f.at.Load() }
