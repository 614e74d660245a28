package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestUsageErrors checks that a wrong call gives exit code 2, names the mistake on stderr, and
// prints nothing on stdout.
func TestUsageErrors(t *testing.T) {
	t.Parallel()
	config := golden.TempFile(t, "config.json", builtInConfigs["jsonplaceholder"])
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"nothing":              {nil, "--config"},
		"unknown flag":         {[]string{"--nosuch"}, "--nosuch"},
		"unknown command":      {[]string{"fetch"}, `"fetch"`},
		"argument of a verb":   {[]string{"read", "x"}, `"x"`},
		"no config":            {[]string{"read"}, "--config"},
		"stdin twice":          {[]string{"check", "-c", "-", "--state", "-"}, "- is given for 2 files"},
		"protocol":             {[]string{"--config", config, "--protocol", "odata"}, `"odata"`},
		"protocol of a verb":   {[]string{"read", "--config", config, "--protocol", "odata"}, `"odata"`},
		"format":               {[]string{"--about", "--format", "yaml"}, `"yaml"`},
		"test":                 {[]string{"--config", config, "--test=some"}, `"some"`},
		"as of":                {[]string{"--config", config, "--as-of", "yesterday"}, `"yesterday"`},
		"check-manifest":       {[]string{"check-manifest"}, "anytap check-manifest manifest.yaml"},
		"value is missing":     {[]string{"--config"}, "--config"},
		"demo's fault":         {[]string{"demo", "--faults", "cut=often"}, "cut=often"},
		"demo's unknown names": {[]string{"demo", "posts", "nosuch"}, "nosuch"},
		"demo, no stream":      {[]string{"demo", "teams"}, "teams"},
	} {
		t.Run(name, func(t *testing.T) {
			o := invoke(t, test.args...)
			if o.code != frontend.ExitUsage || len(o.out) > 0 {
				t.Errorf("exit code %d, stdout %q; want %d and nothing", o.code, o.out, frontend.ExitUsage)
			}
			if !strings.Contains(string(o.logs), test.want) {
				t.Errorf("stderr %q says nothing of %q", o.logs, test.want)
			}
		})
	}
}

// TestConfigErrors checks that both protocols name each mistake by its field and what was expected,
// without the value.
func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ config, want string }{
		"no JSON":            {`{"source":`, "not JSON"},
		"no object":          {`["jsonplaceholder"]`, "expected an object"},
		"null":               {`null`, "expected an object"},
		"no source":          {`{}`, "source is missing, expected one of helpscout, jsonplaceholder, pullbay, rest"},
		"unknown source":     {`{"source":"sap"}`, "expected one of helpscout"},
		"missing credential": {`{"source":"pullbay","business_ids":["1"]}`, "api_key"},
		"wrong type":         {`{"source":"jsonplaceholder","page_size":"s3cr3t-many"}`, "page_size"},
		"out of bounds":      {`{"source":"jsonplaceholder","concurrency":0}`, "concurrency"},
		"unknown choice":     {`{"source":"jsonplaceholder","pagination":"s3cr3t-way"}`, "pagination"},
		"inside a list":      {`{"source":"rest","base_url":"http://127.0.0.1","streams":[{"name":"a"}]}`, "streams[0].path is missing"},
		"stream twice":       {`{"source":"rest","base_url":"http://127.0.0.1","streams":[{"name":"a","path":"/"},{"name":"a","path":"/"}]}`, "streams[1].name"},
		"rate limit":         {`{"source":"jsonplaceholder","rate_limit":{"requests":-1}}`, "rate_limit"},
	} {
		t.Run(name, func(t *testing.T) {
			config := golden.TempFile(t, "config.json", test.config)
			singer := invoke(t, "--config", config)
			if singer.code != 1 || len(singer.out) > 0 {
				t.Errorf("singer: exit code %d, stdout %q; want 1 and nothing", singer.code, singer.out)
			}
			check := invoke(t, "check", "--config", config)
			var m struct {
				ConnectionStatus struct{ Status, Message string }
			}
			if err := json.Unmarshal(check.out, &m); err != nil || check.code != 0 || m.ConnectionStatus.Status != "FAILED" {
				t.Errorf("check: exit code %d, %v: %s", check.code, err, check.out)
			}
			read := invoke(t, "read", "--config", config)
			if read.code != 1 || !strings.Contains(string(read.out), `"failure_type":"config_error"`) {
				t.Errorf("read: exit code %d: %s", read.code, read.out)
			}
			for _, o := range []outcome{singer, check, read} {
				o.mustSay(t, test.want)
				if strings.Contains(o.talk(), "s3cr3t") {
					t.Errorf("a value was printed: %s", o.talk())
				}
			}
		})
	}
	missing := invoke(t, "check", "--config", "nosuch.json")
	missing.mustSay(t, "nosuch.json", "FAILED")
}

