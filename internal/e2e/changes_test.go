package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
)

// TestAppendOnlyStreamsReadWhatIsNew checks that a read gives what came since the last complete
// one, once, and that a full refresh begins anew.
func TestAppendOnlyStreamsReadWhatIsNew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]resumeCase{
		"jsonplaceholder page":   {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "page", "page_size": 30}, sampleapi.Options{}},
		"jsonplaceholder offset": {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "offset", "page_size": 30}, sampleapi.Options{}},
		"jsonplaceholder cursor": {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "cursor", "page_size": 30}, sampleapi.Options{}},
		"full last page":         {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "page", "page_size": 25}, sampleapi.Options{}},
		"full last offset":       {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "offset", "page_size": 25}, sampleapi.Options{}},
		"full last cursor":       {sampleapi.JSONPlaceholder, "posts", map[string]any{"pagination": "cursor", "page_size": 25}, sampleapi.Options{}},
		"helpscout":              {sampleapi.HelpScout, "conversations", nil, sampleapi.Options{}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := startSample(t, c.system, c.options, c.settings)
				sel := selection{streams: []string{c.stream}}
				o := s.read(t, protocol, sel).mustSucceed(t)
				before := truth(t, s.server.Server, c.system, c.stream)
				mustHave(t, o.lines, before)
				for _, added := range []int{0, 3, 0, 40} {
					if err := s.server.Append(c.system, c.stream, added); err != nil {
						t.Fatal(err)
					}
					sel.state = o.state(t, protocol)
					requests := s.server.Stats(c.system).Requests
					o = s.read(t, protocol, sel).mustSucceed(t)
					now := truth(t, s.server.Server, c.system, c.stream)
					fresh := maps.Clone(now)
					maps.DeleteFunc(fresh, func(id, _ string) bool { return before[id] != "" })
					if len(fresh) != added {
						t.Fatalf("the sample added %d records, want %d", len(fresh), added)
					}
					mustHave(t, o.lines, fresh)
					if n := s.server.Stats(c.system).Requests - requests; n > 2+added/20 {
						t.Errorf("%d requests for %d new records", n, added)
					}
					before = now
				}
				sel.state, sel.fullRefresh = o.state(t, protocol), true
				mustHave(t, s.read(t, protocol, sel).mustSucceed(t).lines, before)
			})
		}
	}
}

// change is what happens to a list.
type change struct {
	insert, remove int  // rows at its beginning
	last           bool // remove the last record that was read, too
}

// TestRowsChangeBetweenRuns ends a read inside a page, changes the list, and resumes. Every record
// that was there all the time must come. Records may come twice only with a warning.
func TestRowsChangeBetweenRuns(t *testing.T) {
	t.Parallel()
	posts := func(pagination string) resumeCase {
		return resumeCase{sampleapi.JSONPlaceholder, "comments", map[string]any{"pagination": pagination, "page_size": 10}, sampleapi.Options{}}
	}
	for name, c := range map[string]resumeCase{
		"page": posts("page"), "offset": posts("offset"), "cursor": posts("cursor"),
		"helpscout": {sampleapi.HelpScout, "conversations", nil, sampleapi.Options{}},
		"pullbay":   {sampleapi.Pullbay, "reviews", map[string]any{"limit": 10}, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-7", Reviews: 500}}}},
	} {
		for _, what := range []change{{insert: 1}, {insert: 13}, {insert: 150}, {remove: 1}, {remove: 13}, {remove: 150}, {last: true}, {remove: 4, last: true}, {insert: 30, remove: 2}} {
			t.Run(fmt.Sprintf("%s %+v", name, what), func(t *testing.T) {
				t.Parallel()
				s := startSample(t, c.system, c.options, c.settings)
				list := c.stream
				if c.system == sampleapi.Pullbay {
					list += "/b-7"
				}
				sel := selection{streams: []string{c.stream}}
				first := s.with(map[string]any{"max_records": 237}).read(t, "singer", sel).mustSucceed(t)
				got := ids(t, first.lines)
				if len(got) != 237 {
					t.Fatalf("%d records before the break, want 237", len(got))
				}
				was := truth(t, s.server.Server, c.system, c.stream)
				what.apply(t, s, list, got)
				sel.state = first.state(t, "singer")
				second := s.read(t, "singer", sel).mustSucceed(t)
				mustLoseNothing(t, second, got, was, truth(t, s.server.Server, c.system, c.stream))
			})
		}
	}
}

// apply changes the list. read are the identities of the records that were read, in their order.
func (c change) apply(t *testing.T, s *sample, list string, read []string) {
	t.Helper()
	var gone []string
	for _, id := range read[:c.remove] {
		gone = append(gone, id[strings.LastIndex(id, "/")+1:])
	}
	if c.last {
		last := read[len(read)-1]
		gone = append(gone, last[strings.LastIndex(last, "/")+1:])
	}
	if err := s.server.Remove(s.system, list, gone...); err != nil {
		t.Fatal(err)
	}
	if err := s.server.Insert(s.system, list, c.insert); err != nil {
		t.Fatal(err)
	}
}

func mustLoseNothing(t *testing.T, second outcome, first []string, was, now map[string]string) {
	t.Helper()
	union := map[string]bool{}
	for _, id := range slices.Concat(first, ids(t, second.lines)) {
		union[id] = true
	}
	lost := 0
	for id := range was {
		if _, still := now[id]; still && !union[id] {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d records were lost\n%s", lost, len(was), second.logs)
	}
	again := duplicates(slices.Concat(first, ids(t, second.lines)))
	if len(again) > 0 && second.warnings() == 0 {
		t.Errorf("%d records came again without a warning", len(again))
	}
}

// TestRowsChangeDuringARead adds and removes rows between two pages of one read.
func TestRowsChangeDuringARead(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]sampleapi.Faults{
		"insert 1": {Insert: 3}, "insert 5": {Insert: 3, Rows: 5}, "remove 1": {Remove: 3}, "remove 5": {Remove: 3, Rows: 5},
		"remove 40": {Remove: 3, Rows: 40}, "append": {Append: 3, Rows: 12}, "edit": {Edit: 3, Rows: 5},
	} {
		for system, target := range map[string]faultTarget{
			"page":      {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 20}, "posts"},
			"offset":    {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 20, "pagination": "offset"}, "posts"},
			"cursor":    {sampleapi.JSONPlaceholder, "posts", map[string]any{"page_size": 20, "pagination": "cursor"}, "posts"},
			"helpscout": {sampleapi.HelpScout, "conversations", nil, "conversations"},
			"customers": {sampleapi.HelpScout, "customers", nil, "customers"},
			"pullbay":   {sampleapi.Pullbay, "reviews", map[string]any{"limit": 10}, "reviews"},
		} {
			t.Run(system+" "+name, func(t *testing.T) {
				t.Parallel()
				s := target.start(t, faults, sampleapi.Options{})
				was := truth(t, s.server.Server, target.system, target.truth)
				o := s.read(t, "singer", selection{streams: []string{target.stream}}).mustSucceed(t)
				mustLoseNothing(t, o, nil, was, truth(t, s.server.Server, target.system, target.truth))
			})
		}
	}
}
