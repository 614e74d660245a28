package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
)

// TestReadsEndWithoutFurtherRequests counts requests: each read ends as soon as the API says or
// shows that there is no more.
func TestReadsEndWithoutFurtherRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		target   faultTarget
		faults   sampleapi.Faults
		settings map[string]any
		records  int
		requests int
	}{
		"short page":             {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, map[string]any{"page_size": 30}, 100, 4},
		"short page, offset":     {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, map[string]any{"page_size": 30, "pagination": "offset"}, 100, 4},
		"short page, cursor":     {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, map[string]any{"page_size": 30, "pagination": "cursor"}, 100, 4},
		"last page full":         {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, map[string]any{"page_size": 50}, 100, 2},
		"clamped page":           {faultTargets()["jsonplaceholder"], sampleapi.Faults{Clamp: true}, nil, 100, 4},
		"clamped offset":         {faultTargets()["jsonplaceholder"], sampleapi.Faults{Clamp: true}, map[string]any{"pagination": "offset"}, 100, 4},
		"missing list, cursor":   {faultTargets()["jsonplaceholder"], sampleapi.Faults{MissingList: 3}, map[string]any{"pagination": "cursor"}, 50, 3},
		"total reached":          {faultTargets()["helpscout"], sampleapi.Faults{}, nil, 173, 4},
		"has_more is false":      {faultTargets()["pullbay"], sampleapi.Faults{CursorAtEnd: true}, nil, 48, 5},
		"managed, null":          {faultTargets()["pullbay, managed"], sampleapi.Faults{NullList: 1}, nil, 0, 3},
		"whole list in one page": {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, map[string]any{"page_size": 1000}, 100, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := test.target.start(t, test.faults, sampleapi.Options{RequestLog: 99}).with(test.settings)
			o := s.read(t, "airbyte", selection{streams: []string{test.target.stream}}).mustSucceed(t)
			if got := ids(t, o.lines); len(got) != test.records || len(duplicates(got)) > 0 {
				t.Errorf("%d records, %d of them twice; want %d\n%s", len(got), len(duplicates(got)), test.records, o.talk())
			}
			if stats := s.server.Stats(test.target.system); stats.Requests != test.requests {
				t.Errorf("%d requests, want %d: %v", stats.Requests, test.requests, stats.Pages("/"))
			}
		})
	}
}

// TestListsThatEndTooEarlyAreErrors checks that a page without records, where the API tells of
// more, is asked for again, and then an error behind the records that came.
func TestListsThatEndTooEarlyAreErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		target   faultTarget
		faults   sampleapi.Faults
		settings map[string]any
		records  int
		says     string
	}{
		"empty list":            {faultTargets()["jsonplaceholder"], sampleapi.Faults{EmptyList: 3}, nil, 50, "tells of 100"},
		"empty list, offset":    {faultTargets()["jsonplaceholder"], sampleapi.Faults{EmptyList: 3}, map[string]any{"pagination": "offset"}, 50, "tells of 100"},
		"null in place of list": {faultTargets()["jsonplaceholder"], sampleapi.Faults{NullList: 3}, nil, 50, "null"},
		"missing list":          {faultTargets()["jsonplaceholder"], sampleapi.Faults{MissingList: 3}, nil, 50, "no list of records"},
		"helpscout, empty list": {faultTargets()["helpscout"], sampleapi.Faults{EmptyList: 3}, nil, 100, "tells of 173"},
		"helpscout, null":       {faultTargets()["helpscout"], sampleapi.Faults{NullList: 3}, nil, 100, "tells of 173"},
		"helpscout, missing":    {faultTargets()["helpscout"], sampleapi.Faults{MissingList: 3}, nil, 100, "no list of records"},
		"no cursor":             {faultTargets()["pullbay"], sampleapi.Faults{NoCursor: 2}, nil, 43, "pagination.has_more says so"},
		"managed, missing":      {faultTargets()["pullbay, managed"], sampleapi.Faults{MissingList: 1}, nil, 0, "no list of records"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := map[string]any{"max_retries": 1}
			maps.Copy(settings, test.settings)
			s := test.target.start(t, test.faults, sampleapi.Options{}).with(settings)
			o := s.read(t, "airbyte", selection{streams: []string{test.target.stream}})
			if o.code != 1 || !strings.Contains(o.talk(), test.says) {
				t.Errorf("exit code %d, want 1, and %q\n%s", o.code, test.says, o.talk())
			}
			if got := ids(t, o.lines); len(got) != test.records || len(duplicates(got)) > 0 {
				t.Errorf("%d records, %d of them twice; want %d", len(got), len(duplicates(got)), test.records)
			}
		})
	}
}

