package restsource_test

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
)

// inTurn is an API of pages, one answer each; the last one is given again and again.
func inTurn(answers ...resttest.Answer) *resttest.Transport {
	return &resttest.Transport{Reply: func(n int, _ resttest.Request) resttest.Answer {
		return answers[min(n, len(answers))-1]
	}}
}

func body(format string, args ...any) resttest.Answer {
	return resttest.Answer{Body: fmt.Sprintf(format, args...)}
}

func TestPointers(t *testing.T) {
	tests := map[string]struct {
		stream   string
		answers  []resttest.Answer
		want     string
		requests string
	}{
		"the last record": {`"pagination": {"type": "cursor", "param": "after", "cursor_field": "id", "has_more_path": "more"}`,
			[]resttest.Answer{body(`{"data": [{"id": 1}, {"id": 2}], "more": true}`), body(`{"data": [{"id": 3}], "more": false}`)}, "1 2 3", " ?after=2"},
		"the last record, until a page is empty": {`"pagination": {"type": "cursor", "param": "after", "cursor_field": "id"}`,
			[]resttest.Answer{body(`[{"id": "07"}]`), body(`[{"id": "1e5"}]`), body(`[]`)}, "07 1e5", " ?after=07 ?after=1e5"},
		"a nested field of the last record": {`"pagination": {"type": "cursor", "param": "after", "cursor_field": "meta.seq", "has_more_path": "more"}`,
			[]resttest.Answer{body(`{"data": [{"id": 1, "meta": {"seq": 7}}], "more": true}`), body(`{"data": [{"id": 2}], "more": false}`)}, "1 2", " ?after=7"},
		"the last record by its place": {`"records_path": "data", "pagination": {"type": "cursor", "param": "after", "cursor_path": "data.-1.id", "has_more_path": "more"}`,
			[]resttest.Answer{body(`{"data": [{"id": 1}, {"id": 2}], "more": true}`), body(`{"data": [{"id": 3}], "more": false}`)}, "1 2 3", " ?after=2"},
		"the last record, which is dropped here": {`"replication_key": "at", "start_value": "2026-01-02", "filter_here": true, "pagination": {"type": "cursor", "param": "after", "cursor_field": "id", "has_more_path": "more"}`,
			[]resttest.Answer{body(`{"data": [{"id": 1, "at": "2026-01-05"}, {"id": 2, "at": "2026-01-01"}], "more": true}`), body(`{"data": [{"id": 3, "at": "2026-01-01"}], "more": true}`), body(`{"data": [{"id": 4, "at": "2026-01-04"}], "more": false}`)},
			"1 4", " ?after=2 ?after=3"},
		"the last record in a text": {`"pagination": {"type": "cursor", "param": "filter", "cursor_field": "id", "cursor_template": "id > '{value}'", "has_more_path": "more"}`,
			[]resttest.Answer{body(`{"data": [{"id": 1}], "more": true}`), body(`{"data": [{"id": 2}], "more": false}`)}, "1 2", " ?filter=id%20%3E%20%271%27"},
		"a header": {`"pagination": {"type": "cursor", "cursor_header": "x-next-token", "param": "token"}`,
			[]resttest.Answer{{Header: []string{"X-Next-Token: 1e5"}, Body: `[{"id": 1}]`}, body(`[{"id": 2}]`)}, "1 2", " ?token=1e5"},
		"several parameters": {`"pagination": {"type": "cursor", "params": {"after": "meta.next", "session": "meta.session"}}`,
			[]resttest.Answer{body(`{"data": [{"id": 1}], "meta": {"next": "1.10", "session": 7}}`), body(`{"data": [{"id": 2}], "meta": {"next": 3}}`), body(`{"data": [{"id": 3}], "meta": {"next": null}}`)},
			"1 2 3", " ?after=1.10&session=7 ?after=3"},
		"all members of an object": {`"params": {"action": "query"}, "pagination": {"type": "cursor", "params": "continue"}`,
			[]resttest.Answer{body(`{"continue": {"rvcontinue": "2015|1e5", "continue": "||"}, "data": [{"id": 1}]}`), body(`{"batchcomplete": "", "data": [{"id": 2}]}`)},
			"1 2", "?action=query ?action=query&rvcontinue=2015%7C1e5&continue=%7C%7C"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := inTurn(test.answers...)
			s, err := open(t, transport, configOf(members(`"schema": {"type": "object"}`, test.stream), ""))
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := s.read(t, nil)
			if got := strings.Join(ids, " "); err != nil || got != test.want {
				t.Errorf("records are %s, %v, expected %s", got, err, test.want)
			}
			if got := s.requests(); got != test.requests {
				t.Errorf("requests are %q, expected %q", got, test.requests)
			}
		})
	}
}

