package restsource_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// pagingTest is an API, and what is read from it.
type pagingTest struct {
	api      api
	stream   string // members of the stream
	want     string // IDs
	requests string // queries
	err      string
}

// answering is an API that always gives the same answer.
func answering(format string, args ...any) func(apiPage) string {
	return func(apiPage) string { return fmt.Sprintf(format, args...) }
}

// withMeta is an API that says this of each page.
func withMeta(meta string) func(p apiPage) string {
	return func(p apiPage) string { return fmt.Sprintf(`{"data": %s, "meta": {%s}}`, p.records, meta) }
}

var withoutPages = map[string]pagingTest{
	"none":        {api{records: 3, size: 9}, ``, numbers(3), ``, ""},
	"none, named": {api{records: 3, size: 9}, `"pagination": {"type": "none"}`, numbers(3), ``, ""},
}

var byPage = map[string]pagingTest{
	"page": {api{records: 5, size: 2, first: 1}, `"pagination": {"type": "page", "size_param": "limit", "page_size": 2}`, numbers(5),
		`?page=1&limit=2 ?page=2&limit=2 ?page=3&limit=2`, ""},
	"page from 0": {api{records: 4, size: 2}, `"pagination": {"type": "page", "size_param": "limit", "page_size": 3, "first_page": 0}`, numbers(4),
		`?page=0&limit=3 ?page=1&limit=3`, ""},
	"page of an unknown size":               {api{records: 4, size: 2, first: 1}, `"pagination": {"type": "page"}`, numbers(4), `?page=1 ?page=2`, ""},
	"page of a known size that is not sent": {api{records: 3, size: 2, first: 1}, `"pagination": {"type": "page", "page_size": 2}`, numbers(3), `?page=1 ?page=2`, ""},
	"page of the usual size":                {api{records: 101, first: 1}, `"pagination": {"type": "page", "size_param": "limit"}`, numbers(101), `?page=1&limit=100 ?page=2&limit=100`, ""},
	"page with other names":                 {api{records: 1, size: 2, first: 1}, `"pagination": {"type": "page", "param": "p", "size_param": "per page"}`, numbers(1), `?p=1&per%20page=100`, ""},
	"page until a null list": {api{first: 1, answer: func(p apiPage) string {
		return map[int]string{1: `{"data": [{"id": 1}]}`, 2: `{"data": null}`}[p.page]
	}}, `"pagination": {"type": "page"}`, "1", `?page=1 ?page=2`, ""},
	"page of an unknown size, no total": {api{records: 4, size: 2, first: 1, answer: func(p apiPage) string { return p.records }}, `"pagination": {"type": "page"}`, numbers(4), `?page=1 ?page=2 ?page=3`, ""},
	"page until a missing list": {api{first: 1, answer: func(p apiPage) string {
		return map[int]string{1: `{"data": [{"id": 1}]}`, 2: `{"ok": true}`}[p.page]
	}}, `"records_optional": true, "pagination": {"type": "page"}`, "1", `?page=1 ?page=2`, ""},
	"page until a total": {api{records: 4, size: 2, first: 1}, `"pagination": {"type": "page", "total_path": "meta.total"}`, numbers(4), `?page=1 ?page=2`, ""},
}

var byOffset = map[string]pagingTest{
	"offset": {api{records: 5, size: 2}, `"pagination": {"type": "offset", "size_param": "limit", "page_size": 2}`, numbers(5),
		`?offset=0&limit=2 ?offset=2&limit=2 ?offset=4&limit=2`, ""},
	"offset of an unknown size": {api{records: 4, size: 2}, `"pagination": {"type": "offset"}`, numbers(4), `?offset=0 ?offset=2`, ""},
	"offset until a total": {api{records: 4, size: 2}, `"pagination": {"type": "offset", "size_param": "limit", "page_size": 2, "total_path": "meta.total"}`, numbers(4),
		`?offset=0&limit=2 ?offset=2&limit=2`, ""},
}

