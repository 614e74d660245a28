package restsource_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// TestAutoSaysWhatToWrite puts the logged lines into the configuration, and wants the same records.
func TestAutoSaysWhatToWrite(t *testing.T) {
	for name, h := range habits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := openAt(t, slog.LevelInfo, h.transport(23), h.config(""))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); len(ids) != 23 || err != nil {
				t.Fatalf("%d records, error %v", len(ids), err)
			}
			written := lines(s.log.String())
			if !strings.Contains(written, `"type":"`+h.found+`"`) {
				t.Errorf("what was found is not %s: %s", h.found, s.log.String())
			}
			if strings.Count(s.log.String(), "to keep it") > 2 {
				t.Errorf("it is said again and again: %s", s.log.String())
			}
			for _, n := range []int{3, 20, 23} {
				again, err := open(t, h.transport(n), h.config(written))
				if err != nil {
					t.Fatalf("%s: %v", written, err)
				}
				ids, _, err := again.read(t, nil)
				if got := strings.Join(ids, " "); got != numbers(n) || err != nil {
					t.Errorf("%s: records are %q, error %v, expected %q\nrequests: %s", written, got, err, numbers(n), again.requests())
				}
			}
		})
	}
}

// lines are the members of a stream that a log says to write.
func lines(log string) string {
	var out []string
	for line := range strings.Lines(log) {
		_, found, ok := strings.Cut(strings.ReplaceAll(line, `\"`, `"`), "configuration: ")
		if !ok {
			continue
		}
		found, _, _ = strings.Cut(found, `" stream=`)
		out = append(out, found)
	}
	return strings.Join(out, ", ")
}

// TestAutoRefuses reads lists that go on in a way that nobody can find.
func TestAutoRefuses(t *testing.T) {
	tests := map[string]struct{ body, says string }{
		"a total":        {`{"total": 500, "items": [{"id": 1}, {"id": 2}]}`, "total is 500"},
		"more":           {`{"has_more": true, "items": [{"id": 1}, {"id": 2}]}`, "has_more"},
		"a token":        {`{"meta": {"next_cursor": "abc"}, "items": [{"id": 1}, {"id": 2}]}`, `"cursor_path":"meta.next_cursor"`},
		"an address":     {`{"next": "https://api.test/v1/other?x=1", "items": [{"id": 1}, {"id": 2}]}`, `"cursor_path":"next"`},
		"pages":          {`{"pagination": {"page": 1, "pages": 9}, "items": [{"id": 1}, {"id": 2}]}`, "pagination.pages is 9"},
		"a full page":    {`{"limit": 2, "items": [{"id": 1}, {"id": 2}]}`, `{"type": "none"}`},
		"several lists":  {`{"parts": [{"a": 1}], "things": [{"b": 1}], "total": 2}`, `"records_path": "parts"`},
		"a size at hand": {`{"page_size": 2, "total_pages": 3, "items": [{"id": 1}, {"id": 2}]}`, "total_pages is 3"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, resttest.Script(resttest.Answer{Body: test.body}), habit{}.config(""))
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = s.read(t, nil); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, expected one that says %s", err, test.says)
			}
		})
	}
}

// TestAutoOfOnePage reads lists of one page, and asks for no more than it has to.
func TestAutoOfOnePage(t *testing.T) {
	tests := map[string]struct {
		body     string
		records  int
		requests int
	}{
		"a short list":            {`[{"id": 1}, {"id": 2}, {"id": 3}]`, 3, 1},
		"an empty list":           {`[]`, 0, 1},
		"a list that is complete": {`{"total": 2, "items": [{"id": 1}, {"id": 2}]}`, 2, 1},
		"a record":                {`{"id": 1, "name": "x"}`, 1, 1},
		"no next":                 {`{"next": null, "items": [{"id": 1}, {"id": 2}]}`, 2, 1},
		"a round number, ignored": {"[" + strings.TrimSuffix(strings.Repeat(`{"id": 7, "a": 1},`, 20), ",") + "]", 20, 6},
		"a small round number":    {"[" + strings.TrimSuffix(strings.Repeat(`{"id": 7, "a": 1},`, 10), ",") + "]", 10, 6},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := openAt(t, slog.LevelInfo, resttest.Script(resttest.Answer{Body: test.body}), habit{}.config(`"schema": {}`))
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			if len(ids) != test.records || err != nil {
				t.Errorf("%d records, error %v, expected %d", len(ids), err, test.records)
			}
			if n := len(s.transport.Log()); n > test.requests {
				t.Errorf("%d requests, expected at most %d: %s", n, test.requests, s.requests())
			}
			if said := strings.Contains(s.log.String(), `"type": "none"`) || strings.Contains(s.log.String(), `\"type\": \"none\"`); said != (test.requests > 1) {
				t.Errorf("log: %s", s.log.String())
			}
			if warned := strings.Contains(s.log.String(), "level=WARN"); warned != (test.records >= 20) {
				t.Errorf("warned: %t; log: %s", warned, s.log.String())
			}
		})
	}
}

// TestAutoSharesWhatItFound wants the way to be looked for once for all slices.
func TestAutoSharesWhatItFound(t *testing.T) {
	h := habits["a bare list by offsets"]
	inner := h.transport(20)
	transport := &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer { return inner.Reply(n, r) }}
	s, err := open(t, transport, h.config(`"params": {"kind": "x"}, "primary_key": "id", "schema": {}`))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if ids, _, err := s.read(t, nil); len(ids) != 20 || err != nil {
			t.Fatalf("%d records, error %v", len(ids), err)
		}
	}
	if n := strings.Count(s.requests(), "page="); n > 2 {
		t.Errorf("pages were tried %d times: %s", n, s.requests())
	}
}

// TestInferenceLeavesEmptyPartitionsAlone infers the schema of a stream with many partitions, of
// which the second alone has records: not all of the others are asked for it.
func TestInferenceLeavesEmptyPartitionsAlone(t *testing.T) {
	t.Parallel()
	api := &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		if strings.HasSuffix(r.URL, "group=1") {
			return resttest.Answer{Body: `[{"id": 1, "seen": true}]`}
		}
		return resttest.Answer{Body: `[]`}
	}}
	values := "0"
	for i := 1; i < 100; i++ {
		values += fmt.Sprintf(", %d", i)
	}
	s, err := open(t, api, habit{}.config(`"params": {"group": "{value}"}, "values": [`+values+`], "pagination": {"type": "none"}`))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := s.streams[0].Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, seen := value.At(schema, "properties", "seen"); !seen || len(api.Log()) > 20 {
		t.Errorf("the schema is %s, after %d requests", value.Append(nil, schema), len(api.Log()))
	}
	if ids, _, err := s.read(t, nil); len(ids) != 1 || err != nil {
		t.Errorf("read %v, error %v", ids, err)
	}
}
