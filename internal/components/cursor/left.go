package cursor

import (
	"errors"
	"fmt"
	"slices"
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
	o.span = b.spanOf(low, high, state.FinishedWindow{Greatest: p.Greatest, Inner: p.Inner, Until: p.Until})
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
	one := &openSlice{peak: &peak{}, partition: p, inner: o.span.onward == fromBorder, until: o.span.until, late: o.span.late}
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
	return t.add(t.spanOf(low, high, w))
}

// spanOf is the span of a window as a bookmark has it.
func (b *bounds) spanOf(low, high time.Time, w state.FinishedWindow) span[time.Time] {
	s := span[time.Time]{start: low, end: high, onward: onwardOf(w.Inner), windows: true}
	if most, err := b.parse(w.Greatest); w.Greatest != nil && err == nil {
		s.most, s.hasMost = most, true
	}
	if b.lookback.isZero() {
		return s
	}
	if until, err := b.parse(w.Until); w.Until != nil && err == nil {
		s.until, s.late = until, true
	} else if !w.Inner {
		s.until, s.late = high, true
	}
	return s
}

// lookBack takes the lookback out of what was read, since it is read again: until that is done, the
// state stays where it is. The reference runtime moves it all the same; so does a cursor that is
// opened without Left.
func (t *track) lookBack() error {
	if t.lookback.isZero() || len(t.spans) != 1 || t.spans[0].onward != fromMost {
		return nil
	}
	low, err := t.lookback.minus(t.since)
	if err != nil {
		return err
	}
	if low.Before(t.start) {
		low = t.start
	}
	before, err := addFixed(low, -1000) // a millisecond, as spans without a grain are apart
	if !t.grain.isZero() {
		before, err = t.grain.minus(low)
	}
	if err == nil && before.Before(t.since) {
		spans := slices.Clone(t.spans)
		spans[0].end = before
		t.spans = spans
	}
	return err
}

// until is what a bookmark has of an unfinished or finished window; nil: nothing. Of a window that
// ends where the read ends its own end is enough. Behind an inner one records may come late if it
// ends less than a lookback before the end of the read.
func (t *track) until(s span[time.Time]) any {
	switch {
	case s.late:
		return t.dates.format(s.until)
	case s.onward != fromBorder || t.lookback.isZero() || t.limit.IsZero():
		return nil
	}
	if low, err := t.lookback.minus(t.limit); err == nil && !s.end.After(low) {
		return nil
	}
	return t.dates.format(t.limit)
}

// reach adds what is known of an open slice to its position.
func (t *track) reach(one *openSlice, p *state.SlicePosition) {
	if one == nil {
		return
	}
	p.Inner = one.inner
	if one.seen {
		p.Greatest = t.dates.format(one.at.time())
	}
	if t.lookback.isZero() {
		return
	}
	_, high, _ := t.ends(tap.NewSlice(nil, p.Window, nil))
	p.Until = t.until(span[time.Time]{end: high, onward: onwardOf(one.inner), until: one.until, late: one.late})
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
		w := state.FinishedWindow{Partition: partition, Window: t.window(window{low: s.start, high: s.end}), Inner: s.onward == fromBorder, Until: t.until(s)}
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
	if !t.lookback.isZero() {
		t.limit, _ = t.end() // an error comes again with the windows
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

// before is what an earlier read knew of slices, by their keys. The zero value knows nothing.
type before struct {
	greatest map[string]any  // the greatest value that it saw
	finished map[string]bool // it read the slice to its end
}

// newBefore takes over what an earlier read left; left may be nil.
func newBefore(left *state.Bookmark) before {
	var b before
	if left == nil {
		return b
	}
	b.greatest, b.finished = map[string]any{}, map[string]bool{}
	for _, p := range left.Slices {
		b.see(state.SliceKey(p.Partition, p.Window), p.Greatest)
	}
	for _, w := range left.Finished {
		key := state.SliceKey(w.Partition, w.Window)
		b.see(key, w.Greatest)
		b.finished[key] = true
	}
	return b
}

// see takes note of a greatest value; nil: there is none. The first of a slice counts.
func (b *before) see(key string, greatest any) {
	if _, seen := b.greatest[key]; !seen && greatest != nil {
		b.greatest[key] = greatest
	}
}

// of is the greatest value that the earlier read saw of a slice (nil: none), and whether it read
// the slice to its end.
func (b *before) of(s *tap.Slice) (greatest any, finished bool) {
	if len(b.greatest) == 0 && len(b.finished) == 0 {
		return nil, false
	}
	key := s.Key()
	return b.greatest[key], b.finished[key]
}

// floor is where records begin to be kept. It may be read while it is raised.
type floor struct{ at atomic.Pointer[time.Time] }

func (f *floor) set(t time.Time)  { f.at.Store(&t) }
func (f *floor) value() time.Time { return *f.at.Load() }