// TestDiscoveryNeedsNoCredentials runs Singer's discovery with half a configuration and without
// network.
func TestDiscoveryNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	config := golden.TempFile(t, "config.json", `{"source":"helpscout","base_url":"http://127.0.0.1:1"}`)
	if o := invoke(t, "--config", config, "--discover").mustSucceed(t); !strings.Contains(string(o.out), `"conversation_threads"`) {
		t.Errorf("the catalog lacks a stream:\n%s", o.out)
	}
}

func TestAboutAndVersion(t *testing.T) {
	t.Parallel()
	var about struct {
		Name, Description, Version string
		Capabilities               []string
		Settings                   struct {
			Properties map[string]struct{ Secret bool }
		}
	}
	if err := json.Unmarshal(invoke(t, "--about", "--format", "json").mustSucceed(t).out, &about); err != nil {
		t.Fatal(err)
	}
	if about.Name != "anytap" || about.Version == "" || !about.Settings.Properties["api_key"].Secret || len(about.Capabilities) < 5 {
		t.Errorf("about is %+v", about)
	}
	for _, format := range []string{"text", "markdown"} {
		if o := invoke(t, "--about", "--format="+format).mustSucceed(t); !strings.Contains(string(o.out), "business_ids") {
			t.Errorf("%s lacks a setting:\n%s", format, o.out)
		}
	}
	if o := invoke(t, "--version").mustSucceed(t); string(o.out) != "anytap dev\n" || strings.Count(string(o.out), "\n") != 1 {
		t.Errorf("the version is %q", o.out)
	}
}

func TestTestReadsOneRecordOfEach(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	for flag, records := range map[string]int{"--test": 6, "--test=all": 6, "--test=schema": 0} {
		o := invoke(t, "--config", s.file(t), flag).mustSucceed(t)
		lines := parseLines(t, o.out)
		if got := len(ids(t, lines)); got != records {
			t.Errorf("%s gave %d records, want %d", flag, got, records)
		}
		if n := strings.Count(string(o.out), `"type":"SCHEMA"`); n != 6 {
			t.Errorf("%s gave %d schemas, want 6", flag, n)
		}
	}
	if n := len(ids(t, parseLines(t, invoke(t, "--config", s.file(t), "--test=disabled").mustSucceed(t).out))); n != 5910 {
		t.Errorf("--test=disabled gave %d records, want all", n)
	}
	s.server.SetFaults(s.system, sampleapi.Faults{Fail: 1, FailStatus: 403})
	if o := invoke(t, "--config", s.file(t), "--test"); o.code != 1 {
		t.Errorf("exit code %d for an API that refuses, want 1", o.code)
	}
}

// TestConfigFromTheEnvironment reads settings from variables, which win over files.
func TestConfigFromTheEnvironment(t *testing.T) {
	s := startSample(t, sampleapi.Pullbay, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 3}, {ID: "b-2", Reviews: 9}}}, nil)
	file := s.with(map[string]any{"api_key": "wrong", "business_ids": []string{"b-1"}, "limit": nil}).file(t)
	for name, v := range map[string]string{
		"ANYTAP_API_KEY": s.config["api_key"].(string), "ANYTAP_BUSINESS_IDS": `["b-2"]`, "ANYTAP_LIMIT": "4", "ANYTAP_RATE_LIMIT": `{"requests": 999, "per": 1}`,
	} {
		t.Setenv(name, v)
	}
	o := invoke(t, "--config", "ENV", "--config", file).mustSucceed(t)
	want := truth(t, s.server.Server, s.system, "reviews")
	for id := range want {
		if strings.Contains(id, "b-1/") {
			delete(want, id)
		}
	}
	mustHave(t, parseLines(t, o.out), want)
	if n := s.server.Stats(s.system).Requests; n != 3 {
		t.Errorf("%d requests, want 3 pages of 4", n)
	}
	second := writeJSON(t, "second.json", map[string]any{"api_key": s.config["api_key"], "limit": 100})
	o = invoke(t, "--config", file, "--config", second).mustSucceed(t)
	if n := len(ids(t, parseLines(t, o.out))); n != 3 {
		t.Errorf("%d records by two files, want those of b-1", n)
	}
	t.Setenv("ANYTAP_LIMIT", "four")
	if o := invoke(t, "--config=ENV"); o.code != 1 || !strings.Contains(string(o.logs), "ANYTAP_LIMIT") {
		t.Errorf("exit code %d: %s", o.code, o.logs)
	}
}

