package restsource_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// TestBodies looks at the first request of a stream.
func TestBodies(t *testing.T) {
	const json = "Content-Type: application/json"
	tests := map[string]struct{ whole, stream, want, header string }{
		"an object": {``, `"method": "POST", "body": {"text": "1.10", "list": ["[a]", 2, {"x": "None"}], "none": null, "empty": "", "no": false, "big": 9007199254740993, "template": "{{ config }}", "{{ name }}": {}}`,
			`POST {"text": "1.10", "list": ["[a]", 2, {"x": "None"}], "none": null, "empty": "", "no": false, "big": 9007199254740993, "template": "{{ config }}", "{{ name }}": {}}`, json},
		"an object, POST by default": {``, `"body": {"a": 1}`, `POST {"a": 1}`, json},
		"an object with GET":         {``, `"method": "GET", "body": {"a": 1}`, `GET {"a": 1}`, json},
		"an empty object":            {``, `"body": {}`, `POST {}`, json},
		"GraphQL":                    {``, `"body": {"query": "query ($n: Int) { items(first: $n) { id } }", "variables": {"n": 5}}`, `POST {"query": "query ($n: Int) { items(first: $n) { id } }", "variables": {"n": 5}}`, json},
		"a text":                     {``, `"body": "<q>{{ x }} [1]</q>", "headers": {"Content-Type": "text/xml"}`, `POST <q>{{ x }} [1]</q>`, "Content-Type: text/xml"},
		"a text like a number":       {``, `"body": "1.10"`, `POST 1.10`, ""},
		"a form": {``, `"form": {"a b": "x&y", "n": 1.50, "yes": true, "none": null, "list": ["p", 2, false], "empty": "", "literal": "[1]"}`,
			`POST a+b=x%26y&n=1.5&yes=true&list=p&list=2&list=false&empty=&literal=%5B1%5D`, "Content-Type: application/x-www-form-urlencoded"},
		"POST without a body":                 {``, `"method": "POST"`, `POST `, ""},
		"headers of the stream":               {`"headers": {"X-A": "1", "x-b": "2"}`, `"headers": {"X-B": "1.10"}`, `GET `, "X-B: 1.10"},
		"headers of all streams stay":         {`"headers": {"X-A": "1", "x-b": "2"}`, `"headers": {"X-B": "3"}`, `GET `, "X-A: 1"},
		"a value of the partition":            {``, `"body": {"where": {"kind": "{value}", "name": "is {value}"}}, "values": ["007"]`, `POST {"where": {"kind": "007", "name": "is 007"}}`, json},
		"a value of the partition in a form":  {``, `"form": {"kind": "{value}", "all": ["{value}", "x"]}, "values": ["007"]`, `POST kind=007&all=007&all=x`, ""},
		"a value of the partition in a text":  {``, `"body": "kind={value}", "values": ["007"]`, `POST kind=007`, ""},
		"a value of the partition in headers": {``, `"headers": {"X-Kind": "k {value}"}, "values": ["007"]`, `GET `, "X-Kind: k 007"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := &resttest.Transport{Reply: func(int, resttest.Request) resttest.Answer { return resttest.Answer{Body: `[{"id": 1}]`} }}
			s, err := open(t, transport, configOf(members(`"schema": {"type": "object"}`, `"pagination": {"type": "none"}`, test.stream), test.whole))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || len(ids) != 1 {
				t.Fatalf("%v, %v", ids, err)
			}
			r := transport.Log()[0]
			if got := r.Method + " " + r.Body; got != test.want {
				t.Errorf("request is\n%s, expected\n%s", got, test.want)
			}
			header, v, _ := strings.Cut(test.header, ": ")
			if got := r.Header.Get(header); header != "" && got != v {
				t.Errorf("%s is %q, expected %q", header, got, v)
			}
		})
	}
}

// searched is an API that takes its parameters from a body in JSON or a form.
func searched(records int) *resttest.Transport {
	return &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		if r.Method != "POST" {
			return resttest.Answer{Status: 405, Body: `{"message": "use POST"}`}
		}
		at, size := 0, 2
		if v, err := value.DecodeString(r.Body); err == nil {
			number(v, &at, "variables", "after")
			number(v, &at, "from")
			number(v, &size, "variables", "first")
		}
		var ids []string
		for i := at; i < min(at+size, records); i++ {
			ids = append(ids, fmt.Sprintf(`{"id": %d}`, i+1))
		}
		to := min(at+size, records)
		return resttest.Answer{Body: fmt.Sprintf(`{"data": {"items": {"nodes": [%s], "pageInfo": {"endCursor": "%d", "hasNextPage": %t}}}}`, strings.Join(ids, ", "), to, to < records)}
	}}
}

// number reads a number that stands in a body.
func number(v any, into *int, path ...string) {
	if found, ok := value.At(v, path...); ok {
		_, _ = fmt.Sscan(value.Str(found), into)
	}
}

const graph = `"schema": {"type": "object"}, "records_path": "data.items.nodes", "body": {"query": "q", "variables": {"after": null}}, "pagination": {"type": "cursor", "in": "body", "param": "variables.after", "size_param": "variables.first", "page_size": 2, "cursor_path": "data.items.pageInfo.endCursor", "has_more_path": "data.items.pageInfo.hasNextPage"}`

