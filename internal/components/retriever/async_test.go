package retriever_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/cursor"
	"anytap/internal/components/decoder"
	"anytap/internal/components/errorhandler"
	"anytap/internal/components/paginator"
	"anytap/internal/components/partition"
	"anytap/internal/components/requester"
	"anytap/internal/components/retriever"
	"anytap/internal/components/schemaloader"
	"anytap/internal/components/selector"
	streams "anytap/internal/components/stream"
	"anytap/internal/components/transformation"
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/jobs"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

// jobBase is a stream of jobs; the %s are more fields of the retriever and of the stream, which
// replace those above them.
const jobBase = `
type: DeclarativeStream
name: items
primary_key: id
retriever:
  type: AsyncRetriever
  status_mapping:
    running: [running, queued]
    completed: [done]
    failed: [failed]
    timeout: [expired]
    skipped: [nodata]
  status_extractor: {type: DpathExtractor, field_path: [status]}
  download_target_extractor: {type: DpathExtractor, field_path: [urls]}
  record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
  creation_requester:
    type: HttpRequester
    url_base: https://api.test
    path: /jobs
    http_method: POST
    request_body_json: {k: "{{ stream_partition.get('k', 'x') }}"}
  polling_requester:
    type: HttpRequester
    url_base: https://api.test
    path: "/jobs/{{ creation_response['id'] }}"
  download_requester: {type: HttpRequester, url: "{{ download_target }}"}
  download_decoder: {type: JsonlDecoder}
%s
schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
%s
`

// jobStream builds a stream with all that belongs to it, over recorded exchanges.
func jobStream(t *testing.T, transport *resttest.Transport, clock *resttest.Clock, text string, cache ...*exchange.DiskCache) (*tap.Stream, error) {
	t.Helper()
	root, err := manifest.Parse("manifest.yaml", []byte(withoutNulls(text)))
	if err == nil {
		root, err = manifest.Resolve(root)
	}
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	table := manifest.Table{}
	for _, kind := range []manifest.Table{
		cursor.Table(), decoder.Table(), errorhandler.Table(), paginator.Table(), partition.Table(), requester.Table(), retriever.Table(),
		retriever.AsyncTable(), schemaloader.Table(), selector.Table(), streams.Table(), transformation.Table(),
	} {
		maps.Copy(table, kind)
	}
	rt := resttest.Runtime(transport, clock)
	rt.Config = value.DictOf("minutes", int64(2), "id", "j1")
	c := manifest.NewCompiler(table, rt.Config)
	c.Now, c.Log = clock.Now, rt.Log
	manifest.Provide(c, rt)
	manifest.Provide(c, jobs.NewSlots(2))
	client := exchange.NewClient(rt)
	for _, d := range cache {
		client.SetCache(d)
	}
	manifest.Provide(c, client)
	return manifest.Build[*tap.Stream](c, root)
}