var byCursor = map[string]pagingTest{
	"cursor in the body": {api{records: 5, size: 2}, `"pagination": {"type": "cursor", "cursor_path": "meta.next", "size_param": "limit", "page_size": 2}`, numbers(5),
		`?limit=2 ?cursor=c2&limit=2 ?cursor=c4&limit=2`, ""},
	"cursor in a header": {api{records: 5, size: 2}, `"pagination": {"type": "cursor", "cursor_header": "x-next", "param": "cursor"}`, numbers(5), ` ?cursor=2 ?cursor=4`, ""},
	"cursor that is a number": {api{records: 3, size: 2, answer: func(p apiPage) string { return fmt.Sprintf(`{"data": %s, "last": %d}`, p.records, p.to) }},
		`"pagination": {"type": "cursor", "cursor_path": "last"}`, numbers(3), ` ?cursor=2 ?cursor=3`, ""},
	"cursor that looks like a number": {api{answer: func(p apiPage) string {
		return map[int]string{0: `{"data": [{"id": 1}], "next": "1e2"}`, 1: `{"data": [{"id": 2}]}`}[p.from]
	}, records: 1}, `"pagination": {"type": "cursor", "cursor_path": "next"}`, "1 2", ` ?cursor=1e2`, ""},
	"cursor and nothing more": {api{records: 9, size: 2, answer: withMeta(`"next": "c2", "more": false`)},
		`"pagination": {"type": "cursor", "cursor_path": "meta.next", "has_more_path": "meta.more"}`, "1 2", ``, ""},
	"cursor and nothing more, as a text": {api{records: 9, size: 2, answer: withMeta(`"next": "c2", "more": "false"`)},
		`"pagination": {"type": "cursor", "cursor_path": "meta.next", "has_more_path": "meta.more"}`, "1 2", ``, ""},
	"cursor with an empty page": {api{answer: answering(`{"data": [], "meta": {"next": "c2"}}`)},
		`"pagination": {"type": "cursor", "cursor_path": "meta.next"}`, "", ` ?cursor=c2`, ""},
	"cursor with an empty page before more": {api{records: 9, answer: func(p apiPage) string {
		return map[int]string{0: `{"data": [], "meta": {"next": "c2", "more": true}}`, 2: `{"data": [{"id": 3}], "meta": {"more": false}}`}[p.from]
	}}, `"pagination": {"type": "cursor", "cursor_path": "meta.next", "has_more_path": "meta.more"}`, "3", ` ?cursor=c2`, ""},
	"cursor that is empty":           {api{records: 2, size: 2, answer: withMeta(`"next": ""`)}, `"pagination": {"type": "cursor", "cursor_path": "meta.next"}`, "1 2", ``, ""},
	"cursor below what is no object": {api{answer: answering(`{"data": [{"id": 1}], "meta": []}`)}, `"pagination": {"type": "cursor", "cursor_path": "meta.next.id"}`, "1", ``, ""},
	"cursor of a bare list":          {api{answer: answering(`[{"id": 1}]`)}, `"pagination": {"type": "cursor", "cursor_path": "meta.next"}`, "1", ``, ""},
}

