package cursor

import (
	"errors"
	"fmt"

	"anytap/internal/value"
)

// The state of one cursor has one of the reference runtime's two forms, and is written in the
// first:
//
//	{"updated": "2026-01-31"}
//	{"state_type": "date-range", "slices": [{"start": …, "end": …, "most_recent_cursor_value": …}], "legacy": {…}}
//
// Members with other names are kept. For the state of many partitions see partitioned.
const (
	memberType   = "state_type"
	memberSlices = "slices"
	memberLegacy = "legacy"
	memberStart  = "start"
	memberEnd    = "end"
	memberMost   = "most_recent_cursor_value"
)

// coverage is what was read of the cursor field's axis.
type coverage[T any] struct {
	since  T           // the value that reading goes on from
	spans  []span[T]   // the parts that were read; never empty
	legacy *value.Dict // members of the state that are not the cursor's
}

// scale parses and orders the values of one kind of cursor.
type scale[T any] interface {
	axis[T]
	parse(v any) (T, error)
}

// readState reads the state of one cursor; nil: there is none. start is the value that a first read
// begins at.
func readState[T any](s scale[T], field string, start T, state *value.Dict) (*coverage[T], error) {
	if state == nil {
		state = value.NewDict(1)
	}
	switch kind, _ := state.Get(memberType); kind {
	case "date-range", "integer":
		return readSpans(s, state)
	}
	k := &coverage[T]{since: start, legacy: state.Clone()}
	if v, ok := state.Get(field); ok {
		at, err := s.parse(v)
		if err != nil {
			return nil, fmt.Errorf("state: %s: %w", field, err)
		}
		if s.truthy(at) {
			earlier, err := s.less(at, start)
			if err != nil {
				return nil, fmt.Errorf("state: %s: %w", field, err)
			}
			if !earlier {
				k.since = at
			}
		}
	}
	k.spans = []span[T]{{start: start, end: k.since, most: k.since, hasMost: true, onward: fromMost}}
	return k, nil
}

func readSpans[T any](s scale[T], state *value.Dict) (*coverage[T], error) {
	k := &coverage[T]{legacy: value.NewDict(1)}
	if v, ok := state.Get(memberLegacy); ok {
		legacy, ok := v.(*value.Dict)
		if !ok {
			return nil, fmt.Errorf("state: legacy is a %s, expected an object", value.TypeName(v))
		}
		k.legacy = legacy.Clone()
	}
	v, _ := state.Get(memberSlices)
	list, ok := v.(*value.List)
	if !ok {
		return nil, fmt.Errorf("state: slices is a %s, expected a list", value.TypeName(v))
	}
	for i, v := range list.All() {
		d, ok := v.(*value.Dict)
		if !ok {
			return nil, fmt.Errorf("state: slices[%d] is a %s, expected an object", i, value.TypeName(v))
		}
		read, err := readSpan(s, d)
		if err != nil {
			return nil, fmt.Errorf("state: slices[%d]: %w", i, err)
		}
		k.spans = append(k.spans, read)
	}
	if len(k.spans) == 0 {
		return nil, errors.New("state: slices is empty, expected at least one")
	}
	k.since = k.spans[0].end
	if k.spans[0].hasMost {
		k.since = k.spans[0].most
	}
	return k, nil
}

func readSpan[T any](s scale[T], d *value.Dict) (out span[T], err error) {
	for _, m := range []struct {
		name string
		into *T
	}{{memberStart, &out.start}, {memberEnd, &out.end}, {memberMost, &out.most}} {
		v, ok := d.Get(m.name)
		if !ok && m.name == memberMost {
			continue
		}
		if !ok {
			return out, fmt.Errorf("%s is missing", m.name)
		}
		if *m.into, err = s.parse(v); err != nil {
			return out, fmt.Errorf("%s: %w", m.name, err)
		}
		out.hasMost = m.name == memberMost
	}
	return out, nil
}

// appendState writes a state in the first form.
func (k *coverage[T]) appendState(dst []byte, s axis[T], field string, format func(T) any) []byte {
	text := format(reached(s, k.spans))
	if k.legacy.Len() == 0 {
		return value.Append(dst, value.DictOf(field, text))
	}
	d := k.legacy.Clone()
	d.Set(field, text)
	return value.Append(dst, d)
}
