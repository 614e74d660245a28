package cursor

import (
	"errors"
	"fmt"
	"time"

	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// keySettings are the settings of a ReplicationKeyCursor, evaluated for one read.
type keySettings struct {
	*ReplicationKey
	field      string // its name in the state
	at         value.Path
	start, end *key // nil: there is none
	bounded    bool // requests have an upper bound
	changes    bool // what is kept is the API's change token, and not a value of the records
}

// key reads a value of the configuration or of a state.
func (s *keySettings) key(v any) (key, error) { return (&timeReader{format: s.format.form}).key(v) }

// check reports settings that do not go together.
func (s *keySettings) check() error {
	if s.window != nil {
		if s.start == nil {
			return errors.New("start_value is missing: windows begin there")
		}
		for _, bound := range []*key{s.start, s.end} {
			if bound == nil {
				continue
			}
			if _, _, ok := bound.moment(); !ok {
				return fmt.Errorf("windows need times, but a bound is %s", value.Repr(bound.value))
			}
		}
	}
	for _, bound := range []*key{s.start, s.end} {
		if bound == nil {
			continue
		}
		if _, err := s.format.bound(bound); err != nil {
			return fmt.Errorf("a bound %w", err)
		}
	}
	return nil
}

// beginAt makes the read begin at Since, written as the start is.
func (s *keySettings) beginAt(o *tap.StartingPoint) error {
	if o.Since.IsZero() {
		return nil
	}
	if s.option == nil && !s.filter && !s.newest && s.window == nil {
		o.WithoutSince("nothing says how to ask for what is new only (replication_param, newest_first or filter_here)")
		return nil
	}
	var start key
	var err error
	switch {
	case s.start != nil:
		if start, err = s.start.like(o.Since.UTC()); err != nil {
			o.WithoutSince("start_value " + err.Error())
			return nil
		}
	case s.format.form.strftime != "":
		start, err = s.key(s.format.form.write(o.Since))
	default:
		start, err = newKey(o.Since.UTC().Format(time.RFC3339))
	}
	if err != nil {
		return err
	}
	s.start = &start
	return s.check()
}

// keyWindow is one range of keys to ask for.
type keyWindow struct {
	low, high *key      // nil: none
	from      *key      // where the window before ends; that is low, or one unit behind it
	begun     time.Time // what is written later does not move the state
}

// windows cuts what is left to read of a track, which begins now.
func (s *keySettings) windows(t *keyTrack, now time.Time) ([]keyWindow, error) {
	low, err := s.low(t)
	if err != nil {
		return nil, err
	}
	from := low
	if t.from != nil {
		low, from = t.low, t.from
	}
	begun := t.begun
	if begun.IsZero() {
		begun = now
	}
	if !s.bounded {
		return []keyWindow{{low: low, high: s.end, begun: begun}}, nil
	}
	var all []keyWindow
	for _, until := range []time.Time{begun, now} {
		high, err := s.high(from, until)
		if err != nil {
			return nil, err
		}
		if all, err = s.cut(all, keyWindow{low: low, high: high, from: from, begun: until}); err != nil {
			return nil, err
		}
		if s.end != nil || !now.After(begun) {
			break
		}
		if from = high; from != nil {
			low, err = s.overlap(from)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// low is where the read of a track begins that is not one gone on with: the value that is kept,
// less the lookback, else the start.
func (s *keySettings) low(t *keyTrack) (*key, error) {
	switch {
	case t.kept == nil:
		return s.start, nil
	case s.lookback.isZero():
		return t.kept, nil
	}
	low, err := t.kept.back(s.lookback)
	if err != nil {
		return nil, fmt.Errorf("lookback: the value of %s %w", s.field, err)
	}
	if s.start != nil && comparable(&low, s.start) && low.less(s.start) && !t.kept.less(s.start) {
		return s.start, nil
	}
	return &low, nil
}

// high is the upper bound: end_value, else the time until, written as low is.
func (s *keySettings) high(low *key, until time.Time) (*key, error) {
	if s.end != nil {
		return s.end, nil
	}
	until = until.UTC()
	if low != nil {
		if _, _, ok := low.moment(); ok {
			high, err := low.like(until)
			return &high, err
		}
		return nil, fmt.Errorf("the upper bound is a time, but %s begins at %s: give an end_value", s.field, value.Repr(low.value))
	}
	high, err := newKey(until.Format(time.RFC3339))
	return &high, err
}

// overlap is where the window behind a border begins: one unit before it, so that nothing is lost
// whether or not the API includes its bounds. What comes twice is left out (see Keep).
func (s *keySettings) overlap(border *key) (*key, error) {
	at, unit, ok := border.moment()
	if !ok {
		return border, nil
	}
	low, err := border.like(at.Add(-max(unit, s.format.form.unit)))
	return &low, err
}

// cut adds the windows of a range.
func (s *keySettings) cut(all []keyWindow, w keyWindow) ([]keyWindow, error) {
	if w.from != nil && comparable(w.from, w.high) && !w.from.less(w.high) {
		if len(all) == 0 && !w.high.less(w.from) {
			all = append(all, w)
		}
		return all, nil
	}
	if s.window == nil {
		return append(all, w), nil
	}
	at, _, _ := w.from.moment()
	end, _, _ := w.high.moment()
	for {
		next, err := s.window.plus(at)
		if errors.Is(err, errOverflow) || err == nil && !next.Before(end) {
			return append(all, w), nil
		}
		if err != nil {
			return nil, err
		}
		border, err := w.from.like(next)
		if err != nil {
			return nil, err
		}
		all = append(all, keyWindow{low: w.low, high: &border, from: w.from, begun: w.begun})
		if w.low, err = s.overlap(&border); err != nil {
			return nil, err
		}
		w.from, at = &border, next
	}
}

// dict is a window as requests see it.
func (s *keySettings) dict(w keyWindow) (*value.Dict, error) {
	if s.changes {
		d := value.NewDict(1)
		if w.low != nil {
			d.Set(paging.ChangeToken, w.low.value)
		}
		return d, nil
	}
	d := value.NewDict(2)
	for _, bound := range []struct {
		name string
		key  *key
	}{{keyFrom, w.low}, {keyTo, w.high}} {
		if bound.key == nil {
			continue
		}
		v, err := s.format.bound(bound.key)
		if err != nil {
			return nil, fmt.Errorf("the value of %s %w", s.field, err)
		}
		d.Set(bound.name, v)
	}
	return d, nil
}
