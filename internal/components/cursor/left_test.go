package cursor

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

func windowDict(low, high string) *value.Dict {
	return value.DictOf("start_time", low, "end_time", high)
}

// TestWindowsThatAreNotGoneOnWith wants the reason why an unfinished window is not given out.
func TestWindowsThatAreNotGoneOnWith(t *testing.T) {
	for name, test := range map[string]struct {
		yaml   string
		window *value.Dict
		want   string // empty: it is given out first
	}{
		"a window":                        {suiteCursor, windowDict("2026-01-01", "2026-01-05"), ""},
		"one that ends before the start":  {suiteCursor, windowDict("2025-01-01", "2025-12-31"), "ends before start_datetime"},
		"one that is longer than a step":  {suiteCursor + "step: P4D\ncursor_granularity: P1D\n", windowDict("2026-01-01", "2026-01-09"), "longer than step"},
		"one that is as long as a step":   {suiteCursor + "step: P4D\ncursor_granularity: P1D\n", windowDict("2026-01-01", "2026-01-04"), ""},
		"one in another format":           {suiteCursor, windowDict("01/02/2026", "01/05/2026"), "none of times"},
		"one with other names":            {suiteCursor, value.DictOf("from", "2026-01-01", "to", "2026-01-05"), "none of times"},
		"one that ends before it begins":  {suiteCursor, windowDict("2026-01-05", "2026-01-01"), "none of times"},
		"one with more than its two ends": {suiteCursor, value.DictOf("start_time", "2026-01-01", "end_time", "2026-01-05", "x", "y"), "none of times"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused string
			o := tap.StartingPoint{
				Left:   &state.Bookmark{Slices: []state.SlicePosition{{Partition: value.NewDict(0), Window: test.window}}},
				Unused: func(_ state.SlicePosition, reason string) { refused = reason },
			}
			cursor := openCursor(t, test.yaml, o, nil)
			var first string
			for s, err := range cursor.Slices(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				first = s.Key()
				break
			}
			if reopened := first == state.SliceKey(value.NewDict(0), test.window); reopened != (test.want == "") || !strings.Contains(refused, test.want) || test.want == "" && refused != "" {
				t.Errorf("the first slice is %s, refused: %q; want %q", first, refused, test.want)
			}
		})
	}
}

// TestTheRestBeginsWhereTheUnfinishedWindowsCameTo reads what another run left, and wants the
// windows in their order.
func TestTheRestBeginsWhereTheUnfinishedWindowsCameTo(t *testing.T) {
	empty := value.NewDict(0)
	steps := suiteCursor + "step: P4D\ncursor_granularity: P1D\n"
	open := func(low, high string, greatest any, inner bool) state.SlicePosition {
		return state.SlicePosition{Partition: empty, Window: windowDict(low, high), Greatest: greatest, Inner: inner}
	}
	for name, test := range map[string]struct {
		yaml  string
		state *value.Dict
		left  state.Bookmark
		fails int // the number of the slice that is not closed, from 1
		want  string
		after string // the state in the end
	}{
		"a window that ended then": {suiteCursor, nil,
			state.Bookmark{Slices: []state.SlicePosition{open("2026-01-01", "2026-01-10", "2026-01-08", false)}}, 0,
			"2026-01-01/2026-01-10 2026-01-08/2026-01-20", "2026-01-08"},
		"a window that ended then, without a value": {suiteCursor, nil,
			state.Bookmark{Slices: []state.SlicePosition{open("2026-01-01", "2026-01-10", nil, false)}}, 0,
			"2026-01-01/2026-01-10 2026-01-01/2026-01-20", "2026-01-01"},
		"an inner window": {steps, nil,
			state.Bookmark{Slices: []state.SlicePosition{open("2026-01-01", "2026-01-04", "2026-01-02", true)}}, 0,
			"2026-01-01/2026-01-04 2026-01-05/2026-01-08 2026-01-09/2026-01-12 2026-01-13/2026-01-16 2026-01-17/2026-01-20", "2026-01-02"},
		"an unfinished window that fails again": {suiteCursor, nil,
			state.Bookmark{Slices: []state.SlicePosition{open("2026-01-01", "2026-01-10", "2026-01-08", false)}}, 1,
			"2026-01-01/2026-01-10 2026-01-10/2026-01-20", "2026-01-01"},
		"windows that are finished behind one that is not": {steps, nil,
			state.Bookmark{Finished: []state.FinishedWindow{{Partition: empty, Window: windowDict("2026-01-05", "2026-01-16"), Greatest: "2026-01-11", Inner: true}}}, 0,
			"2026-01-01/2026-01-04 2026-01-17/2026-01-20", "2026-01-11"},
		"finished windows that reach the end": {steps, nil,
			state.Bookmark{Finished: []state.FinishedWindow{{Partition: empty, Window: windowDict("2026-01-05", "2026-01-20"), Greatest: "2026-01-19"}}}, 0,
			"2026-01-01/2026-01-04", "2026-01-19"},
		"first windows without a value": {steps, nil,
			state.Bookmark{Finished: []state.FinishedWindow{{Partition: empty, Window: windowDict("2026-01-01", "2026-01-12"), Inner: true}}}, 0,
			"2026-01-13/2026-01-16 2026-01-17/2026-01-20", "2026-01-01"},
		"a lookback does not let the state pass the first run": {suiteCursor + "lookback_window: P3D\n", value.DictOf("u", "2026-01-05"),
			state.Bookmark{Slices: []state.SlicePosition{open("2026-01-02", "2026-01-10", "2026-01-12", false)}}, 0,
			"2026-01-02/2026-01-10 2026-01-12/2026-01-20", "2026-01-10"},
	} {
		t.Run(name, func(t *testing.T) {
			cursor := openCursor(t, test.yaml+"end_datetime: \"2026-01-20\"\n", tap.StartingPoint{State: test.state, Left: &test.left}, nil)
			var got []string
			for s, err := range cursor.Slices(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				low, _ := s.Window.Get("start_time")
				high, _ := s.Window.Get("end_time")
				got = append(got, low.(string)+"/"+high.(string))
				if len(got) != test.fails {
					if err := cursor.Close(s); err != nil {
						t.Fatal(err)
					}
				}
				cursor.Abilities().Ended(s)
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("windows %s\nwant    %s", text, test.want)
			}
			if u, _ := cursor.State().Get("u"); u != test.after {
				t.Errorf("the state is %v, want %s", u, test.after)
			}
		})
	}
}