// withoutNulls leaves out the retriever's fields that are null further down.
func withoutNulls(text string) string {
	var kept []string
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if name, _, ok := strings.Cut(line, ":"); !ok || !slices.Contains(lines, name+": null") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// readAll reads a stream and gives its records as JSON, joined by blanks.
func readAll(t *testing.T, s *tap.Stream, state *value.Dict) (records string, after *value.Dict, err error) {
	t.Helper()
	reading, err := s.Open(tap.StartingPoint{State: state})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for r, failed := range taptest.ReadAll(t.Context(), reading) {
		if err = failed; err == nil {
			fmt.Fprintf(&b, "%s ", value.Append(nil, r.Data))
		}
	}
	return strings.TrimSpace(b.String()), reading.Cursor.State(), err
}

// jobAnswers answers by "METHOD path"; a text is a body.
type jobAnswers map[string]resttest.Answer

func (a jobAnswers) transport() *resttest.Transport {
	return &resttest.Transport{Reply: func(_ int, r resttest.Request) resttest.Answer {
		path := strings.TrimPrefix(r.URL, "https://api.test")
		path, _, _ = strings.Cut(path, "?")
		if answer, ok := a[r.Method+" "+path]; ok {
			return answer
		}
		return resttest.Answer{Status: 404, Body: `{"error": "no such exchange"}`}
	}}
}

// simpleJob is an API where everything works.
func simpleJob(more jobAnswers) jobAnswers {
	a := jobAnswers{
		"POST /jobs":   {Body: `{"id": "j1"}`},
		"GET /jobs/j1": {Body: `{"status": "done", "urls": ["https://api.test/f1"]}`},
		"GET /f1":      {Body: "{\"id\": 1}\n{\"id\": 2}\n"},
	}
	maps.Copy(a, more)
	return a
}

// The requests of a job, in order.
const createJob, pollJob, getFile = `POST https://api.test/jobs {"k": "x"}`, "GET https://api.test/jobs/j1", "GET https://api.test/f1"

// asyncReads are retrievers with the requests that they make and the records that they give.
var asyncReads = map[string]struct {
	answers         jobAnswers
	retriever, more string // YAML
	want            string
	requests        []string
	err             string
}{
	"plain": {want: `{"id": 1} {"id": 2}`, requests: []string{createJob, pollJob, getFile}},
	"deleted by its headers": {
		answers: jobAnswers{
			"POST /jobs":    {Body: `{"id": "j1"}`, Header: []string{"x-job-ID: h7"}},
			"POST /gone/h7": {Body: `{}`},
		},
		retriever: `delete_requester: {type: HttpRequester, url: "https://api.test/gone/{{ creation_response['headers']['X-Job-ID'] }}", http_method: POST}`,
		want:      `{"id": 1} {"id": 2}`,
		requests:  []string{createJob, pollJob, getFile, "POST https://api.test/gone/h7"},
	},
	"what the creation asked": {
		answers:   jobAnswers{"GET /gone": {Body: `{}`}},
		retriever: `delete_requester: {type: HttpRequester, url: "https://api.test/gone", request_parameters: {of: "{{ creation_response.request.url }}", how: "{{ creation_response.request.method }}"}}`,
		want:      `{"id": 1} {"id": 2}`,
		requests:  []string{createJob, pollJob, getFile, "GET https://api.test/gone?of=https%3A%2F%2Fapi.test%2Fjobs&how=POST"},
	},
	"filtered and changed": {
		retriever: `record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [unused]}, record_filter: {type: RecordFilter, condition: "{{ record['id'] > 1 }}"}}`,
		more:      `transformations: [{type: AddFields, fields: [{path: [new], value: "{{ record['id'] * 10 }}"}]}]`,
		want:      `{"id":2,"new":20}`, requests: []string{createJob, pollJob, getFile},
	},
	"targets from a request of their own": {
		answers:   jobAnswers{"GET /targets": {Body: `{"urls": "https://api.test/f1"}`}},
		retriever: `download_target_requester: {type: HttpRequester, url: "https://api.test/targets", request_parameters: {status: "{{ polling_response['status'] }}", k: "{{ stream_partition.get('k', 'none') }}"}}`,
		want:      `{"id": 1} {"id": 2}`,
		requests:  []string{createJob, pollJob, "GET https://api.test/targets?status=done&k=none", getFile},
	},
	"each partition its job": {
		answers: jobAnswers{
			"GET /jobs/j1": {Body: `{"status": "done", "urls": []}`},
		},
		retriever: `partition_router: {type: ListPartitionRouter, cursor_field: k, values: [a, b]}`,
		requests:  []string{`POST https://api.test/jobs {"k": "a"}`, `POST https://api.test/jobs {"k": "b"}`, pollJob, pollJob},
	},
	"an ignored 404 still says how the job goes": {
		answers: jobAnswers{"GET /jobs/j1": {Status: 404, Body: `{"status": "nodata"}`}},
		retriever: `polling_requester:
    type: HttpRequester
    url: "https://api.test/jobs/{{ creation_response['id'] }}"
    error_handler: {type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, action: IGNORE, http_codes: [404]}]}`,
		requests: []string{createJob, pollJob},
	},
	"pages of a download": {
		answers: jobAnswers{"GET /f1": {Body: `{"rows": [{"id": 1}]}`}, "GET /f2": {Body: `{"rows": []}`}},
		retriever: `download_decoder: {type: JsonDecoder}
  download_extractor: {type: DpathExtractor, field_path: [rows]}
  download_paginator:
    type: DefaultPaginator
    page_token_option: {type: RequestPath}
    pagination_strategy: {type: CursorPagination, cursor_value: "https://api.test/f2", stop_condition: "{{ not response['rows'] }}"}`,
		want: `{"id": 1}`, requests: []string{createJob, pollJob, getFile, "GET https://api.test/f2"},
	},
	"a download without a target": {
		answers:   jobAnswers{"GET /result/j1": {Body: `[{"id": 5}]`}},
		retriever: "download_target_extractor: null\n  download_decoder: null\n  download_requester: {type: HttpRequester, url: \"https://api.test/result/{{ polling_response.get('of', creation_response['id']) }}\"}",
		want:      `{"id": 5}`, requests: []string{createJob, pollJob, "GET https://api.test/result/j1"},
	},
	"rows of a compressed file": {
		answers:   jobAnswers{"GET /f1": {Body: "id,a\n1,x\n2,\n", Header: []string{"Content-Type: text/csv"}}},
		retriever: "download_decoder: null\n  download_extractor: {type: ResponseToFileExtractor}",
		want:      `{"id":"1","a":"x"} {"id":"2","a":null}`, requests: []string{createJob, pollJob, getFile},
	},
}

func TestAsyncReads(t *testing.T) {
	for name, test := range asyncReads {
		t.Run(name, func(t *testing.T) {
			transport := simpleJob(test.answers).transport()
			text := fmt.Sprintf(jobBase, "  "+test.retriever, test.more)
			s, err := jobStream(t, transport, resttest.NewClock(), text)
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := readAll(t, s, nil)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
			if got != test.want {
				t.Errorf("records are %s, expected %s", got, test.want)
			}
			if lines := strings.Join(transport.Lines(), "\n"); lines != strings.Join(test.requests, "\n") {
				t.Errorf("requests are\n%s\nexpected\n%s", lines, strings.Join(test.requests, "\n"))
			}
		})
	}
}

// TestAsyncCaches: what goes on at the API is asked for each time, even where the answers of the
// stream are kept for others.
func TestAsyncCaches(t *testing.T) {
	polls := 0
	answers := simpleJob(nil).transport()
	transport := &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer {
		if strings.HasSuffix(r.URL, "/jobs/j1") {
			if polls++; polls < 3 {
				return resttest.Answer{Body: `{"status": "queued"}`}
			}
		}
		return answers.Reply(n, r)
	}}
	clock := resttest.NewClock()
	cache, err := exchange.NewDiskCache(t.TempDir(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jobStream(t, transport, clock, fmt.Sprintf(jobBase, "", ""), cache)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		polls = 0
		if got, _, err := readAll(t, s, nil); err != nil || got != `{"id": 1} {"id": 2}` || polls != 3 {
			t.Errorf("records are %s (%v) after %d polls, expected 3", got, err, polls)
		}
	}
}

func TestAsyncWindows(t *testing.T) {
	transport := simpleJob(jobAnswers{"GET /f1": {Body: `{"id": 1, "u": "2026-11-05"}`}}).transport()
	s, err := jobStream(t, transport, resttest.NewClock(), fmt.Sprintf(jobBase, `  creation_requester: {type: HttpRequester, url: "https://api.test/jobs", http_method: POST, request_body_json: {from: "{{ stream_interval['start_time'] }}", to: "{{ stream_interval['end_time'] }}"}}`, `
incremental_sync: {type: DatetimeBasedCursor, cursor_field: u, datetime_format: "%Y-%m-%d", start_datetime: "2026-11-01", step: P10D, cursor_granularity: P1D}`))
	if err != nil {
		t.Fatal(err)
	}
	got, state, err := readAll(t, s, nil)
	if err != nil || got != `{"id": 1, "u": "2026-11-05"} {"id": 1, "u": "2026-11-05"}` {
		t.Errorf("records are %s, %v", got, err)
	}
	if text := string(value.Append(nil, state)); text != `{"u":"2026-11-05"}` {
		t.Errorf("state is %s", text)
	}
	var created []string
	for _, line := range transport.Lines() {
		if strings.HasPrefix(line, "POST") {
			created = append(created, strings.TrimPrefix(line, "POST https://api.test/jobs "))
		}
	}
	if want := `{"from": "2026-11-01", "to": "2026-11-10"} {"from": "2026-11-11", "to": "2026-11-20"}`; strings.Join(created, " ") != want {
		t.Errorf("jobs were created with %v, expected %s", created, want)
	}
}

func TestAsyncTimes(t *testing.T) {
	for name, test := range map[string]struct {
		fields string
		polls  int // of a job that never ends
		err    string
	}{
		"a number of minutes":      {"polling_job_timeout: 1", 3 * 13, ""},
		"a template":               {`polling_job_timeout: "{{ config['minutes'] }}"`, 3 * 25, ""},
		"none is an hour":          {`polling_job_timeout: 0`, 3 * 721, ""},
		"no number":                {`polling_job_timeout: "{{ config['id'] }}"`, 0, "expected a whole number"},
		"less than a second":       {`failed_retry_wait_time_in_seconds: "{{ 0 }}"`, 0, "expected 1 at least"},
		"less than a second again": {`failed_retry_wait_time_in_seconds: 0`, 0, "failed_retry_wait_time_in_seconds"},
	} {
		t.Run(name, func(t *testing.T) {
			transport := simpleJob(jobAnswers{"GET /jobs/j1": {Body: `{"status": "running"}`}}).transport()
			s, err := jobStream(t, transport, resttest.NewClock(), fmt.Sprintf(jobBase, "  "+test.fields, ""))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error is %v, expected %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = readAll(t, s, nil); err == nil {
				t.Error("no error")
			}
			if n := len(transport.Log()) - jobs.Attempts; n != test.polls {
				t.Errorf("%d polls, expected %d", n, test.polls)
			}
		})
	}
}

func TestAsyncRefuses(t *testing.T) {
	handler := func(action string) string {
		return "{type: HttpRequester, url: \"https://api.test\", error_handler: {type: CompositeErrorHandler, error_handlers: [{type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, http_codes: [400], action: " + action + "}]}]}}"
	}
	for name, test := range map[string]struct{ fields, err string }{
		"targets that nobody finds":   {"download_target_extractor: null\n  download_target_requester: {type: HttpRequester, url: \"https://api.test\"}", "needs a download_target_extractor"},
		"smaller pages":               {"creation_requester: " + handler("REDUCE_PAGE_SIZE"), "REDUCE_PAGE_SIZE"},
		"smaller windows":             {"abort_requester: " + handler("SPLIT_REQUEST_WINDOW"), "SPLIT_REQUEST_WINDOW"},
		"a status twice":              {"status_mapping: {running: [a], completed: [b], failed: [a], timeout: []}", `"a" stands under running already`},
		"a status twice in one list":  {"status_mapping: {running: [a, a], completed: [b], failed: [], timeout: []}", `"a" stands under running already`},
		"a missing status":            {"status_mapping: {running: [a], completed: [b], failed: []}", "timeout"},
		"counting joined records":     {"download_extractor: {type: CombinedExtractor, extractors: [{type: DpathExtractor, field_path: [a]}]}\n  download_decoder: null\n  download_paginator: {type: DefaultPaginator, pagination_strategy: {type: OffsetIncrement, page_size: 2}}", "OffsetIncrement"},
		"no requester for the status": {"polling_requester: {type: Nothing}", "Nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jobStream(t, simpleJob(nil).transport(), resttest.NewClock(), fmt.Sprintf(jobBase, "  "+test.fields, ""))
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error is %v, expected %q", err, test.err)
			}
		})
	}
}