var byAddress = map[string]pagingTest{
	"address in the body": {api{records: 5, size: 2}, `"params": {"q": "a b"}, "pagination": {"type": "next_url", "cursor_path": "meta.url", "size_param": "limit", "page_size": 2}`, numbers(5),
		`?q=a%20b&limit=2 ?cursor=2&limit=2 ?cursor=4&limit=2`, ""},
	"relative addresses": {api{records: 5, size: 1, answer: func(p apiPage) string {
		next := []string{"?cursor=1", "/v1/items?cursor=2", "//api.test/v1/items?cursor=3", "../v1/./items?cursor=4&back=https://api.test/", ""}[p.from]
		return fmt.Sprintf(`{"data": %s, "next": %q}`, p.records, next)
	}}, `"pagination": {"type": "next_url", "cursor_path": "next"}`, numbers(5), ` ?cursor=1 ?cursor=2 ?cursor=3 ?cursor=4&back=https://api.test/`, ""},
	"address in a header": {api{records: 3, size: 1}, `"pagination": {"type": "next_url", "cursor_header": "x-next-page"}`, numbers(3), ` ?cursor=1&limit=1 ?cursor=2&limit=1`, ""},
	"addresses of another host, kept": {api{records: 3, size: 1, answer: func(p apiPage) string {
		return fmt.Sprintf(`{"data": %s, "next": %q}`, p.records, []string{"http://10.0.0.7:81/items?cursor=1", "http://10.0.0.7:81/v1/items?cursor=2", ""}[p.from])
	}}, `"pagination": {"type": "next_url", "cursor_path": "next", "next_base": "keep"}`, numbers(3), ` ?cursor=1 ?cursor=2`, ""},
	"addresses of which the query counts": {api{records: 3, size: 1, answer: func(p apiPage) string {
		return fmt.Sprintf(`{"data": %s, "next": %q}`, p.records, []string{"http://10.0.0.7:81/?cursor=1", "/internal/items?cursor=2", ""}[p.from])
	}}, `"pagination": {"type": "next_url", "cursor_path": "next", "next_base": "query"}`, numbers(3), ` ?cursor=1 ?cursor=2`, ""},
	"an address that is none": {api{records: 3, size: 1, answer: answering(`{"data": [{"id": 1}], "next": {"href": "?cursor=1"}}`)},
		`"pagination": {"type": "next_url", "cursor_path": "next"}`, "1", ``, "holds an object where the next address should be"},
	"Link header": {api{records: 5, size: 2, answer: func(p apiPage) string { return p.records }}, `"params": {"limit": 2}, "pagination": {"type": "link_header"}`, numbers(5),
		`?limit=2 ?cursor=2&limit=2 ?cursor=4&limit=2`, ""},
}

var endless = map[string]pagingTest{
	"a page whose body is missing, with a Link header": {api{records: 5, size: 2, answer: func(p apiPage) string {
		return map[int]string{0: p.records, 4: p.records}[p.from]
	}}, `"pagination": {"type": "link_header"}`, "1 2", ``, "the answer (status 200) is empty"},
	"an API that ignores the number":  {api{records: 5, size: 2, ignores: true}, `"pagination": {"type": "page", "page_size": 2}`, "1 2", ``, "page"},
	"an API that ignores the offset":  {api{records: 5, size: 2, ignores: true}, `"pagination": {"type": "offset"}`, "1 2", ``, "page"},
	"an API that repeats its cursor":  {api{records: 9, size: 2, answer: withMeta(`"next": "c2"`)}, `"pagination": {"type": "cursor", "cursor_path": "meta.next"}`, "1 2 3 4", ``, "c2"},
	"an API that repeats its address": {api{records: 9, size: 2, answer: withMeta(`"next": "?cursor=2"`)}, `"pagination": {"type": "next_url", "cursor_path": "meta.next"}`, "1 2 3 4", ``, "again"},
}

func TestPagination(t *testing.T) {
	for _, tests := range []map[string]pagingTest{withoutPages, byPage, byOffset, byCursor, byAddress, endless} {
		for name, test := range tests {
			t.Run(name, test.run)
		}
	}
}

func (test pagingTest) run(t *testing.T) {
	s, err := open(t, test.api.transport(), configOf(members(test.stream, `"schema": {"type": "object"}`), ""))
	if err != nil {
		t.Fatal(err)
	}
	ids, _, err := s.read(t, nil)
	if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
		t.Errorf("error is %v, expected %q", err, test.err)
	}
	if got := strings.Join(ids, " "); got != test.want {
		t.Errorf("records are %s, expected %s", got, test.want)
	}
	if got := s.requests(); test.err == "" && got != test.requests {
		t.Errorf("requests are %q, expected %q", got, test.requests)
	}
	if test.err == "" && s.log.Len() > 0 {
		t.Errorf("warned: %s", s.log.String())
	}
}