// TestABrokenFinishedWindowIsSaid wants it to be read again, with a warning.
func TestABrokenFinishedWindowIsSaid(t *testing.T) {
	logs := &bytes.Buffer{}
	left := &state.Bookmark{Finished: []state.FinishedWindow{{Partition: value.NewDict(0), Window: windowDict("soon", "later")}}}
	cursor := openCursor(t, suiteCursor, tap.StartingPoint{Left: left}, slog.New(slog.NewTextHandler(logs, nil)))
	n := 0
	for range cursor.Slices(t.Context()) {
		n++
	}
	if n != 1 || !strings.Contains(logs.String(), "is read again") {
		t.Errorf("%d windows, logs %s", n, logs)
	}
}

// openCursor opens the cursor of a manifest at 2026-01-22; log is nil where nobody reads it.
func openCursor(t *testing.T, text string, o tap.StartingPoint, log *slog.Logger) tap.Cursor {
	t.Helper()
	f, err := buildAt(func() time.Time { return time.Date(2026, 1, 22, 8, 0, 0, 0, time.UTC) }, text)
	if err != nil {
		t.Fatal(err)
	}
	if log != nil {
		f.(*Datetime).log = log
	}
	cursor, err := f.Open(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cursor
}

// TestFinishedPartitionsGoOnWhereTheReadWas goes on with a read of two partitions that one cursor
// follows. Partition a is finished, and b is not.
func TestFinishedPartitionsGoOnWhereTheReadWas(t *testing.T) {
	const yaml = suiteCursor + "global_substream_cursor: true\n"
	a := []string{state.HashKey(state.SliceKey(value.DictOf("p", "a"), nil))}
	at := func(day int) time.Time { return time.Date(2026, 1, day, 8, 0, 0, 0, time.UTC) } // it is the 22nd
	for name, test := range map[string]struct {
		left  state.Bookmark
		value string // of the record of b
		fails bool   // b does
		want  string // where a goes on
		from  string // as the bookmark has it then
	}{
		"behind what the first run left":             {state.Bookmark{Done: a, Begun: at(1), Newest: "2026-01-09", From: "2026-01-08"}, "2026-01-20", false, "2026-01-08", "2026-01-19"},
		"also where another one fails":               {state.Bookmark{Done: a, Begun: at(1), Newest: "2026-01-09", From: "2026-01-08"}, "2026-01-20", true, "2026-01-08", "2026-01-08"},
		"no value was known: by the clock":           {state.Bookmark{Done: a, Begun: at(18)}, "2026-01-20", false, "2026-01-16", "2026-01-19"},
		"no value was known, and the clock was back": {state.Bookmark{Done: a, Begun: at(28)}, "2026-01-20", false, "2026-01-01", "2026-01-19"},
		"a window of its last turn is finished": {state.Bookmark{Done: a, Begun: at(1), Newest: "2026-01-09", From: "2026-01-08",
			Finished: []state.FinishedWindow{{Partition: value.DictOf("p", "a"), Window: windowDict("2026-01-08", "2026-01-15"), Greatest: "2026-01-14"}}}, "2026-01-20", true, "2026-01-14", "2026-01-08"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := buildAt(func() time.Time { return at(22) }, yaml)
			if err != nil {
				t.Fatal(err)
			}
			cursor, err := f.Open(tap.StartingPoint{Left: &test.left, State: value.DictOf("use_global_cursor", true)}, partitionRouter{names: []string{"a", "b"}})
			if err != nil {
				t.Fatal(err)
			}
			var order, went string
			for s, err := range cursor.Slices(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				name, _ := s.Partition.Get("p")
				if order += name.(string); name == "a" {
					low, _ := s.Window.Get("start_time")
					went = low.(string)
				} else {
					cursor.Observe(s, tap.Record{Data: value.DictOf("u", test.value)})
				}
				if name == "a" || !test.fails {
					if err := cursor.Close(s); err != nil {
						t.Fatal(err)
					}
				}
				cursor.Abilities().Ended(s)
			}
			b := &state.Bookmark{}
			cursor.Abilities().Leave(b)
			if order != "ba" || went != test.want || b.From != test.from {
				t.Errorf("partitions %s, a goes on at %s and from is %v; want ba, %s, %s", order, went, b.From, test.want, test.from)
			}
		})
	}
}
