package cursor

import (
	"fmt"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// peak is the greatest cursor value among the records of one window.
type peak struct {
	at   instant
	seen bool
	raw  []byte // the text of the last record's value, by which the same value is known again
}

// reading is a slice that is being read. Slices whose windows are written alike have one peak, as in the reference runtime.
type reading struct {
	*peak
	partition *partition // nil: the stream has none
	err       error      // what ended the slice
}

// peaks gives out the peaks of slices that come one after the other.
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

// readings are the slices that are being read.
type readings struct {
	open map[*tap.Slice]*reading
	// last was asked for last, and one is its reading: most records come from the slice of the record before.
	last *tap.Slice
	one  *reading
}

func (r *readings) add(s *tap.Slice, one *reading) {
	if r.open == nil {
		r.open = map[*tap.Slice]*reading{}
	}
	r.open[s] = one
}

// find gives a slice's reading, also by another slice of the same partition and window; nil: it is not being read.
func (r *readings) find(s *tap.Slice) *reading {
	if r.last == s {
		return r.one
	}
	one := r.open[s]
	if one == nil {
		key := s.Key()
		for other, reading := range r.open {
			if other.Key() == key {
				one = reading
				break
			}
		}
	}
	r.last, r.one = s, one
	return one
}

// remove forgets a slice, which may have been found by another one.
func (r *readings) remove(s *tap.Slice, one *reading) {
	if r.open[s] == nil {
		for other, reading := range r.open {
			if reading == one {
				s = other
				break
			}
		}
	}
	delete(r.open, s)
	r.last, r.one = nil, nil
}

func notOpen(s *tap.Slice) error { return fmt.Errorf("the slice %s is not being read", s.Key()) }

func (r *readings) failed(s *tap.Slice) error {
	one := r.one
	if r.last != s {
		one = r.open[s]
	}
	if one == nil {
		return nil
	}
	return one.err
}

func (r *reading) fail(field string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("cursor field %s: %w", field, err)
	}
}

// observe raises the peak.
func (p *peak) observe(at instant) {
	if !p.seen || p.at.micros < at.micros {
		p.at, p.seen = at, true
	}
}