func TestRequests(t *testing.T) {
	tests := map[string]struct{ whole, stream, want string }{
		"bearer":             {`"auth": {"type": "bearer", "token": "1e5"}`, ``, "Authorization: Bearer 1e5"},
		"key in a header":    {`"auth": {"type": "api_key", "name": "X-My-Key", "key": "[k]"}`, ``, "X-My-Key: [k]"},
		"key in a parameter": {`"auth": {"type": "api_key", "name": "apiKey", "key": "k'1", "in": "query"}`, ``, "?apiKey=k%271"},
		"basic":              {`"auth": {"type": "basic", "username": "u", "password": "p:w"}`, ``, "Authorization: Basic dTpwOnc="},
		"no password":        {`"auth": {"type": "basic", "username": "u"}`, ``, "Authorization: Basic dTo="},
		"null password":      {`"auth": {"type": "basic", "username": "u", "password": null}`, ``, "Authorization: Basic dTo="},
		"headers":            {`"headers": {"X-Version": "1.10", "X-List": "[1]", "X-Template": "{{ config }}"}`, ``, "X-Version: 1.10|X-List: [1]|X-Template: {{ config }}"},
		"parameters": {``, `"params": {"text": "a b&c=d", "list": ["x", 2], "json": "[\"a\"]", "number": 1.5, "yes": true, "none": null, "template": "{{ config }}", "key &": "v"}`,
			`?text=a%20b%26c%3Dd&list=x&list=2&json=%5B%22a%22%5D&number=1.5&yes=true&template=%7B%7B%20config%20%7D%7D&key+%26=v`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, api{records: 1, size: 5}.transport(), configOf(members(`"schema": {"type": "object"}`, test.stream), test.whole))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || len(ids) != 1 {
				t.Fatalf("%v, %v", ids, err)
			}
			r := s.transport.Log()[0]
			for _, want := range strings.Split(test.want, "|") {
				header, v, ok := strings.Cut(want, ": ")
				if ok && r.Header.Get(header) != v {
					t.Errorf("%s is %q, expected %q", header, r.Header.Get(header), v)
				}
				if !ok && !strings.HasSuffix(r.URL, "/v1/items"+want) {
					t.Errorf("asked for %s, expected %s", r.URL, want)
				}
			}
		})
	}
}

