package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestFiltersReachTheAPI checks that each filter is sent by the API's name for it, and that only
// matching records come.
func TestFiltersReachTheAPI(t *testing.T) {
	t.Parallel()
	is := func(field string, want any) func(map[string]any) bool {
		return func(r map[string]any) bool { return fmt.Sprint(r[field]) == fmt.Sprint(want) }
	}
	tagged := func(r map[string]any) bool { return strings.Contains(fmt.Sprint(r["tags"]), "tag:billing]") }
	all := func(map[string]any) bool { return true }
	const noon = "2025-06-30T08:00:00Z"
	helpscout, pullbay := sampleapi.HelpScout, sampleapi.Pullbay
	for name, test := range map[string]struct {
		system        sampleapi.System
		stream, truth string
		settings      map[string]any
		query         string // of the first request that has it
		keep          func(map[string]any) bool
	}{
		"status":          {helpscout, "conversations", "conversations", map[string]any{"status": "closed"}, "status=closed", is("status", "closed")},
		"every status":    {helpscout, "conversations", "conversations", nil, "status=all", all},
		"mailbox":         {helpscout, "conversations", "conversations", map[string]any{"mailbox": "85002"}, "mailbox=85002", is("mailboxId", 85002)},
		"tag":             {helpscout, "conversations", "conversations", map[string]any{"tag": "billing"}, "tag=billing", tagged},
		"ascending":       {helpscout, "conversations", "conversations", nil, "sortField=createdAt&sortOrder=asc", all},
		"user":            {sampleapi.JSONPlaceholder, "posts", "posts", map[string]any{"user_id": 3}, "userId=3", is("userId", 3)},
		"user's todos":    {sampleapi.JSONPlaceholder, "todos", "todos", map[string]any{"user_id": 3}, "userId=3", is("userId", 3)},
		"user, not of it": {sampleapi.JSONPlaceholder, "comments", "comments", map[string]any{"user_id": 3}, "", all},
		"post":            {sampleapi.JSONPlaceholder, "comments", "comments", map[string]any{"post_id": 7}, "postId=7", is("postId", 7)},
		"album":           {sampleapi.JSONPlaceholder, "photos", "photos", map[string]any{"album_id": 9}, "albumId=9", is("albumId", 9)},
		"rating":          {pullbay, "reviews", "reviews", map[string]any{"rating_min": 4}, "rating_min=4", func(r map[string]any) bool { return fmt.Sprint(r["rating"]) >= "4" }},
		"created":         {pullbay, "reviews", "reviews", map[string]any{"created_after": noon}, "created_after=", func(r map[string]any) bool { return fmt.Sprint(r["created_at"]) > noon }},
		"limit":           {pullbay, "reviews", "reviews", map[string]any{"limit": 11}, "limit=11", all},
		"managed":         {pullbay, "reviews", "reviews_managed", map[string]any{"pagination": "managed", "timeout": 7}, "timeout=7", all},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, test.system, sampleapi.Options{RequestLog: 999, Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 45}}}, nil)
			s = s.with(map[string]any{"limit": nil}).with(test.settings)
			o := s.read(t, "airbyte", selection{streams: []string{test.stream}}).mustSucceed(t)
			want := truth(t, s.server.Server, s.system, test.truth)
			whole := len(want)
			for id, text := range want {
				if !test.keep(decodeObject(t, []byte(text))) {
					delete(want, id)
				}
			}
			if len(want) == 0 || len(want) == whole && strings.Count(test.query, "=") == 1 && name != "every status" && name != "limit" && name != "managed" {
				t.Errorf("the filter lets %d of %d records through: it shows nothing", len(want), whole)
			}
			mustHave(t, o.lines, want)
			if uris := strings.Join(s.server.Stats(s.system).Pages("/"), "\n"); !strings.Contains(uris, test.query) || test.query == "" && strings.Contains(uris, "userId") {
				t.Errorf("%q is not in the requests:\n%s", test.query, uris)
			}
		})
	}
}

// TestStartDateReadsWhatWasModifiedSince compares by the server's times of modification, which the
// records do not have.
func TestStartDateReadsWhatWasModifiedSince(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.HelpScout, sampleapi.Options{RequestLog: 99}, nil)
	var edited []string
	for r := range s.server.Truth(s.system, "conversations") {
		if len(edited) < 30 {
			edited = append(edited, r.ID)
		}
	}
	since := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	if err := s.server.Edit(s.system, "conversations", since.Add(time.Hour), edited...); err != nil {
		t.Fatal(err)
	}
	s = s.with(map[string]any{"start_date": since.Format(time.RFC3339)})
	o := s.read(t, "singer", selection{streams: []string{"conversations"}}).mustSucceed(t)
	var got []string
	for _, id := range ids(t, o.lines) {
		got = append(got, id[strings.LastIndex(id, "/")+1:])
	}
	slices.Sort(edited)
	if !slices.Equal(slices.Sorted(slices.Values(got)), edited) {
		t.Errorf("read %v, want those that were edited: %v", got, edited)
	}
}

