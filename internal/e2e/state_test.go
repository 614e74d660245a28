package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestStateIsReadInEveryForm resumes from the same bookmark in every form that clients send.
func TestStateIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	s := faultTargets()["jsonplaceholder"].start(t, sampleapi.Faults{}, sampleapi.Options{})
	sel := selection{streams: []string{"posts"}}
	first := s.with(map[string]any{"max_records": 60}).read(t, "airbyte", sel).mustSucceed(t)
	bookmark := string(bookmarkOf(t, first))
	descriptor := `{"stream_descriptor":{"name":"posts","namespace":null},"stream_state":` + bookmark + `}`
	for name, test := range map[string]struct {
		protocol, state string
		records         int
	}{
		"list of messages":      {"airbyte", `[{"type":"STREAM","stream":` + descriptor + `}]`, 40},
		"PyAirbyte's":           {"airbyte", `[{"type":"STREAM","stream":` + descriptor + `,"global_":null,"data":null,"sourceStats":{"recordCount":60.0,"rejectedRecordCount":null},"destinationStats":null}]`, 40},
		"whole line":            {"airbyte", `{"type":"STATE","state":{"type":"STREAM","stream":` + descriptor + `}}`, 40},
		"legacy":                {"airbyte", `{"posts":` + bookmark + `}`, 40},
		"global":                {"airbyte", `[{"type":"GLOBAL","global":{"shared_state":{},"stream_states":[` + descriptor + `]}}]`, 40},
		"empty list":            {"airbyte", `[]`, 100},
		"empty object":          {"airbyte", `{}`, 100},
		"null":                  {"airbyte", `null`, 100},
		"reset of the stream":   {"airbyte", `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"posts"},"stream_state":null}}]`, 100},
		"foreign streams":       {"airbyte", `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"ghosts"},"stream_state":{"x":[1]}}},{"type":"STREAM","stream":` + descriptor + `}]`, 40},
		"singer":                {"singer", `{"bookmarks":{"posts":` + bookmark + `}}`, 40},
		"singer message":        {"singer", `{"type":"STATE","value":{"bookmarks":{"posts":` + bookmark + `}}}`, 40},
		"singer empty":          {"singer", `{}`, 100},
		"singer, no bookmark":   {"singer", `{"bookmarks":{"posts":{}}}`, 100},
		"the other protocol's":  {"singer", `{"bookmarks":{"posts":` + bookmark + `,"ghosts":{"x":1}},"other":7}`, 40},
		"singer, null bookmark": {"singer", `{"bookmarks":{"posts":null}}`, 100},
	} {
		t.Run(name, func(t *testing.T) {
			sel := sel
			sel.state = golden.TempFile(t, "state.json", test.state)
			o := s.read(t, test.protocol, sel).mustSucceed(t)
			if got := ids(t, o.lines); len(got) != test.records || got[len(got)-1] != "posts /100" {
				t.Errorf("%d records, want the last %d", len(got), test.records)
			}
		})
	}
}

// bookmarkOf is the last bookmark of a read of one stream. It is the same text in both protocols.
func bookmarkOf(t *testing.T, o outcome) json.RawMessage {
	t.Helper()
	for _, line := range slices.Backward(o.lines) {
		if line.Type == "STATE" && line.State != nil {
			return line.State.Stream.State
		}
		if line.Type == "STATE" {
			var value struct{ Bookmarks map[string]json.RawMessage }
			if err := json.Unmarshal(line.Value, &value); err != nil || len(value.Bookmarks) != 1 {
				t.Fatalf("%s: %v", line.Value, err)
			}
			for _, b := range value.Bookmarks {
				return b
			}
		}
	}
	t.Fatal("no state")
	return nil
}

// TestBothProtocolsCarryTheSameBookmark compares the bookmarks at the same place of the same read.
func TestBothProtocolsCarryTheSameBookmark(t *testing.T) {
	t.Parallel()
	for name, target := range faultTargets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := target.start(t, sampleapi.Faults{}, sampleapi.Options{}).with(map[string]any{"max_records": 13, "concurrency": 1})
			sel := selection{streams: []string{target.stream}}
			var bookmarks []string
			for _, protocol := range protocols {
				fields := decodeObject(t, bookmarkOf(t, s.read(t, protocol, sel).mustSucceed(t)))
				text := encode(t, withoutVolatile(fields))
				bookmarks = append(bookmarks, text)
			}
			if bookmarks[0] != bookmarks[1] || !strings.Contains(bookmarks[0], "last_id") && !strings.Contains(bookmarks[0], "cursor") {
				t.Errorf("airbyte %s\nsinger %s", bookmarks[0], bookmarks[1])
			}
		})
	}
}

// withoutVolatile drops what differs from run to run: opaque cursors, and when they were issued.
func withoutVolatile(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if name == "issued_at" || name == "cursor" {
				v[name] = fmt.Sprint(inner != nil)
				continue
			}
			v[name] = withoutVolatile(inner)
		}
	case []any:
		for i := range v {
			v[i] = withoutVolatile(v[i])
		}
	}
	return v
}

