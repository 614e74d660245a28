package tap

import (
	"fmt"
	"testing"

	"anytap/state"
)

// TestLimitedRunsGiveEveryRecordOnce: whatever the limit, each run ends with success and a state
// behind its last record, until one comes to the end.
func TestLimitedRunsGiveEveryRecordOnce(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{1, 2, 3, 4, 7, 18, 19} {
		for name, cursor := range map[string]partitionsOf{"one slice": {}, "partitions": {"a", "b", "c"}} {
			t.Run(fmt.Sprint(name, " by ", limit), func(t *testing.T) {
				t.Parallel()
				want, runs := 18*max(1, len(cursor)), 0
				var bookmark *state.Bookmark
				seen := 0
				for early := "--limit"; early != ""; runs++ {
					sink := &script{}
					selection := Selection{Stream: fakeStream("s", cursor, pagesOf{pages: 6, size: 3}), Bookmark: bookmark, Limit: limit}
					results, err := Read(t.Context(), []Selection{selection}, sink, ReadSettings{Source: "src", CheckpointRecords: 2})
					if err != nil || results[0].Err != nil {
						t.Fatalf("run %d: %+v, %v", runs, results, err)
					}
					n := len(recordsOf(sink.lines))
					if early = results[0].Early; early != "" && int64(n) != limit {
						t.Errorf("run %d gave %d records, want %d", runs, n, limit)
					}
					seen += n
					_, bookmark = lastState(t, sink.lines)
					if runs > want+len(cursor)+1 {
						t.Fatalf("no end after %d runs and %d records of %d", runs, seen, want)
					}
				}
				if seen != want {
					t.Errorf("all runs together gave %d records, want %d", seen, want)
				}
			})
		}
	}
}

func TestALimitEndsNoOtherStream(t *testing.T) {
	t.Parallel()
	sink := &script{}
	results, err := Read(t.Context(), []Selection{
		{Stream: fakeStream("few", partitionsOf{}, pagesOf{pages: 9, size: 3}), Limit: 4},
		{Stream: fakeStream("all", partitionsOf{}, pagesOf{pages: 9, size: 3})},
	}, sink, ReadSettings{Source: "src"})
	if err != nil || results[0].Records != 4 || results[0].Early != LimitFlag || results[1].Records != 27 || results[1].Early != "" {
		t.Errorf("got %+v, %v; want 4 records of one and 27 of the other", results, err)
	}
}
