package cursor

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/contract/contracttest"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// partitionRouter gives a partition for each text. One that follows says in its parents' state how
// many it gave, and leaves these out when it is opened with that state.
type partitionRouter struct {
	names   []string
	size    int // how many names make a group; 0: none do
	follows bool
}

func (r partitionRouter) GlobalOnly() bool    { return r.size > 0 }
func (partitionRouter) ParentNames() []string { return nil }

func (r partitionRouter) Open(state *value.Dict) (tap.Partitions, error) {
	p := &openPartitions{partitionRouter: r}
	if state == nil || !r.follows {
		return p, nil
	}
	if n, ok := value.At(state, "parent_state", "given"); ok {
		p.given = int(n.(int64))
	}
	return p, nil
}

type openPartitions struct {
	partitionRouter
	given int
}

func (p *openPartitions) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		if p.size > 0 {
			for group := range slices.Chunk(p.names, p.size) {
				if !yield(tap.NewSlice(value.DictOf("p", value.FromGo(group)), nil, nil), nil) {
					return
				}
			}
			return
		}
		for _, name := range p.names[p.given:] {
			p.given++
			if !yield(tap.NewSlice(value.DictOf("p", name), nil, nil), nil) {
				return
			}
		}
	}
}

func (p *openPartitions) ParentState() *value.Dict {
	if !p.follows {
		return nil
	}
	return value.DictOf("given", int64(p.given))
}

// dated are eight records of two or three partitions, some of one day, not in order.
func dated() []*value.Dict {
	var records []*value.Dict
	for i, r := range [][2]string{
		{"a", "2026-01-02"}, {"b", "2026-01-01"}, {"a", "2026-01-05"}, {"c", "2026-01-12"}, {"b", "2026-01-11"},
		{"a", "2026-01-05"}, {"c", "2026-01-03"}, {"b", "2026-01-16"},
	} {
		records = append(records, value.DictOf("id", int64(i), "p", r[0], "u", r[1]))
	}
	return records
}

// inWindow says whether an API that compares days gives a record for a slice.
func inWindow(s *tap.Slice, record *value.Dict) bool {
	if p, ok := s.Partition.Get("p"); ok {
		name, _ := record.Get("p")
		if group, isGroup := p.(*value.List); isGroup && !slices.Contains(group.Values(), name) || !isGroup && p != name {
			return false
		}
	}
	u, _ := record.Get("u")
	low, _ := s.Window.Get("start_time")
	high, _ := s.Window.Get("end_time")
	return low.(string) <= u.(string) && u.(string) <= high.(string)
}

const suiteCursor = `
type: DatetimeBasedCursor
cursor_field: u
datetime_format: "%Y-%m-%d"
cursor_datetime_formats: ["%s", "%Y-%m-%d"]
start_datetime: "2026-01-01"
`

// TestCursorsPassTheSuite puts each kind of cursor through what every cursor has to do.
func TestCursorsPassTheSuite(t *testing.T) {
	three := []string{"a", "b", "c"}
	followed := tap.PartitionRouter(&partitionRouter{names: three, follows: true})
	steps := suiteCursor + "step: P4D\ncursor_granularity: P1D\n"
	for name, test := range map[string]struct {
		yaml   string
		router tap.PartitionRouter
		lower  func(*partitioned) // lowers limits; nil: they stay
		again  int
	}{
		"one window":                   {suiteCursor, nil, nil, 1},
		"windows":                      {steps, nil, nil, 1},
		"windows that share borders":   {suiteCursor + "step: P4D\ncursor_granularity: PT0S\n", nil, nil, 1},
		"windows of whole weeks":       {steps + "clamping: {target: WEEK, target_details: {weekday: THURSDAY}}\n", nil, nil, 0},
		"a lookback window":            {steps + "lookback_window: P5D\n", nil, nil, 3},
		"windows that are not empty":   {steps + "is_compare_strictly: true\n", nil, nil, 1},
		"partitions":                   {suiteCursor, partitionRouter{names: three}, nil, 4},
		"partitions and windows":       {steps, partitionRouter{names: three}, nil, 4},
		"a parent that is followed":    {steps, followed, nil, 0},
		"one cursor for all":           {steps + "global_substream_cursor: true\n", partitionRouter{names: three}, nil, 1},
		"groups":                       {steps, partitionRouter{names: three, size: 2}, nil, 1},
		"more partitions than states":  {steps, partitionRouter{names: three}, func(c *partitioned) { c.globalFrom = 1 }, 1},
		"a lookback in each partition": {steps + "lookback_window: P5D\n", partitionRouter{names: three}, nil, 6},
	} {
		t.Run(name, func(t *testing.T) {
			contracttest.Cursor(t, contracttest.CursorCase{
				Start: time.Date(2026, 1, 22, 8, 0, 0, 0, time.UTC), Records: dated(), Answers: inWindow, Again: test.again,
				Broken: value.DictOf("u", value.NewList()), PartitionsEnd: test.router == followed,
				Open: func(now func() time.Time, state *value.Dict) (tap.Cursor, error) {
					f, err := buildAt(now, test.yaml)
					if err != nil {
						return nil, err
					}
					cursor, err := f.Open(tap.StartingPoint{State: state}, test.router)
					if c, ok := cursor.(*partitioned); ok && test.lower != nil {
						test.lower(c)
					}
					return cursor, err
				},
			})
		})
	}
}

