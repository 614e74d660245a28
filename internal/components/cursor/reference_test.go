package cursor

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// The files in testdata have what the reference runtime did with random configurations, states and
// records, a case on each line. CURSOR_CASES names a folder with more of them.

var nullLog = slog.New(slog.DiscardHandler)

// recordedAt is the time at which the cases were recorded.
var recordedAt = time.Date(2026, 11, 20, 10, 20, 30, 123_456_000, time.UTC)

func eachCase(t *testing.T, name string, run func(*testing.T, *value.Dict)) {
	t.Helper()
	dir := os.Getenv("CURSOR_CASES")
	if dir == "" {
		dir = "testdata"
	}
	n := 0
	golden.Lines(t, filepath.Join(dir, name), func(line []byte) {
		n++
		v, err := value.Decode(bytes.Clone(line))
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("case: %.3000s", value.Append(nil, v))
				}
			}()
			run(t, v.(*value.Dict))
		})
	})
}

// build compiles a component at the time of the recorded cases.
func build(config any) (contract.IncrementalSync, error) {
	return buildAt(atRecorded, string(value.Append(nil, config)))
}

func member[T any](d *value.Dict, name string) T {
	v, _ := d.Get(name)
	out, _ := v.(T)
	return out
}

func dictsOf(l *value.List) []*value.Dict {
	if l == nil {
		return nil
	}
	var out []*value.Dict
	for _, v := range l.All() {
		out = append(out, v.(*value.Dict))
	}
	return out
}

// opened opens the case's cursor and compares whether the reference runtime could too.
func opened(t *testing.T, c *value.Dict, r tap.PartitionRouter) tap.Cursor {
	t.Helper()
	f, err := build(member[*value.Dict](c, "config"))
	if err == nil {
		err = f.Validate(r)
	}
	var cursor tap.Cursor
	if err == nil {
		cursor, err = f.Open(tap.StartingPoint{State: member[*value.Dict](c, "state")}, r)
	}
	want := member[string](c, "open")
	if (want != "") != (err != nil) {
		t.Fatalf("open: error %v, the reference: %q", err, want)
	}
	if err != nil {
		return nil
	}
	return cursor
}

func sameState(t *testing.T, at string, cursor tap.Cursor, want any) {
	t.Helper()
	got := cursor.State()
	got.Delete("lookback_window") // seconds that a read took
	if !value.Equal(got, want) {
		t.Fatalf("%s: state %s, the reference: %s", at, value.Append(nil, got), value.Append(nil, want))
	}
}

func recordOf(field string, v any) *value.Dict {
	if v == "<missing>" {
		return value.LazyDict([]byte(`{"id":1}`))
	}
	raw := value.Append([]byte(`{"id":1,"`+field+`":`), v)
	return value.LazyDict(append(raw, '}'))
}

func sameKeep(t *testing.T, cursor tap.Cursor, s *tap.Slice, record *value.Dict, want any) {
	t.Helper()
	if want, ok := want.(bool); ok {
		if got := cursor.Abilities().Keep(s, record); got != want {
			t.Fatalf("keep %s: %v, the reference: %v", value.Append(nil, record), got, want)
		}
	}
}

func ends(s *tap.Slice) *value.List {
	keys := s.Window.Keys()
	low, _ := s.Window.Get(keys[0])
	high, _ := s.Window.Get(keys[1])
	if high == math.Inf(1) {
		high = "inf"
	}
	return value.NewList(low, high)
}

func sliceAll(cursor tap.Cursor, limit int) (slices []*tap.Slice, err error) {
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			return slices, err
		}
		if slices = append(slices, s); len(slices) == limit {
			break
		}
	}
	return slices, nil
}

func TestReferenceSingle(t *testing.T) { eachCase(t, "single.jsonl.gz", playOne("u")) }

func TestReferenceCounting(t *testing.T) { eachCase(t, "counting.jsonl.gz", playOne("n")) }

// playOne plays a case of a cursor without partitions.
func playOne(field string) func(*testing.T, *value.Dict) {
	return func(t *testing.T, c *value.Dict) {
		cursor := opened(t, c, nil)
		if cursor == nil {
			return
		}
		slices, err := sliceAll(cursor, 61)
		if want := member[string](c, "cut"); (want != "") != (err != nil) {
			t.Fatalf("slices: error %v, the reference: %q", err, want)
		}
		windows := value.NewList()
		for _, s := range slices {
			windows.Append(ends(s))
		}
		if want := member[*value.List](c, "windows"); !value.Equal(windows, want) {
			t.Fatalf("windows %s\nthe reference: %s", value.Append(nil, windows), value.Append(nil, want))
		}
		first, _ := c.Get("first")
		sameState(t, "before the first slice", cursor, first)
		for _, step := range dictsOf(member[*value.List](c, "steps")) {
			playStep(t, cursor, slices[member[int64](step, "slice")], field, step)
		}
	}
}

