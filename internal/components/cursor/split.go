package cursor

import (
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Split cuts a window longer than floor in two of about the same number of grains; nil when there
// is no grain or it is the last one.
func (b *bounds) Split(s *tap.Slice, floor value.Timedelta) []*tap.Slice {
	if b.grain.fixed <= 0 || b.grain.calendar() {
		return nil
	}
	low, high, ok := b.ends(s)
	if !ok || !low.Before(high) {
		return nil
	}
	length := value.Timedelta(high.UnixMicro() - low.UnixMicro())
	units := length/b.grain.fixed + 1
	if length <= floor || units <= 1 {
		return nil
	}
	second, err := addFixed(low, units/2*b.grain.fixed)
	if err != nil || second.After(high) {
		return nil
	}
	first, err := addFixed(second, -b.grain.fixed)
	if err != nil || first.Before(low) {
		return nil
	}
	return []*tap.Slice{b.within(s, low, first), b.within(s, second, high)}
}

// ends parses a slice's window.
func (b *bounds) ends(s *tap.Slice) (low, high time.Time, ok bool) {
	lowValue, _ := s.Window.Get(b.low)
	highValue, _ := s.Window.Get(b.high)
	low, err := b.parse(lowValue)
	if err != nil {
		return low, high, false
	}
	high, err = b.parse(highValue)
	return low, high, err == nil
}

// within is a copy of the slice with another window.
func (b *bounds) within(s *tap.Slice, low, high time.Time) *tap.Slice {
	return tap.NewSlice(s.Partition, b.window(window{low: low, high: high}), s.Extra)
}

// Narrow is tap.CursorAbilities'.
func (b *bounds) Narrow(s *tap.Slice) tap.Narrowing { return &narrowing{bounds: b, slice: s} }

type narrowing struct {
	*bounds
	slice *tap.Slice
	peak  peak
}

func (n *narrowing) Observe(record *value.Dict) {
	if at, kind, _ := n.valueOf(&n.peak, record); kind == dateValue {
		n.peak.observe(at)
	}
}

// Rest begins at the greatest value seen, and ends where the slice ends.
func (n *narrowing) Rest() *tap.Slice {
	if !n.peak.seen {
		return n.slice
	}
	high, _ := n.slice.Window.Get(n.high)
	w := value.DictOf(n.low, n.dates.format(n.peak.at.time()), n.high, high)
	return tap.NewSlice(n.slice.Partition, w, n.slice.Extra)
}