func buildAt(now func() time.Time, text string) (contract.IncrementalSync, error) {
	n, err := manifest.Parse("test.yaml", []byte(text))
	if err == nil {
		n, err = manifest.Resolve(n)
	}
	if err != nil {
		return nil, err
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	c.Now, c.Log = now, slog.New(slog.DiscardHandler)
	return manifest.Build[contract.IncrementalSync](c, n)
}

// TestReplicationKeysPassTheSuite does the same for cursors over values as they come.
func TestReplicationKeysPassTheSuite(t *testing.T) {
	const yaml = "type: ReplicationKeyCursor\ncursor_field: u\n"
	const windows = yaml + "start_value: \"2026-01-01\"\nwindow: P4D\n"
	three := partitionRouter{names: []string{"a", "b", "c"}}
	for name, test := range map[string]struct {
		yaml   string
		router tap.PartitionRouter
		lower  func(*keyCursor) // lowers limits; nil: they stay
		again  int
	}{
		"one slice":                  {yaml, nil, nil, 1},
		"windows":                    {windows, nil, nil, 1},
		"a lookback":                 {yaml + "lookback: P5D\n", nil, nil, 3},
		"a filter here":              {yaml + "filter_here: true\n", nil, nil, 1},
		"partitions":                 {yaml, three, nil, 4},
		"partitions and windows":     {windows, three, nil, 4},
		"one value for all":          {yaml, three, func(c *keyCursor) { c.globalFrom = 1 }, 1},
		"one value for all, windows": {windows, three, func(c *keyCursor) { c.globalFrom = 1 }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			contracttest.Cursor(t, contracttest.CursorCase{
				Start: time.Date(2026, 1, 22, 8, 0, 0, 0, time.UTC), Records: dated(), Answers: inBounds, Again: test.again,
				Broken: value.DictOf("u", value.NewList()),
				Open: func(now func() time.Time, state *value.Dict) (tap.Cursor, error) {
					f, err := buildAt(now, test.yaml)
					if err != nil {
						return nil, err
					}
					cursor, err := f.Open(tap.StartingPoint{State: state}, test.router)
					if c, ok := cursor.(*keyCursor); ok && test.lower != nil {
						test.lower(c)
					}
					return cursor, err
				},
			})
		})
	}
}

// inBounds says whether an API with inclusive bounds gives a record for a slice.
func inBounds(s *tap.Slice, record *value.Dict) bool {
	if p, ok := s.Partition.Get("p"); ok {
		if name, _ := record.Get("p"); p != name {
			return false
		}
	}
	u, _ := record.Get("u")
	low, _ := s.Window.Get(keyFrom)
	high, _ := s.Window.Get(keyTo)
	return (low == nil || low.(string) <= u.(string)) && (high == nil || u.(string) <= high.(string))
}

// TestNumberCursorsPassTheSuite does the same for cursors over numbers and texts, which have one
// window without an end.
func TestNumberCursorsPassTheSuite(t *testing.T) {
	numbered := func(from any) []*value.Dict {
		var records []*value.Dict
		for i := range 6 {
			n := any(int64((i * 5) % 7))
			if _, isText := from.(string); isText {
				n = fmt.Sprintf("2026-01-%02d", n)
			}
			records = append(records, value.DictOf("id", int64(i), "u", n))
		}
		return records
	}
	for name, test := range map[string]struct {
		yaml, from string
		records    []*value.Dict
		broken     any
	}{
		"a counter":                 {"type: IncrementingCountCursor\ncursor_field: u\n", "start", numbered(int64(0)), "x"},
		"a replication key":         {"type: ReplicationKeyCursor\ncursor_field: u\n", "start_value", numbered(int64(0)), value.NewList()},
		"a replication key of text": {"type: ReplicationKeyCursor\ncursor_field: u\n", "start_value", numbered(""), value.NewList()},
	} {
		t.Run(name, func(t *testing.T) {
			contracttest.Cursor(t, contracttest.CursorCase{
				Start: time.Date(2026, 1, 22, 8, 0, 0, 0, time.UTC), Records: test.records, Again: 1,
				Broken: value.DictOf("u", test.broken),
				Answers: func(s *tap.Slice, record *value.Dict) bool {
					from, ok := s.Window.Get(test.from)
					u, _ := record.Get("u")
					less, err := value.Order("<", u, from)
					return !ok || err == nil && !less
				},
				Open: func(now func() time.Time, state *value.Dict) (tap.Cursor, error) {
					f, err := buildAt(now, test.yaml)
					if err != nil {
						return nil, err
					}
					return f.Open(tap.StartingPoint{State: state}, nil)
				},
			})
		})
	}
}
