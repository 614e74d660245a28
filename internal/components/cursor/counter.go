package cursor

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math"
	"math/big"
	"sync"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// counter is an opened Count. Its values may be of any type that compares with the start.
type counter struct {
	field string
	start any
	log   *slog.Logger

	mu       sync.Mutex
	known    *coverage[any]
	peaks    map[*tap.Slice]*numberPeak
	before   before // what an earlier read left unfinished
	closed   bool   // a slice was closed; only one may have records
	version  uint64
	warnings onceWarnings
}

// numberPeak is the greatest value in the records of a slice.
type numberPeak struct {
	most any // nil: none
	err  error
}

var _ tap.Cursor = (*counter)(nil)

// Abilities are all but Split: a window has no end.
func (c *counter) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{Keep: c.Keep, Narrow: c.Narrow, Failed: c.Failed, StateVersion: c.StateVersion, Reach: c.Reach}
}

// The names of a window's start and end. The end is infinite.
const (
	countFrom = "start"
	countTo   = "end"
)

// numbers orders values as Python orders them.
type numbers struct{}

func (numbers) parse(v any) (any, error)    { return v, nil }
func (numbers) truthy(v any) bool           { return value.Truth(v) }
func (numbers) less(a, b any) (bool, error) { return value.Order("<", a, b) }
func (n numbers) notAfter(a, b any) (ok, same bool, err error) {
	more, err := n.less(b, a)
	if err != nil || more {
		return false, false, err
	}
	less, err := n.less(a, b)
	return true, !less, err
}

func (numbers) next(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(2), nil
		}
		return int64(1), nil
	case int64:
		return value.Integer(new(big.Int).Add(big.NewInt(v), big.NewInt(1))), nil
	case *big.Int:
		return value.Integer(new(big.Int).Add(v, big.NewInt(1))), nil
	case float64:
		return v + 1, nil
	}
	return nil, fmt.Errorf("a %s can not be counted on", value.TypeName(v))
}

func newCounter(field string, start any, o tap.StartingPoint, log *slog.Logger) (*counter, error) {
	k, err := readState[any](numbers{}, field, start, o.State)
	if err != nil {
		return nil, err
	}
	return &counter{field: field, start: start, log: log, known: k, peaks: map[*tap.Slice]*numberPeak{}, before: newBefore(o.Left)}, nil
}

// Slices yields the gaps that a state with several spans has, and the window from the last value
// on.
func (c *counter) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		windows, err := c.windows()
		for _, w := range windows {
			s := tap.NewSlice(nil, w, nil)
			if most, _ := c.before.of(s); most != nil {
				c.mu.Lock()
				c.peaks[s] = &numberPeak{most: most}
				c.mu.Unlock()
			}
			if !yield(s, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, fmt.Errorf("cut windows: %w", err))
		}
	}
}

func (c *counter) windows() ([]*value.Dict, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	spans, err := merge[any](numbers{}, c.known.spans)
	if err != nil {
		return nil, err
	}
	c.known.spans = spans
	var windows []*value.Dict
	before, err := numbers{}.less(c.start, spans[0].start)
	if err == nil && before {
		windows, err = c.part(windows, c.start, spans[0].start)
	}
	for i := range spans {
		if err != nil {
			return windows, err
		}
		var to any = math.Inf(1)
		if i+1 < len(spans) {
			to = spans[i+1].start
		}
		windows, err = c.part(windows, spans[i].end, to)
	}
	return windows, err
}

// part adds the window between two values, without what lies before the start.
func (c *counter) part(windows []*value.Dict, low, high any) ([]*value.Dict, error) {
	n := numbers{}
	ok, same, err := n.notAfter(low, high)
	if err != nil || !ok || same {
		return windows, err
	}
	if n.truthy(c.start) {
		if before, err := n.less(low, c.start); err != nil || before {
			low = c.start
			if ok, same, err = n.notAfter(low, high); err != nil || !ok || same {
				return windows, err
			}
		}
	}
	w := value.NewDict(2)
	w.Set(countFrom, low)
	w.Set(countTo, high)
	return append(windows, w), nil
}

