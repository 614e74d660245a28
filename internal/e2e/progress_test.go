package e2e

import (
	"fmt"
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
