package e2e

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

var issuedAt = regexp.MustCompile(`"issued_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)

// TestBookmarksHoldThePlace compares the bookmarks of reads that end inside the first page, inside
// a later one, and at the end.
func TestBookmarksHoldThePlace(t *testing.T) {
	t.Parallel()
	posts := func(pagination string) faultTarget {
		return faultTarget{sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 30, "pagination": pagination}, "posts"}
	}
	pullbay, managed := faultTargets()["pullbay"], faultTargets()["pullbay, managed"]
	for name, test := range map[string]struct {
		target             faultTarget
		first, later, done string
	}{
		"page":   {posts("page"), `{"page":1,"last_id":10,`, `{"page":2,"last_id":35,`, `{"page":4,"last_id":100,`},
		"offset": {posts("offset"), `{"offset":0,"last_id":10,`, `{"offset":30,"last_id":35,`, `{"offset":90,"last_id":100,`},
		"cursor": {posts("cursor"), `{"cursor":null,"last_id":10,`, `{"cursor":31,"last_id":35,"issued_at":"NOW",`, `{"cursor":91,"last_id":100,"issued_at":"NOW",`},
		"partitions": {pullbay, `{"partitions":[{"partition":{"business_id":"b-2"},"cursor":null,"last_id":"34999999994",`,
			`{"partitions":[{"partition":{"business_id":"b-2"},"cursor":"OPAQUE","last_id":"34999999969","issued_at":"NOW",`, `{"__ab_no_cursor_state_message":true}`},
		"partitions, one page": {managed, `{"partitions":[{"partition":{"business_id":"b-2"},"last_id":"34999999994",`,
			`{"partitions":[{"partition":{"business_id":"b-2"},"last_id":"34999999969",`, `{"__ab_no_cursor_state_message":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := test.target.start(t, sampleapi.Faults{}, sampleapi.Options{}).with(map[string]any{"concurrency": 1})
			for most, want := range map[any]string{10: test.first, 35: test.later, nil: test.done} {
				o := s.with(map[string]any{"max_records": most}).read(t, "airbyte", selection{streams: []string{test.target.stream}}).mustSucceed(t)
				got := string(bookmarkOf(t, o))
				got = issuedAt.ReplaceAllString(got, `"issued_at":"NOW"`)
				got = regexp.MustCompile(`"cursor":"[^"]{20,}"`).ReplaceAllString(got, `"cursor":"OPAQUE"`)
				if len(got) < len(want) || got[:len(want)] != want {
					t.Errorf("after %v records: %s, want %s…", most, got, want)
				}
			}
		})
	}
}

// TestCheckpointsInsideLongPages compares the records between the STATE lines of one answer with
// the counts in them.
func TestCheckpointsInsideLongPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system   sampleapi.System
		stream   string
		settings map[string]any
		want     []int
	}{
		"the default":  {sampleapi.Pullbay, "reviews", map[string]any{"pagination": "managed"}, []int{1000, 1000, 500}},
		"set":          {sampleapi.Pullbay, "reviews", map[string]any{"pagination": "managed", "checkpoint_records": 800}, []int{800, 800, 800, 100}},
		"one page":     {sampleapi.JSONPlaceholder, "photos", map[string]any{"page_size": 5000}, []int{1000, 1000, 1000, 1000, 1000}},
		"after a page": {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 40}, []int{40, 40, 20}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := startSample(t, test.system, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 2500}}}, test.settings)
				o := s.read(t, protocol, selection{streams: []string{test.stream}}).mustSucceed(t)
				var got []int
				n := 0
				for _, line := range o.lines {
					switch {
					case line.Type == "RECORD":
						n++
					case line.Type == "STATE" && n > 0:
						if line.State != nil && int(line.State.SourceStats.RecordCount) != n {
							t.Errorf("a STATE says that it covers %v records, want %d", line.State.SourceStats.RecordCount, n)
						}
						got = append(got, n)
						n = 0
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(test.want) || n > 0 {
					t.Errorf("STATE came after %v records and %d have none, want %v", got, n, test.want)
				}
			})
		}
	}
}

// TestOldCursorsAreNotSent resumes from cursors of some time ago. Those that may still be valid are
// sent. Of older ones the partition, and no other, is read again, and the API is not asked.
func TestOldCursorsAreNotSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age                         time.Duration
		records, requests, warnings int
	}{
		"yesterday": {23 * time.Hour, 5, 1, 0},
		"too old":   {25 * time.Hour, 45, 3, 1},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := faultTargets()["pullbay"].start(t, sampleapi.Faults{}, sampleapi.Options{}).with(map[string]any{"concurrency": 1})
				sel := selection{streams: []string{"reviews"}}
				first := s.with(map[string]any{"max_requests": 4}).read(t, protocol, sel).mustSucceed(t)
				state, err := os.ReadFile(first.state(t, protocol))
				if err != nil {
					t.Fatal(err)
				}
				issued := fmt.Sprintf(`"issued_at":"%s"`, time.Now().Add(-test.age).UTC().Format(time.RFC3339))
				sel.state = golden.TempFile(t, "state.json", issuedAt.ReplaceAllString(string(state), issued))
				before := s.server.Stats(s.system).Requests
				second := s.read(t, protocol, sel).mustSucceed(t)
				if got := len(ids(t, second.lines)); got != test.records {
					t.Errorf("%d records, want %d", got, test.records)
				}
				if n := s.server.Stats(s.system).Requests - before; n != test.requests {
					t.Errorf("%d requests, want %d", n, test.requests)
				}
				if n := second.warnings(); n != test.warnings {
					t.Errorf("%d warnings, want %d\n%s", n, test.warnings, second.talk())
				}
			})
		}
	}
}
