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

// openForAll opens a cursor over partitions, of which more than one share a value.
func openForAll(t *testing.T, o tap.StartingPoint, log *slog.Logger, names ...string) tap.Cursor {
	t.Helper()
	f, err := buildAt(func() time.Time { return time.Date(2026, 1, 22, 8, 0, 0, 0, time.UTC) },
		"type: ReplicationKeyCursor\ncursor_field: u\n")
	if err != nil {
		t.Fatal(err)
	}
	f.(*ReplicationKey).log = log
	cursor, err := f.Open(o, partitionRouter{names: names})
	if err != nil {
		t.Fatal(err)
	}
	cursor.(*keyCursor).globalFrom = 1
	return cursor
}

// TestOneValueServesForAllHoweverManyAreInFlight wants the same state, and one warning, whether or
// not a partition is closed before the next one comes.
func TestOneValueServesForAllHoweverManyAreInFlight(t *testing.T) {
	values := map[string]string{"a": "2026-01-05", "b": "2026-01-16", "c": "2026-01-12"}
	for name, inFlight := range map[string]int{"one": 1, "two": 2, "all": 3} {
		t.Run(name, func(t *testing.T) {
			logs := &bytes.Buffer{}
			cursor := openForAll(t, tap.StartingPoint{}, slog.New(slog.NewTextHandler(logs, nil)), "a", "b", "c")
			var open []*tap.Slice
			end := func(most int) {
				for ; len(open) > most; open = open[1:] {
					p, _ := open[0].Partition.Get("p")
					cursor.Observe(open[0], tap.Record{Data: value.DictOf("u", values[p.(string)])})
					if err := cursor.Close(open[0]); err != nil {
						t.Fatal(err)
					}
				}
			}
			for s, err := range cursor.Slices(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				open = append(open, s)
				end(inFlight - 1)
			}
			end(0)
			cursor.Finish()
			const want = `{"state":{"u":"2026-01-16"},"use_global_cursor":true}`
			if got := string(value.AppendCompactSorted(nil, cursor.State())); got != want {
				t.Errorf("the state is %s, want %s", got, want)
			}
			if n := strings.Count(logs.String(), "too many partitions"); n != 1 {
				t.Errorf("%d warnings, want 1: %s", n, logs)
			}
		})
	}
}

// TestFinishedPartitionsAreReadWhereOneValueIsNew wants the partitions that an earlier run finished
// to be read, unless the value that serves for all is of that run: a new one passes what came to
// them since.
func TestFinishedPartitionsAreReadWhereOneValueIsNew(t *testing.T) {
	left := &state.Bookmark{Done: []string{state.HashKey(state.SliceKey(value.DictOf("p", "a"), nil))}}
	for name, test := range map[string]struct{ state, want string }{
		"a value of this run": {`{"use_global_cursor": false, "states": [{"partition": {"p": "a"}, "cursor": {"u": "2026-01-05"}}]}`, "b c a"},
		"a value of that run": {`{"use_global_cursor": true, "state": {"unfinished": {"begun": "2026-01-20T00:00:00Z"}}}`, "b c"},
	} {
		t.Run(name, func(t *testing.T) {
			cursor := openForAll(t, tap.StartingPoint{State: dictOf(t, test.state), Left: left}, slog.New(slog.DiscardHandler), "b", "c", "a")
			var got []string
			for s, err := range cursor.Slices(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				p, _ := s.Partition.Get("p")
				got = append(got, p.(string))
				if err := cursor.Close(s); err != nil {
					t.Fatal(err)
				}
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("read %s, want %s", text, test.want)
			}
		})
	}
}
