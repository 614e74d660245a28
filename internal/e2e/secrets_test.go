package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// secretCredentials are texts that no output has by chance.
var secretCredentials = sampleapi.Credentials{
	ClientID: "s3cr3t/client+id=", ClientSecret: "s3cr3t/client+secret=", RefreshToken: "s3cr3t/refresh+token=", APIKey: "s3cr3t/api+key=",
}

// TestSecretsAreNeverPrinted calls every command for every system, with good and bad credentials,
// on an API that works, refuses, fails, answers nonsense or is not there. It looks for credentials
// in all that is printed.
func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	settings := map[sampleapi.System]map[string]any{
		sampleapi.HelpScout:       {"grant_type": "client_credentials"},
		sampleapi.Pullbay:         {"auth_header": "X-Api-Key"},
		sampleapi.JSONPlaceholder: {"headers": map[string]any{"Authorization": "s3cr3t"}},
	}
	wrong := map[string]any{"api_key": "s3cr3t-wrong-key", "client_secret": "s3cr3t-wrong-secret"}
	for _, system := range sampleapi.Systems() {
		for fault, faults := range map[string]sampleapi.Faults{
			"well": {}, "refuses": {Fail: 1, FailStatus: 403}, "fails": {Fail: 1}, "nonsense": {HTML: 1}, "cut": {Cut: 1}, "redirects": {RedirectHost: 1}, "token": {TokenFail: 1},
		} {
			t.Run(string(system)+" "+fault, func(t *testing.T) {
				t.Parallel()
				s := startSample(t, system, sampleapi.Options{
					Credentials: secretCredentials, Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 3}},
					Faults: map[sampleapi.System]sampleapi.Faults{system: faults},
				}, nil).with(map[string]any{"max_retries": 0, "mailbox": "85001"})
				for name, sample := range map[string]*sample{
					"as it is": s, "otherwise": s.with(settings[system]), "wrong": s.with(wrong), "gone": s.with(map[string]any{"base_url": "http://127.0.0.1:1"}),
					"no address": s.with(map[string]any{"base_url": "http://s3cr3t.invalid:port"}),
				} {
					for _, args := range everyCall(sample.file(t)) {
						o := invoke(t, args...)
						mustKeepSecrets(t, fmt.Sprint(name, args), o)
					}
				}
			})
		}
	}
}

// everyCall is each command that takes a configuration, with all logs on.
func everyCall(config string) [][]string {
	return [][]string{
		{"check", "--config", config, "--debug"}, {"discover", "--config", config, "--debug"}, {"read", "--config", config, "--debug"},
		{"--config", config, "--discover", "--debug"}, {"--config", config, "--debug"}, {"--config", config, "--test", "--debug"},
	}
}

// mustKeepSecrets looks for the credentials, as they are and as addresses, headers and JSON encode
// them.
func mustKeepSecrets(t *testing.T, what string, o outcome) {
	t.Helper()
	text := string(o.out) + string(o.logs)
	secrets := []string{"s3cr3t-wrong", "sample-at-"}
	for _, secret := range []string{secretCredentials.ClientID, secretCredentials.ClientSecret, secretCredentials.RefreshToken, secretCredentials.APIKey} {
		secrets = append(secrets, secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "/", `\/`))
	}
	for _, secret := range secrets {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s: the output holds %q: …%s…", what, secret, text[max(0, i-200):min(len(text), i+100)])
		}
	}
	if strings.Contains(text, "goroutine ") || strings.Contains(text, "panic:") {
		t.Errorf("%s: a stack trace was printed:\n%s", what, o.talk())
	}
}

// TestSecretsInFilesStayThere looks for credentials in states, catalogs and the messages about a
// wrong configuration.
func TestSecretsInFilesStayThere(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.Pullbay, sampleapi.Options{Credentials: secretCredentials, Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 30}}}, nil)
	for _, protocol := range protocols {
		o := s.with(map[string]any{"max_records": 7, "limit": 5}).read(t, protocol, selection{}).mustSucceed(t)
		mustKeepSecrets(t, protocol, o)
	}
	for name, v := range map[string]any{"limit": secretCredentials.APIKey, "pagination": secretCredentials.APIKey, "rate_limit": secretCredentials.APIKey, "cache": map[string]any{"dir": "/dev/null/" + "x"}} {
		for _, args := range everyCall(s.with(map[string]any{name: v}).file(t)) {
			mustKeepSecrets(t, name, invoke(t, args...))
		}
	}
}

// TestOddInputsGiveErrors gives files that no client writes to every command. Each must end by
// itself, with a message and without a stack trace.
func TestOddInputsGiveErrors(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, map[string]any{"max_retries": 0})
	odd := map[string]string{
		"empty": "", "space": " \n", "null": "null", "number": "1e999", "text": `"x"`, "list": "[]", "list of null": "[null]", "object": "{}", "cut": `{"streams":[`,
		"streams null": `{"streams":null}`, "streams of null": `{"streams":[null]}`, "streams of lists": `{"streams":[[]]}`, "no name": `{"streams":[{"stream":{}}]}`,
		"numbers for names": `{"streams":[{"stream":{"name":1},"tap_stream_id":1,"sync_mode":1,"metadata":1}]}`, "bookmarks": `{"bookmarks":[{"posts":1}]}`,
		"odd position": `{"bookmarks":{"posts":{"anytap":{"format":1,"source":"jsonplaceholder","stream":"posts"},"page":-7,"partitions":[{"partition":null}]}}}`,
		"odd state":    `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"posts"},"stream_state":[]}}]`, "deep": strings.Repeat("[", 20000), "zero byte": "\x00", "latin-1": "{\"source\":\"\xe9\"}",
	}
	config := s.file(t)
	for name, text := range odd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := golden.TempFile(t, "odd.json", text)
			for _, args := range slices.Concat(everyCall(path), [][]string{
				{"read", "--config", config, "--catalog", path}, {"read", "--config", config, "--state", path},
				{"--config", config, "--catalog", path}, {"--config", config, "--state", path}, {"--config", config, "--properties", path, "--test"},
				{"read", "--config", config, "--manifest-path", path}, {"spec", "--manifest-path", path}, {"check-manifest", path}, {"--config", config, "--config", path, "--discover"},
			}) {
				o := invoke(t, args...)
				mustKeepSecrets(t, fmt.Sprint(args), o)
				if o.code != 0 && len(o.out)+len(o.logs) == 0 {
					t.Errorf("%v: exit code %d without a word", args, o.code)
				}
			}
		})
	}
}