// TestForeignStatesAreRefused checks that a state which can not belong to the read is refused, with
// the reason, before anything is read.
func TestForeignStatesAreRefused(t *testing.T) {
	t.Parallel()
	s := faultTargets()["jsonplaceholder"].start(t, sampleapi.Faults{}, sampleapi.Options{})
	about := func(format, source, stream string) string {
		return fmt.Sprintf(`{"page":2,"last_id":60,"anytap":{"format":%s,"source":%q,"stream":%q}}`, format, source, stream)
	}
	for name, test := range map[string]struct{ state, want string }{
		"no JSON":         {`{"bookmarks":`, "not JSON"},
		"empty file":      {``, "the file is empty, expected JSON"},
		"a number":        {`7`, "expected"},
		"other system":    {about("1", "helpscout", "posts"), `belongs to the source "helpscout"`},
		"other stream":    {about("1", "jsonplaceholder", "todos"), `belongs to the stream "todos"`},
		"newer format":    {about("99", "jsonplaceholder", "posts"), "newer than this version"},
		"page is no page": {`{"page":"two","anytap":{"format":1,"source":"jsonplaceholder","stream":"posts"}}`, "expected a whole number"},
		"a list":          {`[1,2]`, "expected an object"},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				text := test.state
				if json.Valid([]byte(text)) && text != "7" {
					text = map[string]string{"airbyte": `{"posts":` + text + `}`, "singer": `{"bookmarks":{"posts":` + text + `}}`}[protocol]
				}
				before := s.server.Stats(s.system).Requests
				path := golden.TempFile(t, "state.json", text)
				o := s.read(t, protocol, selection{streams: []string{"posts"}, state: path})
				if o.code != 1 || len(ids(t, o.lines)) > 0 || s.server.Stats(s.system).Requests > before {
					t.Errorf("exit code %d, %d records, %d requests; want 1 and none\n%s", o.code, len(ids(t, o.lines)), s.server.Stats(s.system).Requests-before, o.talk())
				}
				o.mustSay(t, test.want, "state.json")
			})
		}
	}
}

// TestUnknownStreamsStayInTheState reads one stream with a state of several. Each STATE for Singer
// must keep the others, since targets store only the last.
func TestUnknownStreamsStayInTheState(t *testing.T) {
	t.Parallel()
	s := faultTargets()["jsonplaceholder"].start(t, sampleapi.Faults{}, sampleapi.Options{})
	state := golden.TempFile(t, "state.json", `{"bookmarks":{"ghosts":{"x":[1,{"y":123456789012345678901234567890}]},"todos":{"page":2,"last_id":200,"anytap":{"format":1,"source":"jsonplaceholder","stream":"todos","complete":true}}},"currently_syncing":null,"extra":{"a":1}}`)
	o := s.read(t, "singer", selection{streams: []string{"posts"}, state: state}).mustSucceed(t)
	states := 0
	for _, line := range o.lines {
		if line.Type != "STATE" {
			continue
		}
		states++
		for _, want := range []string{`"ghosts":{"x":[1,{"y":123456789012345678901234567890}]}`, `"todos":{"page":2,"last_id":200`, `"extra":{"a":1}`} {
			if !strings.Contains(string(line.Value), want) {
				t.Errorf("%s lacks %s", line.Value, want)
			}
		}
	}
	if states == 0 {
		t.Error("no state was written")
	}
}

// TestChangedQueryStartsOver changes settings between two parts of a read. If a setting alters the
// query, the read starts over with a warning; otherwise it goes on.
func TestChangedQueryStartsOver(t *testing.T) {
	t.Parallel()
	json, helpscout, pullbay := faultTargets()["jsonplaceholder"], faultTargets()["helpscout"], faultTargets()["pullbay"]
	helpscout.stream = "conversations"
	for name, test := range map[string]struct {
		target  faultTarget
		changed map[string]any
		over    bool
	}{
		"filter":           {json, map[string]any{"user_id": 3}, true},
		"kind of paging":   {json, map[string]any{"pagination": "offset"}, true},
		"page size":        {json, map[string]any{"page_size": 10}, false}, // the last record is on another page
		"concurrency":      {json, map[string]any{"concurrency": 2, "checkpoint_records": 5, "max_retries": 1}, false},
		"status":           {helpscout, map[string]any{"status": "closed"}, true},
		"start date":       {helpscout, map[string]any{"start_date": "2024-01-02T00:00:00Z"}, true},
		"rating":           {pullbay, map[string]any{"rating_min": 3}, true},
		"pullbay's limit":  {pullbay, map[string]any{"limit": 7}, true},
		"pullbay, managed": {pullbay, map[string]any{"pagination": "managed"}, true},
		"pullbay, key":     {pullbay, map[string]any{"concurrency": 4}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := test.target.start(t, sampleapi.Faults{}, sampleapi.Options{}).with(map[string]any{"concurrency": 1})
			sel := selection{streams: []string{test.target.stream}}
			first := s.with(map[string]any{"max_records": 38}).read(t, "singer", sel).mustSucceed(t)
			want := sortedBySlice(ids(t, s.with(test.changed).read(t, "singer", sel).mustSucceed(t).lines))
			sel.state = first.state(t, "singer")
			o := s.with(test.changed).read(t, "singer", sel).mustSucceed(t)
			got := sortedBySlice(ids(t, o.lines))
			if test.over {
				if test.target.system == sampleapi.Pullbay { // complete partitions are not read again
					want = slices.DeleteFunc(want, func(id string) bool { return strings.Contains(id, "b-1/") })
				}
				if !slices.Equal(got, want) || o.warnings() == 0 {
					t.Errorf("%d records and %d warnings, want all %d and a warning\n%s", len(got), o.warnings(), len(want), o.talk())
				}
				return
			}
			if len(got) != len(want)-38 || o.warnings() > 0 {
				t.Errorf("%d records and %d warnings, want %d and none\n%s", len(got), o.warnings(), len(want)-38, o.talk())
			}
		})
	}
}

func sortedBySlice(ids []string) []string { return slices.Sorted(slices.Values(ids)) }
