package components

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func dictOf(t *testing.T, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Dict)
}

// settingsOf reads settings for a manifest with a rate limit of 5 requests in 10 seconds. own says
// that the manifest is anytap's, so that the configuration as a whole holds the settings.
func settingsOf(t *testing.T, text string, own bool) (tap.ReadSettings, rest.Settings, error) {
	t.Helper()
	root := manifest.FromValue("m.yaml", dictOf(t, `{"metadata": {"x-anytap": {"name": "rest", "rate_limit": {"requests": 5, "per": 10}}}}`))
	d := &document{}
	config := value.DictOf("concurrency", int64(99), "anytap", dictOf(t, text))
	if own {
		config = dictOf(t, text)
		d.overrides.Settings = config
	}
	read, s, _, err := d.settings(config, root, tap.Environment{ConfigFile: "config.json"})
	return read, s, err
}

func TestSettingsAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings string
		own      bool
		is       func(tap.ReadSettings, rest.Settings) bool
	}{
		"none": {`{}`, false, func(r tap.ReadSettings, s rest.Settings) bool {
			return r.Concurrency == 0 && s.MaxRetries == nil && s.TokenRetries == 0 && !s.StrictJSON
		}},
		"none, of anytap's manifest": {`{}`, true, func(_ tap.ReadSettings, s rest.Settings) bool {
			return s.MaxRetries == nil && s.TokenRetries == rest.DefaultMaxRetries && s.StrictJSON && s.UserAgent == "anytap"
		}},
		"the read": {`{"concurrency": 3, "checkpoint_records": 7, "max_records": 9, "max_runtime": 1.5}`, true, func(r tap.ReadSettings, _ rest.Settings) bool {
			return r.Concurrency == 3 && r.CheckpointRecords == 7 && r.MaxRecords == 9 && r.MaxRuntime == 1500*time.Millisecond
		}},
		"requests": {`{"max_requests": 4, "max_credits": 2.5, "prefetch": 1, "request_timeout": 8, "min_speed": 0.5}`, false, func(_ tap.ReadSettings, s rest.Settings) bool {
			return s.MaxRequests == 4 && s.MaxCredits == 2.5 && s.Prefetch == 1 && s.ReadTimeout == 8*time.Second && s.MinSpeed == 0.5
		}},
		"trusted hosts": {`{"credential_hosts": ["a.test:8443"]}`, false, func(_ tap.ReadSettings, s rest.Settings) bool {
			return slices.Equal(s.TrustedHosts, []string{"a.test:8443"}) && strings.Contains(s.TrustSetting, "credential_hosts")
		}},
		"trusted hosts of rest": {`{"auth": {"hosts": ["a.test"]}}`, true, func(_ tap.ReadSettings, s rest.Settings) bool {
			return slices.Equal(s.TrustedHosts, []string{"a.test"}) && strings.Contains(s.TrustSetting, "auth")
		}},
		"trusted hosts, at the top": {`{"credential_hosts": ["a.test"]}`, true, func(_ tap.ReadSettings, s rest.Settings) bool {
			return slices.Equal(s.TrustedHosts, []string{"a.test"}) && !strings.Contains(s.TrustSetting, "anytap")
		}},
		"no retries": {`{"max_retries": 0}`, true, func(_ tap.ReadSettings, s rest.Settings) bool { return *s.MaxRetries == 0 }},
		"the manifest's rate": {`{}`, false, func(_ tap.ReadSettings, s rest.Settings) bool {
			return s.Rate == rest.Rate{Calls: 5, Per: 10 * time.Second}
		}},
		"the configuration's rate": {`{"rate_limit": {"requests": 2}}`, false, func(_ tap.ReadSettings, s rest.Settings) bool { return s.Rate == rest.Rate{Calls: 2, Per: time.Minute} }},
		"null is not set":          {`{"rate_limit": null, "max_retries": null}`, false, func(_ tap.ReadSettings, s rest.Settings) bool { return s.Rate.Calls == 5 && s.MaxRetries == nil }},
		"more than any count": {`{"concurrency": 1e300, "checkpoint_records": 1e19, "max_records": 1e300, "max_requests": 1e300, "prefetch": 1e300, "max_retries": 1e300, "rate_limit": {"requests": 1e300}}`, true, func(r tap.ReadSettings, s rest.Settings) bool {
			return r.Concurrency == 1<<53 && r.CheckpointRecords == 1<<53 && r.MaxRecords == 1<<53 && s.MaxRequests == 1<<53 && s.Prefetch == 1<<53 && *s.MaxRetries == 1<<53 && s.Rate.Calls == 1<<53
		}},
		"for ever": {`{"max_runtime": 1e300}`, false, func(r tap.ReadSettings, _ rest.Settings) bool { return r.MaxRuntime > 200*365*24*time.Hour }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, s, err := settingsOf(t, c.settings, c.own)
			if err != nil || !c.is(read, s) {
				t.Errorf("got %+v, %+v, %v", read, s, err)
			}
		})
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ settings, want string }{
		"no hosts":        {`{"credential_hosts": "a.test"}`, "config.json: anytap.credential_hosts is 'a.test', expected a list of hosts"},
		"no host":         {`{"credential_hosts": ["a.test", "https://a.test/b"]}`, `config.json: anytap.credential_hosts[1]: "https://a.test/b" is not the name of a host`},
		"a text":          {`{"concurrency": "4"}`, "config.json: anytap.concurrency is '4', expected a number"},
		"a negative":      {`{"max_records": -1}`, "config.json: anytap.max_records is -1, expected a number"},
		"in rate_limit":   {`{"rate_limit": {"requests": true}}`, "config.json: anytap.rate_limit.requests is True, expected a number"},
		"no cache folder": {`{"cache": {}}`, "config.json: anytap.cache.dir is missing"},
		"cache.ttl":       {`{"cache": {"dir": "x", "ttl": "1h"}}`, "config.json: anytap.cache.ttl is '1h', expected seconds"},
		"misspelt":        {`{"max_request": 4}`, "config.json: anytap.max_request is no setting; did you mean max_requests?"},
		"in cache":        {`{"cache": {"dir": "x", "tll": 60}}`, "config.json: anytap.cache.tll is no setting; did you mean ttl?"},
		"in a rate":       {`{"rate_limit": {"request": 4}}`, "config.json: anytap.rate_limit.request is no setting; did you mean requests?"},
		"no rate":         {`{"rate_limit": 4}`, "config.json: anytap.rate_limit is 4, expected requests"},
		"all at once":     {`{"prefetch": [], "max_credits": {}}`, "anytap.max_credits is {}, expected a number that is not negative; config.json: anytap.prefetch is []"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := settingsOf(t, c.settings, false); err == nil || tap.KindOf(err) != tap.Config || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestMisspeltSettings looks for settings that are none at all places of a manifest, and where its
// configuration has them.
func TestMisspeltSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ metadata, stream, config, want string }{
		"right":                   {`x-anytap: {name: a, rate_limit: {requests: 9}}`, `x-anytap: {pages: {strict: true}, records: {key: k}}`, `{"anytap": {"max_records": 3}}`, ""},
		"of the run":              {"", "", `{"anytap": {"maxrecords": 3}}`, "config.json: anytap.maxrecords is no setting; did you mean max_records?"},
		"no object of the run":    {"", "", `{"anytap": 3}`, "config.json: anytap is 3, expected an object of settings"},
		"of the manifest":         {`x-anytap: {nam: a}`, "", `{}`, "nam is no setting; did you mean name?"},
		"in its rate":             {`x-anytap: {rate_limit: {request: 9}}`, "", `{}`, "the manifest: metadata.x-anytap.rate_limit.request is no setting; did you mean requests?"},
		"no object of it":         {`x-anytap: 3`, "", `{}`, "is the number 3, expected an object"},
		"where settings are":      {`x-anytap: {settings: above}`, "", `{}`, "settings is 'above', expected top"},
		"of a stream":             {"", `x-anytap: {page: {}}`, `{}`, "x-anytap.page is no setting; did you mean pages?"},
		"no object of a stream":   {"", `x-anytap: 3`, `{}`, "x-anytap is a int, expected an object"},
		"of a stream's pages":     {"", `x-anytap: {pages: {totl: a}}`, `{}`, "x-anytap: pages.totl is no setting; did you mean total?"},
		"of a stream's records":   {"", `x-anytap: {records: {colums: [a]}}`, `{}`, "x-anytap: records.colums is no setting; did you mean columns?"},
		"no object of records":    {"", `x-anytap: {records: 3}`, `{}`, "x-anytap: records is a int, expected an object"},
		"append_only of no truth": {"", `x-anytap: {append_only: 1}`, `{}`, "x-anytap: append_only is 1, expected true or false"},
		"a cursor without it":     {"", `x-anytap: {cursor_field: id}`, `{}`, "x-anytap: cursor_field has no use without append_only: true"},
		"at the top":              {`x-anytap: {settings: top}`, "", `{"max_request": 3}`, "config.json: max_request is no setting; did you mean max_requests?"},
		"used by the manifest":    {`x-anytap: {settings: top}`, "name_of_max_request: 1", `{"max_request": 3}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "version: 7.0.0\ntype: DeclarativeSource\ncheck: {type: CheckStream, stream_names: [a]}\nmetadata: {" + c.metadata + `}
spec: {type: Spec, connection_specification: {type: object, additionalProperties: true}}
streams:
  - type: DeclarativeStream
    name: a
    retriever:
      type: SimpleRetriever
      requester: {type: HttpRequester, url: "https://api.test/a"}
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
    schema_loader: {type: InlineSchemaLoader, schema: {}}
    ` + c.stream + "\n"
			connector := Connector(func() (*manifest.Node, error) { return manifest.Parse("m.yaml", []byte(text)) }, Overrides{})
			source, err := connector.Open(t.Context(), dictOf(t, c.config), tap.Environment{ConfigFile: "config.json", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
			if err == nil {
				_, err = source.Streams(t.Context())
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error is %v, expected %q", err, c.want)
			}
		})
	}
}

// TestSettingsAtTop reads a configuration with a manifest that was made of one.
func TestSettingsAtTop(t *testing.T) {
	t.Parallel()
	root := manifest.FromValue("m.yaml", dictOf(t, `{"metadata": {"x-anytap": {"name": "rest", "settings": "top"}}}`))
	_, s, _, err := new(document).settings(dictOf(t, `{"max_requests": 4, "credential_hosts": ["a.test"]}`), root, tap.Environment{ConfigFile: "config.json"})
	if err != nil || s.MaxRequests != 4 || !s.StrictJSON || !slices.Equal(s.TrustedHosts, []string{"a.test"}) || strings.Contains(s.TrustSetting, "anytap") {
		t.Errorf("got %+v, %v", s, err)
	}
}