func TestOAuth(t *testing.T) {
	items := api{records: 1, size: 5}.transport()
	transport := &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer {
		if r.URL == "https://login.test/token" {
			return resttest.Answer{Body: `{"access_token": "t-1", "expires_in": 3600}`}
		}
		return items.Reply(n, r)
	}}
	s, err := open(t, transport, configOf(`"schema": {"type": "object"}`,
		`"auth": {"type": "oauth2", "token_url": "https://login.test/token", "client_id": "007", "client_secret": "1e3", "scopes": ["read", "1.0"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, err := s.read(t, nil); err != nil || len(ids) != 1 {
		t.Fatalf("%v, %v", ids, err)
	}
	requests := transport.Log()
	if len(requests) != 2 || requests[1].Header.Get("Authorization") != "Bearer t-1" {
		t.Errorf("requests are %v", requests)
	}
	form, _ := url.ParseQuery(requests[0].Body)
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"007"}, "client_secret": {"1e3"}, "scope": {"read 1.0"}}
	if !slices.Equal(form["client_id"], want["client_id"]) || form.Get("client_secret") != "1e3" || form.Get("grant_type") != "client_credentials" || !strings.Contains(requests[0].Body, "1.0") {
		t.Errorf("form is %v, expected %v", form, want)
	}
}

func TestReplication(t *testing.T) {
	const stream = `"replication_key": "at", "replication_param": "since", "schema": {"type": "object"}, "pagination": {"type": "page", "size_param": "limit", "page_size": 3}`
	s, err := open(t, api{records: 4, first: 1}.transport(), configOf(stream+`, "start_value": "2026-01-01T00:00:00Z"`, ""))
	if err != nil {
		t.Fatal(err)
	}
	ids, state, err := s.read(t, nil)
	if err != nil || strings.Join(ids, " ") != numbers(4) {
		t.Fatalf("%v, %v", ids, err)
	}
	if got := string(value.Append(nil, state)); got != `{"at":"2026-01-04T00:00:00Z"}` {
		t.Errorf("state is %s", got)
	}
	if want := "?page=1&limit=3&since=2026-01-01T00%3A00%3A00Z ?page=2&limit=3&since=2026-01-01T00%3A00%3A00Z"; s.requests() != want {
		t.Errorf("requests are %s, expected %s", s.requests(), want)
	}
	s, _ = open(t, api{records: 2, size: 9}.transport(), configOf(`"replication_key": "at", "replication_param": "since", "schema": {"type": "object"}`, ""))
	if _, _, err = s.read(t, state); err != nil || s.requests() != "?since=2026-01-04T00%3A00%3A00Z" {
		t.Errorf("requests are %s, %v", s.requests(), err)
	}
	// A next address holds what it needs.
	s, _ = open(t, api{records: 3, size: 2}.transport(), configOf(`"replication_key": "at", "replication_param": "since", "schema": {"type": "object"}, "pagination": {"type": "link_header"}`, ""))
	if _, _, err = s.read(t, state); err != nil || s.requests() != "?since=2026-01-04T00%3A00%3A00Z ?cursor=2&limit=2" {
		t.Errorf("requests are %s, %v", s.requests(), err)
	}
	if path := s.streams[0].CursorField; strings.Join(path, ".") != "at" {
		t.Errorf("cursor field is %v", path)
	}
}

func TestRecords(t *testing.T) {
	tests := map[string]struct{ body, stream, want string }{
		"a bare list":       {`[{"id": 1}, {"id": 2}]`, ``, "1 2"},
		"results":           {`{"results": [{"id": 1}]}`, ``, "1"},
		"one object":        {`{"id": 9}`, ``, "9"},
		"a path":            {`{"a": {"b": [{"id": 4}]}, "data": []}`, `"records_path": "a.b"`, "4"},
		"an index":          {`{"a": [{"b": [{"id": 5}]}]}`, `"records_path": "a.0.b"`, "5"},
		"a path to nothing": {`{"a": null}`, `"records_path": "a.b", "records_optional": true`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, api{answer: func(apiPage) string { return test.body }}.transport(), configOf(members(`"schema": {"type": "object"}`, test.stream), ""))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != test.want {
				t.Errorf("records are %v, %v, expected %s", ids, err, test.want)
			}
		})
	}
}

func TestSchema(t *testing.T) {
	s, err := open(t, api{records: 5, first: 1}.transport(), configOf(`"replication_key": "at", "replication_param": "since", "start_value": "x", "pagination": {"type": "page", "size_param": "limit", "page_size": 2}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := s.streams[0].Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	properties, _ := schema.Get("properties")
	const pages = "?page=1&limit=2&since=x ?page=2&limit=2&since=x ?page=3&limit=2&since=x"
	want := `{"id":{"type":["null","integer"]},"at":{"type":["null","string"],"format":"date-time"}}`
	if got := string(value.Append(nil, properties)); got != want || s.requests() != pages {
		t.Errorf("schema is %s after %s", got, s.requests())
	}
	if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != "1 2 3 4 5" || s.requests() != pages {
		t.Errorf("read %v, %v; requests %s, expected none more", ids, err, s.requests())
	}
	if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != "1 2 3 4 5" || s.requests() != pages+" "+pages {
		t.Errorf("read %v, %v; requests %s, expected those of a read", ids, err, s.requests())
	}
	s, err = open(t, nil, configOf(`"schema": {"type": "object", "properties": {"x": {"type": "string"}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if schema, err = s.streams[0].Schema(t.Context()); err != nil || string(value.Append(nil, schema)) != `{"type":"object","properties":{"x":{"type":"string"}}}` {
		t.Errorf("schema is %v, %v", schema, err)
	}
}
