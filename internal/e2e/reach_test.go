package e2e

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"anytap/internal/golden"
)

// leading is an API at 127.0.0.1 whose answers lead to the same one at localhost, which has all
// that is asked for.
type leading struct {
	*httptest.Server
	there     string       // the address at localhost
	elsewhere atomic.Int32 // how many requests came to localhost
}

func startLeading(t *testing.T) *leading {
	t.Helper()
	l := &leading{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost") {
			l.elsewhere.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/next":
			_, _ = fmt.Fprintf(w, `{"items": [{"id": 1}], "next": "%s/last"}`, l.there)
		case "/link":
			w.Header().Set("Link", "<"+l.there+`/last>; rel="next"`)
			_, _ = io.WriteString(w, `[{"id": 1}]`)
		case "/redirect":
			http.Redirect(w, r, l.there+"/last", http.StatusTemporaryRedirect)
		case "/token":
			_, _ = io.WriteString(w, `{"access_token": "t-1", "expires_in": 3600}`)
		case "/jobs":
			_, _ = io.WriteString(w, `{"id": "j1"}`)
		case "/jobs/j1":
			_, _ = fmt.Fprintf(w, `{"status": "done", "urls": ["%s/file"]}`, l.there)
		case "/file":
			_, _ = io.WriteString(w, `{"id": 1}`)
		default:
			_, _ = io.WriteString(w, `{"items": [{"id": 2}]}`)
		}
	}))
	t.Cleanup(l.Close)
	l.there = strings.Replace(l.URL, "127.0.0.1", "localhost", 1)
	return l
}

const jobManifest = `
version: 6.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [items]}
spec: {type: Spec, connection_specification: {type: object, properties: {}}}
streams:
- type: DeclarativeStream
  name: items
  primary_key: id
  retriever:
    type: AsyncRetriever
    status_mapping: {running: [running], completed: [done], failed: [failed], timeout: [expired]}
    status_extractor: {type: DpathExtractor, field_path: [status]}
    download_target_extractor: {type: DpathExtractor, field_path: [urls]}
    record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
    creation_requester: {type: HttpRequester, url_base: HERE, path: /jobs, http_method: POST}
    polling_requester: {type: HttpRequester, url_base: POLL, path: "/jobs/{{ creation_response['id'] }}"}
    download_requester: {type: HttpRequester, url: "{{ download_target }}"}
    download_decoder: {type: JsonlDecoder}
  schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
`