// TestProtocolFlagOverridesTheForm calls each protocol in the form of the other.
func TestProtocolFlagOverridesTheForm(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	config := s.file(t)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"airbyte read":     {[]string{"--config", config, "--protocol", "airbyte"}, `{"type":"RECORD","record":{"stream":"posts","data":`},
		"airbyte discover": {[]string{"--config", config, "--discover", "--protocol", "airbyte"}, `{"type":"CATALOG"`},
		"airbyte check":    {[]string{"--config", config, "--test", "--protocol", "airbyte"}, `"status":"SUCCEEDED"`},
		"airbyte spec":     {[]string{"--about", "--protocol", "airbyte"}, `{"type":"SPEC"`},
		"singer read":      {[]string{"read", "--config", config, "--protocol", "singer"}, `{"type":"SCHEMA","stream":"posts"`},
		"singer discover":  {[]string{"discover", "--config", config, "--protocol", "singer"}, `"tap_stream_id": "posts"`},
		"singer check":     {[]string{"check", "--config", config, "--protocol", "singer"}, `{"type":"RECORD","stream":"posts"`},
		"singer spec":      {[]string{"spec", "--protocol", "singer"}, "anytap"},
	} {
		if o := invoke(t, test.args...).mustSucceed(t); !strings.Contains(string(o.out), test.want) {
			t.Errorf("%s lacks %s:\n%.500s", name, test.want, o.out)
		}
	}
}

// TestAsOfStopsTheClock checks that two runs as of the same time print the same, by flag and by
// variable.
func TestAsOfStopsTheClock(t *testing.T) {
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, map[string]any{"concurrency": 1})
	config := s.file(t)
	const at = "2026-03-04T05:06:07Z"
	first := invoke(t, "read", "--config", config, "--as-of", at).mustSucceed(t)
	t.Setenv("ANYTAP_NOW", at)
	second := invoke(t, "read", "--config", config).mustSucceed(t)
	moment, _ := time.Parse(time.RFC3339, at)
	if !bytes.Equal(withoutEstimates(first.out), withoutEstimates(second.out)) || !strings.Contains(string(first.out), fmt.Sprintf(`"emitted_at":%d`, moment.UnixMilli())) {
		t.Error("two runs as of the same time differ, or have another time")
	}
	if singer := invoke(t, "--config", config).mustSucceed(t); !strings.Contains(string(singer.out), `"time_extracted":"2026-03-04T05:06:07`) {
		t.Errorf("singer's records have another time: %.400s", singer.out)
	}
	t.Setenv("ANYTAP_NOW", "soon")
	if o := invoke(t, "read", "--config", config); o.code != frontend.ExitUsage || !strings.Contains(string(o.logs), "ANYTAP_NOW") {
		t.Errorf("exit code %d: %s", o.code, o.logs)
	}
}

// withoutEstimates is output without what depends on how fast it was: durations, and estimates,
// which come as soon as an answer tells of a total.
func withoutEstimates(out []byte) (rest []byte) {
	for line := range bytes.Lines(golden.WithoutDurations(out)) {
		if !bytes.Contains(line, []byte(`"type":"ESTIMATE"`)) {
			rest = append(rest, line...)
		}
	}
	return rest
}

// smallManifest reads the posts of the sample API.
const smallManifest = `version: 7.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [posts]}
streams:
  - type: DeclarativeStream
    name: posts
    primary_key: id
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url_base: "{{ config['base_url'] }}", path: /posts, http_method: GET}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
    schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
spec:
  type: Spec
  connection_specification: {type: object, required: [base_url], properties: {base_url: {type: string}}}
`

