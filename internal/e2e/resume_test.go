package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"anytap/internal/sampleapi"
)

// resumeCase is a stream of a system in one of its ways of paging.
type resumeCase struct {
	system   sampleapi.System
	stream   string
	settings map[string]any
	options  sampleapi.Options
}

func resumeCases() map[string]resumeCase {
	few := sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-0", Reviews: 0}, {ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 25}, {ID: "b-3", Reviews: 31}}}
	reviews := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "limit": 10, "checkpoint_records": 4, "concurrency": 2}
	}
	posts := func(pagination string) map[string]any {
		return map[string]any{"pagination": pagination, "page_size": 13, "checkpoint_records": 5}
	}
	return map[string]resumeCase{
		"jsonplaceholder page":   {sampleapi.JSONPlaceholder, "posts", posts("page"), sampleapi.Options{}},
		"jsonplaceholder offset": {sampleapi.JSONPlaceholder, "posts", posts("offset"), sampleapi.Options{}},
		"jsonplaceholder cursor": {sampleapi.JSONPlaceholder, "posts", posts("cursor"), sampleapi.Options{}},
		"helpscout page":         {sampleapi.HelpScout, "conversations", map[string]any{"status": "pending", "checkpoint_records": 10}, sampleapi.Options{}},
		"helpscout child":        {sampleapi.HelpScout, "conversation_threads", map[string]any{"status": "spam", "mailbox": "85001", "concurrency": 2}, sampleapi.Options{}},
		"helpscout unsorted":     {sampleapi.HelpScout, "customers", map[string]any{"checkpoint_records": 20}, sampleapi.Options{}},
		"pullbay standard":       {sampleapi.Pullbay, "reviews", reviews("standard"), few},
		"pullbay managed":        {sampleapi.Pullbay, "reviews", reviews("managed"), few},
	}
}

// TestResumeAfterAnyLine takes the first k lines of a read, for every k, as the output of one that
// was killed there. It resumes from the last STATE among them. Both reads together must be
// complete, and nothing from before that STATE may come again. Incremental and full reads both
// resume where they were stopped.
func TestResumeAfterAnyLine(t *testing.T) {
	t.Parallel()
	for name, c := range resumeCases() {
		for _, protocol := range protocols {
			for _, full := range []bool{false, true} {
				if testing.Short() && full != (protocol == "singer") {
					continue // with the race detector, half of it is enough
				}
				mode := map[bool]string{false: "incremental", true: "full"}[full]
				t.Run(name+" "+protocol+" "+mode, func(t *testing.T) {
					t.Parallel()
					s := startSample(t, c.system, c.options, c.settings)
					walkKills(t, s, protocol, selection{streams: []string{c.stream}, fullRefresh: full})
				})
			}
		}
	}
}

// walkKills resumes a read after each of its lines, but only once for lines with the same last
// STATE.
func walkKills(t *testing.T, s *sample, protocol string, sel selection) {
	t.Helper()
	whole := s.read(t, protocol, sel).mustSucceed(t)
	want := slices.Sorted(slices.Values(ids(t, whole.lines)))
	if twice := duplicates(want); len(twice) > 0 {
		t.Fatalf("a whole read gives %d records twice, for example %s", len(twice), twice[0])
	}
	if len(want) < 20 {
		t.Fatalf("only %d records to read", len(want))
	}
	byLine := idsByLine(t, whole.lines)
	first := func(n int) []string {
		return slices.DeleteFunc(slices.Clone(byLine[:n]), func(id string) bool { return id == "" })
	}
	resumed := map[string][]string{}
	covered, state, key := 0, "", ""
	end, _ := lastState(t, protocol, whole.lines) // after it the read is complete, and what follows is a new read
	for k := 1; k <= end; k++ {
		if whole.lines[k-1].Type == "STATE" {
			covered, state = lastState(t, protocol, whole.lines[:k])
			key = stateText(&whole.lines[k-1])
		}
		if _, ok := resumed[key]; !ok {
			sel.state = state
			resumed[key] = ids(t, s.read(t, protocol, sel).mustSucceed(t).lines)
		}
		checkResumed(t, k, first(covered), first(k), resumed[key], want)
	}
	if len(resumed) < 4 {
		t.Errorf("only %d places to resume from", len(resumed))
	}
}

func stateText(line *outputLine) string {
	text, _ := json.Marshal([]any{line.Value, line.State}) // it was read from JSON
	return string(text)
}

// checkResumed checks that both reads together are complete, and that nothing comes again that the
// state covered.
func checkResumed(t *testing.T, k int, covered, first, second, want []string) {
	t.Helper()
	union := map[string]bool{}
	for _, id := range slices.Concat(first, second) {
		union[id] = true
	}
	if got := slices.Sorted(maps.Keys(union)); !slices.Equal(got, want) {
		t.Fatalf("killed after line %d: the union has %d of %d records", k, len(got), len(want))
	}
	if again := duplicates(slices.Concat(covered, second)); len(again) > 0 {
		t.Fatalf("killed after line %d: %d records before the state came again, for example %s", k, len(again), again[0])
	}
}

// TestFullTableInWindowsIsResumed goes on from each STATE of a full read of a stream that could be
// read incrementally. It must not begin anew, unless the state is that of an incremental read.
func TestFullTableInWindowsIsResumed(t *testing.T) {
	t.Parallel()
	at := func(n int) string { return fmt.Sprintf("2026-01-%02dT08:00:00Z", n) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var items []map[string]any
		for n := 1; n <= 30; n++ {
			if from, to := r.FormValue("from"), r.FormValue("to"); (from == "" || from <= at(n)) && (to == "" || at(n) <= to) {
				items = append(items, map[string]any{"id": n, "updated_at": at(n)})
			}
		}
		page, _ := strconv.Atoi(r.FormValue("page"))
		start := min((page-1)*2, len(items))
		_ = json.NewEncoder(w).Encode(map[string]any{"items": items[start:min(start+2, len(items))]}) // the client may have gone
	}))
	t.Cleanup(server.Close)
	s := &sample{config: map[string]any{"source": "rest", "base_url": server.URL, "concurrency": 2, "streams": []any{map[string]any{
		"name": "items", "path": "/items", "primary_key": "id", "replication_key": "updated_at", "replication_param": "from", "end_param": "to",
		"start_value": "2026-01-01T00:00:00Z", "window_days": 5, "pagination": map[string]any{"type": "page", "page_size": 2},
	}}}}
	for _, full := range []bool{true, false} {
		sel := selection{streams: []string{"items"}, fullRefresh: full}
		whole := s.read(t, "singer", sel).mustSucceed(t)
		want := slices.Sorted(slices.Values(ids(t, whole.lines)))
		end, _ := lastState(t, "singer", whole.lines)
		for k := 1; k < end; k++ {
			if whole.lines[k-1].Type != "STATE" {
				continue
			}
			next := selection{streams: sel.streams, fullRefresh: true}
			_, next.state = lastState(t, "singer", whole.lines[:k])
			first, second := ids(t, whole.lines[:k]), ids(t, s.read(t, "singer", next).mustSucceed(t).lines)
			if !full {
				first = nil // a full read after an incremental one reads everything
			}
			union := slices.Compact(slices.Sorted(slices.Values(slices.Concat(first, second))))
			// The last record before the state may have others of the same time behind it.
			if again := len(first) + len(second) - len(union); again > 2 || !slices.Equal(union, want) {
				t.Fatalf("full %v, from line %d: %d records came before, %d after, %d of them again; there are %d", full, k, len(first), len(second), again, len(want))
			}
		}
	}
}