// TestPlansLimitIsTheDefault counts the requests until a read has to wait.
func TestPlansLimitIsTheDefault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system   sampleapi.System
		stream   string
		most     int
		settings map[string]any
	}{
		"helpscout": {sampleapi.HelpScout, "conversation_threads", 200, nil},
		"pullbay":   {sampleapi.Pullbay, "reviews", 60, map[string]any{"limit": 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, test.system, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 500}}}, nil)
			s = s.with(map[string]any{"rate_limit": nil, "concurrency": 1}).with(test.settings)
			c := &child{t: t, cmd: exec.Command("anytap", readArgs(t, "singer", s.file(t), selection{streams: []string{test.stream}})...)}
			logs, err := c.cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.cmd.Process.Kill(); _ = c.cmd.Wait() }) // its output is not read to the end
			followUntil(t, logs, "INFO waiting")
			stats := s.server.Stats(s.system)
			// The client counts the token request, although the API does not. The last requests may
			// be under way.
			if n := stats.Requests + stats.TokenRequests; n > test.most || n < test.most-8 {
				t.Errorf("%d requests until it had to wait, want as many as the plan allows in a minute: %d", n, test.most)
			}
		})
	}
}

// followUntil reads lines up to the first that holds the text.
func followUntil(t *testing.T, from io.Reader, text string) (all string) {
	t.Helper()
	var b strings.Builder
	for lines := bufio.NewScanner(from); lines.Scan(); {
		b.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), text) {
			return b.String()
		}
	}
	t.Fatalf("nothing was said of %q:\n%s", text, b.String())
	return ""
}

// TestConcurrencyBoundsRequestsUnderWay counts on the server how many requests are under way at
// once.
func TestConcurrencyBoundsRequestsUnderWay(t *testing.T) {
	t.Parallel()
	var businesses []sampleapi.Business
	for n := range 8 {
		businesses = append(businesses, sampleapi.Business{ID: fmt.Sprintf("b-%d", n), Reviews: 30})
	}
	for name, test := range map[string]struct {
		system   sampleapi.System
		stream   string
		settings map[string]any
	}{
		"businesses": {sampleapi.Pullbay, "reviews", map[string]any{"limit": 10}},
		"threads":    {sampleapi.HelpScout, "conversation_threads", map[string]any{"mailbox": "85003"}},
		"lists":      {sampleapi.JSONPlaceholder, "", nil},
	} {
		for _, concurrency := range []int{1, 4} {
			t.Run(fmt.Sprint(name, " ", concurrency), func(t *testing.T) {
				t.Parallel()
				faults := map[sampleapi.System]sampleapi.Faults{test.system: {Latency: 15 * time.Millisecond}}
				s := startSample(t, test.system, sampleapi.Options{Businesses: businesses, Faults: faults}, nil)
				s = s.with(map[string]any{"concurrency": concurrency, "max_requests": 60}).with(test.settings)
				var sel selection
				if test.stream != "" {
					sel.streams = []string{test.stream}
				}
				s.read(t, "airbyte", sel).mustSucceed(t)
				most := concurrency
				if name == "threads" {
					most++ // the next page of parents is requested meanwhile
				}
				if n := s.server.Stats(s.system).MaxInFlight; n > most || concurrency > 1 && n < 2 {
					t.Errorf("%d requests were under way at once, want at most %d", n, most)
				}
			})
		}
	}
}

