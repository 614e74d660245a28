package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"anytap/internal/sampleapi"
)

// TestEachKilledRunGetsFurther kills every run of a stream of several hundred partitions soon after
// its first line, until one comes to its end.
func TestEachKilledRunGetsFurther(t *testing.T) {
	t.Parallel()
	o := sampleapi.Options{Faults: map[sampleapi.System]sampleapi.Faults{sampleapi.Pullbay: {Latency: 5 * time.Millisecond}}}
	for i := range 400 {
		o.Businesses = append(o.Businesses, sampleapi.Business{ID: fmt.Sprintf("b-%d", i), Reviews: 2})
	}
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.Pullbay, o, map[string]any{"concurrency": 1})
			sel := selection{streams: []string{"reviews"}}
			want := slices.Sorted(slices.Values(ids(t, s.read(t, protocol, sel).mustSucceed(t).lines)))
			var kept []string
			// A run that has written all may still be killed before it has ended.
			for runs := 1; !slices.Equal(kept, want); runs++ {
				p := startChild(t, readArgs(t, protocol, s.file(t), sel)...)
				p.until(`"type":"RECORD"`)
				kill := time.AfterFunc(time.Second, func() { _ = p.cmd.Process.Kill() })
				o := p.end()
				kill.Stop()
				covered, state := lastState(t, protocol, o.lines)
				got := ids(t, o.lines[:covered])
				if len(got) == 0 {
					t.Fatalf("run %d got no further, behind %d of %d records", runs, len(kept), len(want))
				}
				before := len(kept)
				kept = append(kept, got...)
				slices.Sort(kept)
				if kept = slices.Compact(kept); len(kept) == before {
					t.Fatalf("run %d repeated what was read, behind %d of %d records", runs, before, len(want))
				}
				if o.code == 0 && runs == 1 {
					t.Fatal("no run was killed")
				}
				sel.state = state
			}
		})
	}
}

// TestCheckpointsKeepTheRealClock reads many partitions, of which few have records, as of a day.
// The clock stands still for what is read, but a large STATE still comes after a while.
func TestCheckpointsKeepTheRealClock(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(4 * time.Millisecond)
		if r.URL.Query().Get("group") == "7" {
			fmt.Fprint(w, `[{"id": 7}]`)
			return
		}
		fmt.Fprint(w, `[]`)
	}))
	t.Cleanup(server.Close)
	values := make([]any, 3000)
	for i := range values {
		values[i] = i
	}
	config := writeJSON(t, "config.json", map[string]any{"source": "rest", "base_url": server.URL, "concurrency": 4, "streams": []any{
		map[string]any{"name": "items", "path": "/items", "params": map[string]any{"group": "{value}"}, "values": values, "pagination": map[string]any{"type": "none"}},
	}})
	large := 0
	for line := range bytes.Lines(invoke(t, "--config", config, "--as-of", "2026-11-01T08:00:00Z").mustSucceed(t).out) {
		if bytes.Contains(line, []byte(`"STATE"`)) && len(line) > 6<<10 {
			large++
		}
	}
	if large == 0 {
		t.Error("no large STATE came during the read")
	}
}