// TestReachHoldsForEveryRequest leads reads elsewhere in every way there is, by every command.
func TestReachHoldsForEveryRequest(t *testing.T) {
	l := startLeading(t)
	here := "source: rest\nbase_url: " + l.URL + "\nstreams: [{name: items, path: "
	ways := map[string]struct {
		config, manifest string
	}{
		"the first address":     {config: strings.Replace(here, l.URL, l.there, 1) + "/last, pagination: {type: none}}]"},
		"a redirect":            {config: here + "/redirect, pagination: {type: none}}]"},
		"a next address":        {config: here + "/next, pagination: {type: next_url, cursor_path: next}}]"},
		"a next address, found": {config: here + "/next}]"},
		"a Link":                {config: here + "/link, pagination: {type: link_header}}]"},
		"a token":               {config: here + "/last, pagination: {type: none}}]\nauth: {type: oauth2, client_id: a, client_secret: bcde, token_url: " + l.there + "/token}"},
		"a login":               {config: here + "/last, pagination: {type: none}}]\nauth: {type: login, login_url: " + l.there + "/token, token_path: access_token}"},
		"a download":            {manifest: strings.NewReplacer("HERE", l.URL, "POLL", l.URL).Replace(jobManifest)},
		"the status of a job":   {manifest: strings.NewReplacer("HERE", l.URL, "POLL", l.there).Replace(jobManifest)},
		"the creation of a job": {manifest: strings.NewReplacer("HERE", l.there, "POLL", l.URL).Replace(jobManifest)},
	}
	commands := map[string]struct {
		args  []string
		reads bool
	}{
		"read":               {[]string{"read"}, true},
		"check":              {[]string{"check"}, false},
		"discover":           {[]string{"discover"}, false},
		"Singer":             {nil, true},
		"Singer, discover":   {[]string{"--discover"}, false},
		"Singer, test":       {[]string{"--test"}, false},
		"by the protocol":    {[]string{"read", "--protocol", "singer"}, true},
		"by the environment": {[]string{"read"}, true},
	}
	for wayName, way := range ways {
		for commandName, command := range commands {
			t.Run(wayName+", "+commandName, func(t *testing.T) {
				l.elsewhere.Store(0)
				args := append([]string{}, command.args...)
				if commandName == "by the environment" {
					t.Setenv("ANYTAP_ALLOW_HOSTS", "127.0.0.1, api.test")
				} else {
					args = append(args, "--allow-hosts", "api.test", "--allow-hosts", "127.0.0.1")
				}
				if way.manifest != "" {
					args = append(args, "--manifest-path", golden.TempFile(t, "manifest.yaml", way.manifest), "--config", golden.TempFile(t, "config.json", "{}"))
				} else {
					args = append(args, "--config", golden.TempFile(t, "config.yaml", way.config))
				}
				o := invoke(t, args...)
				said := string(o.out) + string(o.logs)
				if l.elsewhere.Load() > 0 {
					t.Errorf("elsewhere was asked %d times\n%s", l.elsewhere.Load(), said)
				}
				refused := strings.Contains(said, "the host localhost") && strings.Contains(said, "may not be asked") && strings.Contains(said, "(api.test, 127.0.0.1)")
				if commandName == "by the environment" {
					refused = strings.Contains(said, "ANYTAP_ALLOW_HOSTS (127.0.0.1, api.test)")
				}
				if command.reads && (!refused || o.code != 1) {
					t.Errorf("exit code %d\n%s", o.code, said)
				}
				if strings.Contains(said, "follows") {
					t.Errorf("it is tried again:\n%s", said)
				}
			})
		}
	}
}

// TestVerificationCanNotBeTurnedOff asks a server that nobody vouches for, with manifests and
// configurations that want that to be accepted in the words of other programs.
func TestVerificationCanNotBeTurnedOff(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, `{"items": [{"id": 1}]}`)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	config := "source: rest\nmax_retries: 0\nbase_url: " + server.URL + "\nstreams: [{name: items, path: /, pagination: {type: none}}]\n"
	manifest := strings.Replace(syncManifest, "HERE", server.URL, 1)
	empty := "anytap: {max_retries: 0}\n"
	for name, c := range map[string]struct{ config, manifest string }{
		"nobody asks for it":               {config, ""},
		"a setting":                        {config + "verify: false\n", ""},
		"a setting of TLS":                 {config + "tls: {insecure: true, verify: false}\n", ""},
		"a setting of a manifest":          {empty + "verify: false\nverify_ssl: false\ninsecure: true\n", manifest},
		"a setting of the run":             {"anytap: {verify: false}\n", manifest},
		"the requester":                    {empty, strings.Replace(manifest, "path: /", "path: /, verify: false, verify_ssl: false, insecure_skip_verify: true", 1)},
		"parameters":                       {empty, strings.Replace(manifest, "path: /", "path: /, $parameters: {verify: false, ssl_verify: false}", 1)},
		"the manifest":                     {empty, "verify: false\nssl: {verify: false}\n" + manifest},
		"the manifest's metadata":          {empty, "metadata: {verify: false}\n" + manifest},
		"the manifest's metadata, our own": {empty, "metadata: {x-anytap: {verify: false}}\n" + manifest},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"read", "--config", golden.TempFile(t, "config.yaml", c.config)}
			if c.manifest != "" {
				args = append(args, "--manifest-path", golden.TempFile(t, "manifest.yaml", c.manifest))
			}
			if o := invoke(t, args...); o.code != 1 || asked.Load() > 0 {
				t.Errorf("exit code %d, the server was asked %d times\n%s%s", o.code, asked.Load(), o.out, o.logs)
			}
		})
	}
}

const syncManifest = `
version: 6.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [items]}
spec: {type: Spec, connection_specification: {type: object, properties: {}}}
streams:
- type: DeclarativeStream
  name: items
  retriever:
    type: SimpleRetriever
    record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [items]}}
    requester: {type: HttpRequester, url_base: HERE, path: /}
  schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
`