// TestPagesThatRepeatAreAnError checks that a page which comes again soon gives a clear error, and
// no record twice.
func TestPagesThatRepeatAreAnError(t *testing.T) {
	t.Parallel()
	json, pullbay := faultTargets()["jsonplaceholder"], faultTargets()["pullbay"]
	for name, test := range map[string]struct {
		target   faultTarget
		faults   sampleapi.Faults
		settings map[string]any
		records  int // before the error
	}{
		"ignored page":        {json, sampleapi.Faults{IgnorePaging: true}, nil, 100},
		"ignored offset":      {json, sampleapi.Faults{IgnorePaging: true}, map[string]any{"pagination": "offset"}, 100},
		"the same cursor":     {pullbay, sampleapi.Faults{StuckCursor: 2}, nil, 43},
		"the first cursor":    {pullbay, sampleapi.Faults{StuckCursor: 1}, nil, 23},
		"an earlier cursor":   {pullbay, sampleapi.Faults{RepeatCursor: 3}, nil, 48},
		"a stuck empty page":  {pullbay, sampleapi.Faults{StuckCursor: 2, EmptyList: 2}, nil, 23},
		"a circle of nothing": {pullbay, sampleapi.Faults{RepeatCursor: 3, EmptyList: 2}, nil, 23},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := test.target.start(t, test.faults, sampleapi.Options{}).with(test.settings)
				o := s.read(t, protocol, selection{streams: []string{test.target.stream}})
				if o.code != 1 {
					t.Errorf("exit code %d, want 1", o.code)
				}
				if got := ids(t, o.lines); len(got) != test.records || len(duplicates(got)) > 0 {
					t.Errorf("%d records, %d of them twice; want %d", len(got), len(duplicates(got)), test.records)
				}
				if n := s.server.Stats(test.target.system).Requests; n > 12 {
					t.Errorf("%d requests until the error", n)
				}
				o.mustSay(t, "pages repeat", "stream "+test.target.stream)
				mustReportFailure(t, protocol, o, test.target.stream)
			})
		}
	}
}

// TestJSONServer1IsRead reads json-server 1.x. It has another name for the page size, wraps its
// pages, and past the end repeats the last one.
func TestJSONServer1IsRead(t *testing.T) {
	t.Parallel()
	for _, pagination := range []string{"page", "offset", "cursor"} {
		for _, size := range []int{7, 25} { // with a short last page, and without
			t.Run(fmt.Sprint(pagination, size), func(t *testing.T) {
				t.Parallel()
				target := faultTargets()["jsonplaceholder"]
				s := target.start(t, sampleapi.Faults{JSONServer1: true}, sampleapi.Options{})
				s = s.with(map[string]any{"pagination": pagination, "page_size": size})
				if pagination == "page" {
					s = s.with(map[string]any{"size_param": "_per_page"})
				}
				target.must(t, s, "airbyte")
			})
		}
	}
	target := faultTargets()["jsonplaceholder"]
	s := target.start(t, sampleapi.Faults{JSONServer1: true}, sampleapi.Options{})
	o := s.read(t, "singer", selection{streams: []string{"posts"}})
	if got := ids(t, o.lines); o.code != 1 || len(duplicates(got)) > 0 {
		t.Errorf("asked by the earlier names: exit code %d, %d records twice; want an error and none", o.code, len(duplicates(got)))
	}
	o.mustSay(t, "pages repeat", "page size")
}

// TestRefusedCursorsStartTheirPartitionAnew checks that the partition of a refused cursor, and no
// other, is read again from its beginning, with a warning.
func TestRefusedCursorsStartTheirPartitionAnew(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]sampleapi.Faults{"expired": {ExpiredCursor: 2}, "foreign": {ForeignCursor: 2}} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				target := faultTargets()["pullbay"]
				s := target.start(t, sampleapi.Faults{}, sampleapi.Options{RequestLog: 99}).with(map[string]any{"concurrency": 1})
				sel := selection{streams: []string{"reviews"}}
				first := s.with(map[string]any{"max_requests": 4}).read(t, protocol, sel).mustSucceed(t)
				if n := len(ids(t, first.lines)); n != 43 {
					t.Fatalf("%d records before the break, want 43", n)
				}
				s.server.SetFaults(target.system, faults)
				before := s.server.Stats(target.system).Requests
				sel.state = first.state(t, protocol)
				second := s.read(t, protocol, sel).mustSucceed(t)
				if got := len(ids(t, second.lines)); got != 45 {
					t.Errorf("%d records after the break, want the whole partition of 45", got)
				}
				if n := s.server.Stats(target.system).Requests - before; n != 4 {
					t.Errorf("%d requests after the break, want the refused one and the partition's three", n)
				}
				if second.warnings() != 1 {
					t.Errorf("%d warnings, want one:\n%s", second.warnings(), second.talk())
				}
				second.mustSay(t, "b-2", "beginning")
			})
		}
	}
}

// TestCursorExpiresDuringARead checks that a long read goes on when its cursor expires: it reads
// the partition again, with a warning.
func TestCursorExpiresDuringARead(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]sampleapi.Faults{"expired": {ExpiredCursor: 2}, "foreign": {ForeignCursor: 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := faultTargets()["pullbay"]
			s := target.start(t, faults, sampleapi.Options{})
			o := s.read(t, "airbyte", selection{streams: []string{"reviews"}}).mustSucceed(t)
			got := slices.Compact(slices.Sorted(slices.Values(ids(t, o.lines))))
			if want := sortedIDs(truth(t, s.server.Server, s.system, "reviews")); !slices.Equal(got, want) {
				t.Errorf("%d different records, want %d", len(got), len(want))
			}
			if o.warnings() == 0 {
				t.Errorf("no warning:\n%s", o.talk())
			}
		})
	}
}