// TestManifestsHaveSettingsBelowAnytap gives settings to a manifest that is not built in.
func TestManifestsHaveSettingsBelowAnytap(t *testing.T) {
	t.Parallel()
	manifest := golden.TempFile(t, "manifest.yaml", smallManifest)
	impatient := golden.TempFile(t, "impatient.yaml", strings.Replace(smallManifest, "primary_key: id", "primary_key: id\n    x-anytap: {request_timeout: 0.5}", 1))
	for name, test := range map[string]struct {
		manifest string
		faults   sampleapi.Faults
		settings map[string]any
		code     int
		says     string
		records  int
		requests int
	}{
		"none":            {manifest, sampleapi.Faults{}, nil, 0, "", 100, 1},
		"max_records":     {manifest, sampleapi.Faults{}, map[string]any{"max_records": 7}, 0, "max_records reached", 7, 1},
		"max_requests":    {manifest, sampleapi.Faults{Redirect: 1}, map[string]any{"max_requests": 1}, 1, "max_requests is too small", 0, 1},
		"max_retries":     {manifest, sampleapi.Faults{Fail: 1}, map[string]any{"max_retries": 1}, 1, "gave up after 2 tries", 0, 2},
		"request_timeout": {manifest, sampleapi.Faults{Latency: time.Minute}, map[string]any{"request_timeout": 0.5, "max_retries": 0}, 1, "nothing came for", 0, 1},
		"a stream's own":  {impatient, sampleapi.Faults{Latency: time.Minute}, map[string]any{"max_retries": 0}, 1, "nothing came for", 0, 1},
		"no such number":  {manifest, sampleapi.Faults{}, map[string]any{"max_records": "many"}, 1, "max_records", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{Faults: map[sampleapi.System]sampleapi.Faults{sampleapi.JSONPlaceholder: test.faults}}, nil)
			config := map[string]any{"base_url": s.config["base_url"]}
			if test.settings != nil {
				config["anytap"] = test.settings
			}
			o := invoke(t, "--config", writeJSON(t, "config.json", config), "--manifest-path", test.manifest)
			if n := len(ids(t, parseLines(t, o.out))); o.code != test.code || n != test.records {
				t.Errorf("exit code %d and %d records, want %d and %d\n%s", o.code, n, test.code, test.records, o.talk())
			}
			o.mustSay(t, test.says)
			if n := s.server.Stats(s.system).Requests; n != test.requests && (test.faults.Latency == 0 || n > 1) { // or the request was given up before it arrived
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

// windowManifest reads by date, in windows of five days.
const windowManifest = `version: 7.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [events]}
streams:
  - type: DeclarativeStream
    name: events
    primary_key: id
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url_base: "{{ config['base_url'] }}", path: /events, http_method: GET}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
    incremental_sync:
      type: DatetimeBasedCursor
      cursor_field: at
      datetime_format: "%Y-%m-%d"
      start_datetime: "2026-01-01"
      end_datetime: "{{ now_utc().strftime('%Y-%m-%d') }}"
      step: P5D
      cursor_granularity: P1D
      start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
      end_time_option: {type: RequestOption, inject_into: request_parameter, field_name: to}
    schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
spec: {type: Spec, connection_specification: {type: object, properties: {}}}
`

// TestRerunReadsTheSameWindows reads twice as of the same time.
func TestRerunReadsTheSameWindows(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Query().Get("from")+".."+r.URL.Query().Get("to"))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `[{"id":%d,"at":%q}]`, len(asked), r.URL.Query().Get("from"))
	}))
	t.Cleanup(server.Close)
	config, manifest := writeJSON(t, "config.json", map[string]any{"base_url": server.URL}), golden.TempFile(t, "manifest.yaml", windowManifest)
	want := []string{"2026-01-01..2026-01-05", "2026-01-06..2026-01-10", "2026-01-11..2026-01-12"}
	for range 2 {
		asked = nil
		invoke(t, "--config", config, "--manifest-path", manifest, "--as-of", "2026-01-12T08:00:00Z").mustSucceed(t)
		if slices.Sort(asked); !slices.Equal(asked, want) {
			t.Errorf("asked for %v, want %v", asked, want)
		}
	}
}

// TestBuiltInManifestsHaveNoProblems checks the manifests of the built-in systems.
func TestBuiltInManifestsHaveNoProblems(t *testing.T) {
	t.Parallel()
	for system := range builtInConfigs {
		if o := invoke(t, "check-manifest", "streams/"+system+".yaml").mustSucceed(t); !strings.Contains(string(o.logs), "0 problems, 0 warnings") {
			t.Errorf("%s: %s", system, o.logs)
		}
	}
}

// TestPropertiesIsCatalog gives the catalog by the flag's old name.
func TestPropertiesIsCatalog(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	catalog := catalogFile(t, "singer", selection{streams: []string{"albums"}})
	o := invoke(t, "--config", s.file(t), "--properties", catalog).mustSucceed(t)
	mustHave(t, parseLines(t, o.out), truth(t, s.server.Server, s.system, "albums"))
}

// TestFlagsWinOverVariables names a manifest by both.
func TestFlagsWinOverVariables(t *testing.T) {
	t.Setenv("ANYTAP_MANIFEST", golden.TempFile(t, "manifest.yaml", strings.Replace(smallManifest, "name: posts", "name: others", 1)))
	flag := golden.TempFile(t, "flag.yaml", smallManifest)
	config := writeJSON(t, "config.json", map[string]any{"base_url": "http://127.0.0.1:1"})
	for want, args := range map[string][]string{"posts": {"--manifest-path", flag}, "others": nil} {
		var m struct {
			Catalog struct{ Streams []struct{ Name string } }
		}
		o := invoke(t, append([]string{"discover", "--config", config}, args...)...).mustSucceed(t)
		if err := json.Unmarshal(o.out, &m); err != nil || len(m.Catalog.Streams) != 1 || m.Catalog.Streams[0].Name != want {
			t.Errorf("%v in %s, want %s", err, o.out, want)
		}
	}
}