// TestListsAsCursors sends what a body takes as it came: whole numbers beyond 2^53 and texts of
// digits.
func TestListsAsCursors(t *testing.T) {
	transport := inTurn(body(`{"hits": [{"id": 1, "sort": [1767225600000000001, "0100", 1.5]}]}`), body(`{"hits": []}`))
	s, err := open(t, transport, configOf(`"schema": {"type": "object"}, "records_path": "hits", "body": {"size": 1}, "pagination": {"type": "cursor", "in": "body", "param": "search_after", "cursor_field": "sort"}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != "1" {
		t.Fatalf("records are %v, %v", ids, err)
	}
	if got := transport.Log()[1].Body; got != `{"size": 1, "search_after": [1767225600000000001, "0100", 1.5]}` {
		t.Errorf("the second body is %s", got)
	}
}

// TestResumeByParameters goes on with several parameters where an earlier run came to.
func TestResumeByParameters(t *testing.T) {
	const stream = `"schema": {"type": "object"}, "pagination": {"type": "cursor", "params": "continue"}`
	first := body(`{"data": [{"id": 1}], "continue": {"a": "x", "b": 2}}`)
	s, err := open(t, inTurn(first, body(`{"data": []}`)), configOf(stream, ""))
	if err != nil {
		t.Fatal(err)
	}
	at := s.firstPosition(t)
	transport := inTurn(body(`{"data": [{"id": 2}]}`))
	if s, err = open(t, transport, configOf(stream, "")); err != nil {
		t.Fatal(err)
	}
	if ids := s.readFrom(t, at); strings.Join(ids, " ") != "2" || s.requests() != "?a=x&b=2" {
		t.Errorf("records are %v after %s", ids, s.requests())
	}
}

func TestPointersThatContradictThemselves(t *testing.T) {
	tests := map[string]struct{ pagination, says string }{
		"two of them":           {`"type": "cursor", "cursor_path": "next", "cursor_field": "id"`, "cursor_path and cursor_field are both given"},
		"one of several":        {`"type": "cursor", "cursor_header": "X", "params": {"a": "b"}`, "cursor_header and params are both given"},
		"a name beside several": {`"type": "cursor", "param": "x", "params": {"a": "b"}`, "param and params are both given"},
		"a text without it":     {`"type": "cursor", "cursor_field": "id", "cursor_template": "id"`, "cursor_template lacks {value}"},
		"a text for several":    {`"type": "cursor", "params": {"a": "b"}, "cursor_template": "{value}"`, "cursor_template and params are both given"},
		"no parameters":         {`"type": "cursor", "params": {}`, "params is empty"},
		"no path":               {`"type": "cursor", "params": {"a": "b..c"}`, "params.a"},
		"no path to all":        {`"type": "cursor", "params": "b..c"`, "params is"},
		"no field":              {`"type": "cursor", "cursor_field": "b..c"`, "cursor_field is"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, configOf(`"pagination": {`+test.pagination+`}`, "")))
			if err == nil || !strings.Contains(err.Error(), "streams[0].pagination."+test.says) {
				t.Errorf("error is %v, expected %q", err, test.says)
			}
		})
	}
}