// TestManifestIsFound names a manifest in each way that there is.
func TestManifestIsFound(t *testing.T) {
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	base := map[string]any{"base_url": s.config["base_url"]}
	config, manifest := writeJSON(t, "config.json", base), golden.TempFile(t, "manifest.yaml", smallManifest)
	want := truth(t, s.server.Server, s.system, "posts")
	check := func(args ...string) {
		t.Helper()
		mustHave(t, parseLines(t, invoke(t, args...).mustSucceed(t).out), want)
	}
	check("read", "--config", config, "--manifest-path", manifest)
	check("read", "--config", config, "--manifest", manifest)
	check("--config", config, "--manifest-path", manifest)
	var document any
	injected := map[string]any{"base_url": s.config["base_url"]}
	if err := json.Unmarshal([]byte(manifestAsJSON), &document); err != nil {
		t.Fatal(err)
	}
	injected["__injected_declarative_manifest"] = document
	check("read", "--config", writeJSON(t, "injected.json", injected))
	check("--config", writeJSON(t, "injected.json", injected))
	if spec := invoke(t, "spec", "--config", writeJSON(t, "injected.json", injected)).mustSucceed(t); !strings.Contains(string(spec.out), `"required":["base_url"]`) {
		t.Errorf("the spec is not the manifest's: %s", spec.out)
	}
	injected["__injected_components_py"] = "import os"
	if o := invoke(t, "read", "--config", writeJSON(t, "python.json", injected)); o.code != 1 || !strings.Contains(o.talk(), "Python") {
		t.Errorf("Python was accepted: %d %s", o.code, o.talk())
	}
	t.Setenv("ANYTAP_MANIFEST", manifest)
	check("--config", config)
	check("read", "--config", config)
	if o := invoke(t, "discover", "--config", config, "--manifest-path", "nosuch.yaml"); o.code != 1 || !strings.Contains(string(o.out), "nosuch.yaml") {
		t.Errorf("a missing manifest: %d %s", o.code, o.talk())
	}
}

// manifestAsJSON is smallManifest as a client sends it inside a configuration.
const manifestAsJSON = `{"version":"7.0.0","type":"DeclarativeSource","check":{"type":"CheckStream","stream_names":["posts"]},"streams":[{"type":"DeclarativeStream",
"name":"posts","primary_key":"id","retriever":{"type":"SimpleRetriever","requester":{"type":"HttpRequester","url_base":"{{ config['base_url'] }}","path":"/posts",
"http_method":"GET"},"record_selector":{"type":"RecordSelector","extractor":{"type":"DpathExtractor","field_path":[]}}},"schema_loader":{"type":"InlineSchemaLoader",
"schema":{"type":"object","properties":{"id":{"type":"integer"}}}}}],"spec":{"type":"Spec","connection_specification":{"type":"object","required":["base_url"],
"properties":{"base_url":{"type":"string"}}}}}`

// TestCheckManifestGivesPlaces checks that every problem comes with its place, and that the exit
// code tells whether there are any.
func TestCheckManifestGivesPlaces(t *testing.T) {
	t.Parallel()
	broken := strings.NewReplacer("http_method: GET", "http_method: FETCH", "DpathExtractor", "DpathExtracter", "primary_key: id", "primary_key: {a: 1}").Replace(smallManifest)
	for name, test := range map[string]struct {
		manifest string
		code     int
		want     []string
	}{
		"good":     {smallManifest, 0, []string{"0 problems, 0 warnings"}},
		"three":    {broken, 1, []string{"manifest.yaml:7:", "manifest.yaml:10:", "manifest.yaml:11:", "streams[0].retriever", "DpathExtracter", "3 problems"}},
		"no YAML":  {"a: [1", 1, []string{"manifest.yaml:1"}},
		"no list":  {"[]", 1, []string{"manifest.yaml:1:1"}},
		"nothing":  {"", 1, []string{"manifest.yaml"}},
		"cut off":  {smallManifest[:len(smallManifest)/2], 1, []string{"manifest.yaml:"}},
		"a number": {"7", 1, []string{"manifest.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := invoke(t, "check-manifest", golden.TempFile(t, "manifest.yaml", test.manifest))
			if o.code != test.code || len(o.out) > 0 {
				t.Errorf("exit code %d, stdout %q; want %d and nothing", o.code, o.out, test.code)
			}
			o.mustSay(t, test.want...)
		})
	}
	if o := invoke(t, "check-manifest", "nosuch.yaml"); o.code != 1 || !strings.Contains(string(o.logs), "nosuch.yaml") {
		t.Errorf("exit code %d: %s", o.code, o.logs)
	}
}