// Observe raises the slice's greatest value.
func (c *counter) Observe(s *tap.Slice, r tap.Record) {
	v, _ := r.Data.Get(c.field)
	c.mu.Lock()
	defer c.mu.Unlock()
	if v == nil {
		c.warnings.unreadable(c.log, c.field, nil)
		return
	}
	m, ok := c.peaks[s]
	if !ok {
		m = &numberPeak{}
		c.peaks[s] = m
	}
	if err := m.raise(v); err != nil && m.err == nil {
		m.err = fmt.Errorf("cursor field %s: %w", c.field, err)
	}
}

func (m *numberPeak) raise(v any) error {
	if m.most != nil {
		if less, err := (numbers{}).less(m.most, v); err != nil || !less {
			return err
		}
	}
	m.most = value.Own(v)
	return nil
}

// Close adds what was read up to the slice's greatest value.
func (c *counter) Close(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.peaks[s]
	if m != nil && m.err != nil {
		return m.err
	}
	delete(c.peaks, s)
	again := c.closed
	c.closed = true
	if m == nil || !value.Truth(m.most) {
		return nil
	}
	if again {
		return errors.New("a counting cursor follows one slice, but records came from several")
	}
	read := span[any]{start: c.known.since, end: m.most, most: m.most, hasMost: true}
	spans, err := merge[any](numbers{}, append(c.known.spans[:len(c.known.spans):len(c.known.spans)], read))
	if err != nil {
		return fmt.Errorf("cursor field %s: %w", c.field, err)
	}
	c.known.spans = spans
	c.version++
	return nil
}

// Finish has nothing to do: the state is always up to date.
func (c *counter) Finish() {}

// State is {field: the greatest value}, beside what else the state held.
func (c *counter) State() *value.Dict {
	c.mu.Lock()
	defer c.mu.Unlock()
	return value.LazyDict(c.known.appendState(nil, numbers{}, c.field, func(v any) any { return v }))
}

// Reach is the slice's greatest value.
func (c *counter) Reach(s *tap.Slice, p *state.SlicePosition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.peaks[s]; m != nil {
		p.Greatest = m.most
	}
}

// StateVersion changes with each closed slice that had records.
func (c *counter) StateVersion() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// Failed is the error of the record that ended the slice early; nil: it did not.
func (c *counter) Failed(s *tap.Slice) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.peaks[s]; m != nil {
		return m.err
	}
	return nil
}

// Keep reports whether the record's value is not less than the one that the read began at. A record
// without a value is kept.
func (c *counter) Keep(_ *tap.Slice, record *value.Dict) bool {
	v, _ := record.Get(c.field)
	if v == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.warnings.unreadable(c.log, c.field, nil)
		return true
	}
	less, err := numbers{}.less(v, c.known.since)
	return err != nil || !less
}

// Narrow is tap.CursorAbilities'.
func (c *counter) Narrow(s *tap.Slice) tap.Narrowing {
	return &countNarrowing{field: c.field, slice: s}
}

type countNarrowing struct {
	field string
	slice *tap.Slice
	mark  numberPeak
}

func (n *countNarrowing) Observe(record *value.Dict) {
	if v, _ := record.Get(n.field); v != nil {
		_ = n.mark.raise(v) // a value that does not compare does not move the window
	}
}

// Rest begins at the greatest value seen.
func (n *countNarrowing) Rest() *tap.Slice {
	if n.mark.most == nil {
		return n.slice
	}
	high, _ := n.slice.Window.Get(countTo)
	w := value.NewDict(2)
	w.Set(countFrom, n.mark.most)
	w.Set(countTo, high)
	return tap.NewSlice(n.slice.Partition, w, n.slice.Extra)
}