func TestTokensInTheBody(t *testing.T) {
	tests := map[string]struct{ stream, want, bodies string }{
		"GraphQL": {graph, numbers(5), `{"query": "q", "variables": {"first": 2}} {"query": "q", "variables": {"after": "2", "first": 2}} {"query": "q", "variables": {"after": "4", "first": 2}}`},
		"an offset": {`"schema": {"type": "object"}, "records_path": "data.items.nodes", "pagination": {"type": "offset", "in": "body", "param": "from", "page_size": 2}`,
			numbers(5), `{"from": 0} {"from": 2} {"from": 4}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			transport := searched(5)
			s, err := open(t, transport, configOf(test.stream, ""))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != test.want {
				t.Errorf("records are %v, %v, expected %s", ids, err, test.want)
			}
			var bodies []string
			for _, r := range transport.Log() {
				bodies = append(bodies, r.Body)
			}
			if got := strings.Join(bodies, " "); got != test.bodies {
				t.Errorf("bodies are\n%s, expected\n%s", got, test.bodies)
			}
		})
	}
}

// TestResumeByABodysToken reads a list whose cursor stands in the body from where an earlier run
// came to.
func TestResumeByABodysToken(t *testing.T) {
	s, err := open(t, searched(5), configOf(graph, ""))
	if err != nil {
		t.Fatal(err)
	}
	at := s.firstPosition(t)
	later := searched(5)
	if s, err = open(t, later, configOf(graph, "")); err != nil {
		t.Fatal(err)
	}
	if ids := s.readFrom(t, at); strings.Join(ids, " ") != "3 4 5" || s.log.Len() > 0 {
		t.Errorf("records are %v, %s", ids, s.log.String())
	}
	if got := later.Log()[0].Body; got != `{"query": "q", "variables": {"after": "2", "first": 2}}` {
		t.Errorf("the first body is %s", got)
	}
}

// firstPosition is where a read stands after the first page of the first stream.
func (s *source) firstPosition(t *testing.T) *state.Position {
	t.Helper()
	for page, err := range s.pages(t, nil) {
		if err != nil {
			t.Fatal(err)
		}
		return &page.After
	}
	return nil
}

// readFrom reads the first stream from a position on.
func (s *source) readFrom(t *testing.T, at *state.Position) (ids []string) {
	t.Helper()
	for page, err := range s.pages(t, at) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			id, _ := r.Data.Get("id")
			ids = append(ids, value.Str(id))
		}
	}
	return ids
}

// pages are those of the first slice of the first stream.
func (s *source) pages(t *testing.T, at *state.Position) iter.Seq2[tap.Page, error] {
	t.Helper()
	reading, err := s.streams[0].Open(tap.StartingPoint{})
	if err != nil {
		t.Fatal(err)
	}
	for slice, err := range reading.Cursor.Slices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		slice.Resume = at
		return reading.Retriever.Pages(t.Context(), slice)
	}
	t.Fatal("there is no slice")
	return nil
}

func TestRequestsThatContradictThemselves(t *testing.T) {
	tests := map[string]struct{ stream, says string }{
		"body and form":            {`"body": {}, "form": {"a": 1}`, "streams[0].body and form are both given"},
		"a text for a bound":       {`"body": "x", "replication_key": "at", "replication_in": "body", "replication_param": "since"`, "streams[0].replication_in is body, but the stream's body is a text"},
		"a text for a token":       {`"body": "x", "pagination": {"type": "page", "in": "body"}`, "streams[0].pagination.in is body, but the stream's body is a text"},
		"a field that moves":       {`"body": {"variables": {"first": 1}}, "pagination": {"type": "offset", "in": "body", "param": "variables.first"}`, "streams[0].body has 'first', which pagination.param sets: leave it out of body"},
		"a field of a form":        {`"form": {"page": 1}, "pagination": {"type": "page", "in": "body"}`, "streams[0].form has 'page', which pagination.param sets: leave it out of form"},
		"a parameter that moves":   {`"params": {"page": 3}, "pagination": {"type": "page"}`, "streams[0].params has 'page', which pagination.param sets: leave it out of params"},
		"the size as a parameter":  {`"params": {"limit": 3}, "pagination": {"type": "next_url", "cursor_path": "next", "size_param": "limit"}`, "streams[0].params has 'limit', which pagination.size_param sets"},
		"a bound as a parameter":   {`"params": {"since": 3}, "replication_key": "at", "replication_param": "since"`, "streams[0].params has 'since', which replication_param sets"},
		"the size":                 {`"body": {"size": 10}, "pagination": {"type": "offset", "in": "body", "size_param": "size"}`, "streams[0].body has 'size', which pagination.size_param sets"},
		"a bound":                  {`"body": {"filter": {"since": 1}}, "replication_key": "at", "replication_in": "body", "replication_param": "filter.since"`, "streams[0].body has 'since', which replication_param sets"},
		"an object in a form":      {`"form": {"a": {"b": 1}}`, "streams[0].form.a is a dict"},
		"an odd list in a form":    {`"form": {"a": [null]}`, "streams[0].form.a holds a NoneType"},
		"a path that is none":      {`"pagination": {"type": "page", "in": "body", "param": "a..b"}`, "streams[0].pagination.param"},
		"a size path that is none": {`"pagination": {"type": "page", "in": "body", "size_param": "a["}`, "streams[0].pagination.size_param"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, configOf(test.stream, "")))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, expected %q", err, test.says)
			}
		})
	}
}

func TestRefusedMethodIsNamed(t *testing.T) {
	s, err := open(t, searched(5), configOf(`"schema": {"type": "object"}, "pagination": {"type": "cursor", "cursor_path": "next"}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.read(t, nil); err == nil || !strings.Contains(err.Error(), "method: POST") || !strings.Contains(err.Error(), "in: body") || !strings.Contains(err.Error(), "use POST") {
		t.Errorf("error is %v", err)
	}
}