func playStep(t *testing.T, cursor tap.Cursor, s *tap.Slice, field string, step *value.Dict) {
	t.Helper()
	keep := member[*value.List](step, "keep")
	for i, v := range member[*value.List](step, "values").All() {
		record := recordOf(field, v)
		sameKeep(t, cursor, s, record, keep.At(i))
		cursor.Observe(s, tap.Record{Data: record})
	}
	_, broken := step.Get("failed")
	if err := cursor.Abilities().Failed(s); (err != nil) != broken {
		t.Fatalf("observe: error %v, the reference: %v", err, broken)
	}
	state, closes := step.Get("state")
	_, refused := step.Get("close")
	if closes || refused {
		if err := cursor.Close(s); (err != nil) != refused {
			t.Fatalf("close: error %v, the reference: %v", err, refused)
		}
	}
	if closes {
		sameState(t, "after "+s.Key(), cursor, state)
	}
	if want, ok := step.Get("split"); ok {
		parts := value.NewList()
		for _, part := range cursor.Abilities().Split(s, 0) {
			parts.Append(ends(part))
		}
		list, isList := want.(*value.List)
		if isList && !value.Equal(parts, list) || !isList && parts.Len() > 0 {
			t.Fatalf("split %s: %s, the reference: %s", s.Key(), value.Append(nil, parts), value.Append(nil, want))
		}
	}
}

// recordedRouter gives the partitions of a case; null stands for a parent that fails.
type recordedRouter struct {
	partitions, states *value.List
	group              bool
}

func (r *recordedRouter) ParentNames() []string { return nil }
func (r *recordedRouter) GlobalOnly() bool      { return r.group }

func (r *recordedRouter) Open(*value.Dict) (tap.Partitions, error) {
	return &recordedPartitions{recordedRouter: r}, nil
}

type recordedPartitions struct {
	*recordedRouter
	state *value.Dict
}

func (p *recordedPartitions) ParentState() *value.Dict { return p.state }

func (p *recordedPartitions) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for i, v := range p.partitions.All() {
			p.state = nil
			if d, ok := p.states.At(i).(*value.Dict); ok {
				p.state = d.Clone()
			}
			d, ok := v.(*value.Dict)
			if !ok {
				yield(nil, errors.New("the parent fails"))
				return
			}
			if !yield(tap.NewSlice(d, nil, nil), nil) {
				return
			}
		}
	}
}

func TestReferencePartitioned(t *testing.T) {
	eachCase(t, "partitioned.jsonl.gz", func(t *testing.T, c *value.Dict) {
		router := &recordedRouter{
			partitions: member[*value.List](c, "partitions"), states: member[*value.List](c, "parents"), group: member[bool](c, "group"),
		}
		cursor := opened(t, c, router)
		if cursor == nil {
			return
		}
		first, _ := c.Get("first")
		sameState(t, "before the first slice", cursor, first)
		next, stop := iter.Pull2(cursor.Slices(context.Background()))
		defer stop()
		var slices []*tap.Slice
		for i, event := range dictsOf(member[*value.List](c, "events")) {
			slices = playEvent(t, cursor, next, slices, event)
			if state, ok := event.Get("state"); ok {
				sameState(t, "event "+strconv.Itoa(i), cursor, state)
			}
		}
	})
}

func playEvent(t *testing.T, cursor tap.Cursor, next func() (*tap.Slice, error, bool), slices []*tap.Slice, event *value.Dict) []*tap.Slice {
	t.Helper()
	_, failed := event.Get("failed")
	if want, ok := event.Get("window"); ok {
		s, err, ok := next()
		if err != nil || !ok {
			t.Fatalf("slice %d: none (%v), the reference: %s", len(slices), err, value.Append(nil, event))
		}
		if partition, _ := event.Get("partition"); !value.Equal(ends(s), want) || !value.Equal(s.Partition, partition) {
			t.Fatalf("slice %s, the reference: %s", s.Key(), value.Append(nil, event))
		}
		return append(slices, s)
	}
	if member[bool](event, "end") {
		_, broken := event.Get("error")
		s, err, ok := next()
		if s != nil || ok != broken || (err != nil) != broken {
			t.Fatalf("no more slices: %v %v, the reference: %s", s, err, value.Append(nil, event))
		}
	}
	if v, ok := event.Get("observe"); ok {
		s := slices[v.(int64)]
		seen, _ := event.Get("value")
		record := recordOf("u", seen)
		keep, _ := event.Get("keep")
		sameKeep(t, cursor, s, record, keep)
		cursor.Observe(s, tap.Record{Data: record})
		if err := cursor.Abilities().Failed(s); (err != nil) != failed {
			t.Fatalf("observe: error %v, the reference: %v", err, failed)
		}
	}
	if v, ok := event.Get("close"); ok {
		if err := cursor.Close(slices[v.(int64)]); (err != nil) != failed {
			t.Fatalf("close: error %v, the reference: %v", err, failed)
		}
	}
	if member[bool](event, "finish") {
		cursor.Finish()
	}
	return slices
}
