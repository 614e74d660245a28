package components_test

import (
	"strings"
	"testing"
	"time"
)

// TestAFailedRecordLosesNothing reads rows of which some have no value that a cursor can follow,
// with several slices and pages under way. Once the rows are mended, everything must have come.
func TestAFailedRecordLosesNothing(t *testing.T) {
	t.Parallel()
	seeds := uint64(4)
	if testing.Short() {
		seeds = 1
	}
	eachClockKind(t, func(t *testing.T, k clockKind, text string) {
		for seed := range seeds {
			failedRecord(t, k, text, seed)
		}
	})
}

func failedRecord(t *testing.T, k clockKind, paginator string, seed uint64) {
	// As in the reference runtime, a list ends the slice where it might be a number of seconds.
	k.sync = strings.Replace(k.sync, "datetime_format:", "cursor_datetime_formats: [\"%s\", \"%Y-%m-%dT%H:%M:%SZ\"]\n      datetime_format:", 1)
	l := newLife(t, k, paginator, seed)
	all, _ := l.api.listed()
	rows := len(all)
	l.api.broken = map[int64]bool{}
	for range 1 + l.random.IntN(4) {
		l.api.broken[all[l.random.IntN(rows/2)].ID] = true
	}
	part := 1 + l.random.IntN(3)
	_, err := l.run(clockRun{part: part})
	if failed := err != nil && strings.Contains(err.Error(), "cursor field"); failed != (k.sync != "") {
		t.Fatalf("seed %d: a run over broken rows ended with %v\n%s", seed, err, l.story())
	}
	l.api.pass(25 * time.Hour)
	l.api.broken = nil
	for range 2 + k.after {
		if ended, err := l.run(clockRun{part: part}); !ended {
			t.Fatalf("seed %d: a run over mended rows did not end: %v\n%s", seed, err, l.story())
		}
	}
	if missing := l.missing(rows); len(missing) > 0 {
		t.Fatalf("seed %d: lost %v\n%s", seed, missing, l.story())
	}
}
