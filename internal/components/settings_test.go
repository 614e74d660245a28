package components

import (
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
			return r.Concurrency == 0 && s.MaxRetries == nil && !s.StrictJSON
		}},
		"none, of anytap's manifest": {`{}`, true, func(_ tap.ReadSettings, s rest.Settings) bool {
			return *s.MaxRetries == rest.DefaultMaxRetries && s.StrictJSON && s.UserAgent == "anytap"
		}},
		"the read": {`{"concurrency": 3, "checkpoint_records": 7, "max_records": 9, "max_runtime": 1.5}`, true, func(r tap.ReadSettings, _ rest.Settings) bool {
			return r.Concurrency == 3 && r.CheckpointRecords == 7 && r.MaxRecords == 9 && r.MaxRuntime == 1500*time.Millisecond
		}},
		"requests": {`{"max_requests": 4, "max_credits": 2.5, "prefetch": 1, "request_timeout": 8}`, false, func(_ tap.ReadSettings, s rest.Settings) bool {
			return s.MaxRequests == 4 && s.MaxCredits == 2.5 && s.Prefetch == 1 && s.ReadTimeout == 8*time.Second
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
		"for ever":                 {`{"max_runtime": 1e300}`, false, func(r tap.ReadSettings, _ rest.Settings) bool { return r.MaxRuntime > 200*365*24*time.Hour }},
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
		"a text":          {`{"concurrency": "4"}`, "config.json: concurrency is '4', expected a number"},
		"a negative":      {`{"max_records": -1}`, "config.json: max_records is -1, expected a number"},
		"in rate_limit":   {`{"rate_limit": {"requests": true}}`, "config.json: rate_limit.requests is True, expected a number"},
		"no cache folder": {`{"cache": {}}`, "config.json: cache.dir is missing"},
		"cache.ttl":       {`{"cache": {"dir": "x", "ttl": "1h"}}`, "config.json: cache.ttl is '1h', expected seconds"},
		"all at once":     {`{"prefetch": [], "max_credits": {}}`, "max_credits is {}, expected a number that is not negative; config.json: prefetch is []"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := settingsOf(t, c.settings, false); err == nil || tap.KindOf(err) != tap.Config || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
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
