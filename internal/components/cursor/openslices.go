package cursor

import (
	"fmt"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// peak is the greatest cursor value in the records of one window.
type peak struct {
	at   instant
	seen bool
	raw  []byte // the JSON text of the last value
}

// openSlice is a slice that was given out and is not closed. Slices that follow each other with the
// same text of their windows share a peak, as in the reference runtime.
type openSlice struct {
	*peak
	partition *partition // nil: the stream has no partitions
	inner     bool       // see window
	until     time.Time  // see span
	late      bool       // see span
	err       error      // why the slice ended early; nil: it did not
}

// peaks makes the peaks of slices in the order in which they are given out.
type peaks struct {
	window string
	peak   *peak
}

func (p *peaks) of(s *tap.Slice) *peak {
	window := string(value.AppendCompactSorted(nil, s.Window))
	if p.peak == nil || p.window != window {
		p.window, p.peak = window, &peak{}
	}
	return p.peak
}

// openSlices are the slices that were given out and are not closed, each with what its cursor
// follows of it.
type openSlices[S any] struct {
	open map[*tap.Slice]*S
	// last is the slice that was looked up last, and one what was found: most records are of the
	// same slice as the one before.
	last *tap.Slice
	one  *S
}

func (r *openSlices[S]) add(s *tap.Slice, one *S) {
	if r.open == nil {
		r.open = map[*tap.Slice]*S{}
	}
	r.open[s] = one
}

// find looks up a slice, or one with the same partition and window. It returns nil for a slice that
// is not open.
func (r *openSlices[S]) find(s *tap.Slice) *S {
	if r.last == s {
		return r.one
	}
	one := r.open[s]
	if one == nil {
		key := s.Key()
		for other, open := range r.open {
			if other.Key() == key {
				one = open
				break
			}
		}
	}
	r.last, r.one = s, one
	return one
}

// remove forgets a slice, also when it was looked up by another one with the same key.
func (r *openSlices[S]) remove(s *tap.Slice, one *S) {
	if r.open[s] == nil {
		for other, open := range r.open {
			if open == one {
				s = other
				break
			}
		}
	}
	delete(r.open, s)
	r.last, r.one = nil, nil
}

func errNotOpen(s *tap.Slice) error { return fmt.Errorf("the slice %s is not being read", s.Key()) }

// datedSlices are the open slices of a cursor of dates.
type datedSlices struct{ openSlices[openSlice] }

// take forgets a slice that was read to its end, and returns what was followed of it. It fails with
// the reason why the slice ended early.
func (r *datedSlices) take(s *tap.Slice) (*openSlice, error) {
	one := r.find(s)
	if one == nil {
		return nil, errNotOpen(s)
	}
	if one.err != nil {
		return nil, one.err
	}
	r.remove(s, one)
	return one, nil
}

// among are those of the slices that are still open.
func (r *datedSlices) among(left []reopened) (open []reopened) {
	for _, o := range left {
		if r.open[o.slice] != nil {
			open = append(open, o)
		}
	}
	return open
}

// failed is why a slice ended early; nil: it did not. Unlike find it changes nothing.
func (r *datedSlices) failed(s *tap.Slice) error {
	one := r.one
	if r.last != s {
		one = r.open[s]
	}
	if one == nil {
		return nil
	}
	return one.err
}

func (r *openSlice) fail(field string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("cursor field %s: %w", field, err)
	}
}

// observe raises the peak to a value.
func (p *peak) observe(at instant) {
	if !p.seen || p.at.micros < at.micros {
		p.at, p.seen = at, true
	}
}
