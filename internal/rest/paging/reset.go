package paging

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Reset says how a slice's pagination starts anew (pagination_reset).
type Reset struct {
	// Narrow goes on from the last cursor value seen (SPLIT_USING_CURSOR), where the stream's
	// cursor can; otherwise the slice is read again as it is, once.
	Narrow bool
	// Limit is the number of records after which the pagination starts anew; Limited: there is one.
	Limit   int
	Limited bool
}

// tracker counts what one slice gave and finds the slice to go on with.
type tracker struct {
	rest     tap.Narrowing // nil: the slice is read again as it is
	reset    Reset
	records  int
	same     int // how often in a row the slice could not be made smaller
	original *tap.Slice
}

func newTracker(r *reading, s *tap.Slice) *tracker {
	t := &tracker{original: s}
	if r.Reset == nil {
		return t
	}
	t.reset = *r.Reset
	if narrow := r.abilities.Narrow; narrow != nil && t.reset.Narrow {
		t.rest = narrow(s)
	}
	return t
}

func (t *tracker) observe(records []tap.Record) {
	t.records += len(records)
	if t.rest == nil {
		return
	}
	for _, r := range records {
		t.rest.Observe(r.Data)
	}
}

func (t *tracker) full() bool { return t.reset.Limited && t.records >= t.reset.Limit }

// restart gives the slice to go on with; previous was read last. A slice that can not be narrowed
// may be read twice where there is no cursor to narrow it with; otherwise, and after that, the
// stream can not be read.
func (t *tracker) restart(r *reading, previous *tap.Slice) (*tap.Slice, error) {
	next, allowed := previous, 2
	if t.rest != nil {
		next, allowed = t.rest.Rest(), 1
	}
	if next == previous || sameSlice(next, previous) {
		t.same++
		if t.same >= allowed {
			return nil, r.failf(tap.System, "pagination was reset, but the slice %s would be read once more as it was", next.Key())
		}
	} else {
		t.same = 0
	}
	t.records = 0
	return next, nil
}

func sameSlice(a, b *tap.Slice) bool {
	return value.Equal(a.Partition, b.Partition) && value.Equal(a.Window, b.Window)
}
