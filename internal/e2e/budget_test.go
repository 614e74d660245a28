package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/sampleapi"
)

// TestBudgetsEndRunsEarly reads a stream in several runs, each of which ends at its budget and
// resumes from the state of the one before. Each run exits with 0, says why it ended and uses no
// more than its budget. All together read each record once.
func TestBudgetsEndRunsEarly(t *testing.T) {
	t.Parallel()
	type budgetCase struct {
		target faultTarget
		budget map[string]any
		used   func(sampleapi.Stats, int) float64 // what a run has used
		most   float64
	}
	recordsOf := func(_ sampleapi.Stats, records int) float64 { return float64(records) }
	requestsOf := func(s sampleapi.Stats, _ int) float64 { return float64(s.Requests) }
	creditsOf := func(s sampleapi.Stats, _ int) float64 { return float64(s.Credits) }
	all := map[string]budgetCase{}
	for name, target := range faultTargets() {
		all[name+" records"] = budgetCase{target, map[string]any{"max_records": 17}, recordsOf, 17}
		// A token, the last page once more, and a new one.
		most := map[sampleapi.System]int{sampleapi.HelpScout: 3, sampleapi.JSONPlaceholder: 2, sampleapi.Pullbay: 1}[target.system]
		all[name+" requests"] = budgetCase{target, map[string]any{"max_requests": most}, requestsOf, float64(most)}
	}
	pullbay, managed := faultTargets()["pullbay"], faultTargets()["pullbay, managed"]
	pullbay.settings = map[string]any{"limit": 5}
	for _, concurrency := range []int{1, 4} {
		name := fmt.Sprintf("pullbay credits, concurrency %d", concurrency)
		all[name] = budgetCase{pullbay, map[string]any{"max_credits": 12, "concurrency": concurrency}, creditsOf, 12}
	}
	all["pullbay credits, less than a page"] = budgetCase{pullbay, map[string]any{"max_credits": 4}, creditsOf, 4}
	all["pullbay managed credits"] = budgetCase{managed, map[string]any{"max_credits": 1, "credit_cost": map[string]any{"per": "request"}}, creditsOf, 1}
	for name, c := range all {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := c.target.start(t, sampleapi.Faults{}, sampleapi.Options{}).with(c.budget)
				sel := selection{streams: []string{c.target.stream}}
				var lines []outputLine
				runs, early := 0, true
				for ; early && runs < 60; runs++ {
					before := s.server.Stats(c.target.system)
					o := s.read(t, protocol, sel).mustSucceed(t)
					got := len(ids(t, o.lines))
					after := s.server.Stats(c.target.system)
					after.Requests -= before.Requests
					after.Credits -= before.Credits
					if used := c.used(after, got); used > c.most {
						t.Fatalf("run %d used %g of a budget of %g", runs+1, used, c.most)
					}
					lines = append(lines, o.lines...)
					early = strings.Contains(o.talk(), "reached")
					sel.state = o.state(t, protocol)
				}
				if runs < 2 || early {
					t.Errorf("%d runs, the last of them ended early: %v", runs, early)
				}
				mustHave(t, lines, truth(t, s.server.Server, c.target.system, c.target.truth))
			})
		}
	}
}

// TestTimeBudgetEndsASlowRun checks that a run ends in time although the API is slow, and that the
// next one reads the rest. A budget that is too short for a first page is refused, so that it is
// raised until there is one, as on a slow machine.
func TestTimeBudgetEndsASlowRun(t *testing.T) {
	t.Parallel()
	for name, target := range faultTargets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := target.start(t, sampleapi.Faults{Latency: 100 * time.Millisecond}, sampleapi.Options{})
			sel := selection{streams: []string{target.stream}}
			var first outcome
			for budget := 0.05; ; budget *= 1.5 {
				begun := time.Now()
				first = s.with(map[string]any{"max_runtime": budget, "concurrency": 1}).read(t, "singer", sel)
				if took := time.Since(begun).Seconds(); took > budget+3 {
					t.Errorf("it took %.1f s, with a budget of %.1f s", took, budget)
				}
				if first.code == 0 || budget > 20 {
					break
				}
				first.mustSay(t, "max_runtime is too small")
			}
			first.mustSucceed(t)
			sel.state = first.state(t, "singer")
			second := s.read(t, "singer", sel).mustSucceed(t)
			mustHave(t, slices.Concat(first.lines, second.lines), truth(t, s.server.Server, target.system, target.truth))
		})
	}
}

// TestBudgetIsSharedByStreams reads all streams in runs of a few records.
func TestBudgetIsSharedByStreams(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.HelpScout, sampleapi.Options{}, map[string]any{"max_records": 400, "mailbox": "85003"})
			whole := s.with(map[string]any{"max_records": nil}).read(t, protocol, selection{}).mustSucceed(t)
			var sel selection
			union := map[string]bool{}
			for runs := 1; len(union) < len(ids(t, whole.lines)); runs++ {
				o := s.read(t, protocol, sel).mustSucceed(t)
				got := ids(t, o.lines)
				if len(got) > 400 || runs > 10 {
					t.Fatalf("run %d gave %d records, %d of %d so far", runs, len(got), len(union), len(ids(t, whole.lines)))
				}
				for _, id := range got {
					union[id] = true
				}
				sel.state = o.state(t, protocol)
			}
		})
	}
}
