package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"anytap/internal/components/auth"
	"anytap/internal/golden"
)

// canaryRows are authenticators of manifests by their names in the table, each with credentials
// that no text has by chance. $URL is the API's address.
var canaryRows = map[string]string{
	"AWSAuthenticator":       `{type: AWSAuthenticator, region: eu-west-1, service: execute-api, access_key_id: "{{ config['id'] }}", secret_access_key: "{{ config['one'] }}", session_token: "{{ config['two'] }}"}`,
	"ApiKeyAuthenticator":    `{type: ApiKeyAuthenticator, api_token: "{{ config['one'] }}", inject_into: {type: RequestOption, inject_into: request_parameter, field_name: appid}}`,
	"BasicHttpAuthenticator": `{type: BasicHttpAuthenticator, username: "{{ config['id'] }}", password: "{{ config['one'] }}"}`,
	"BearerAuthenticator":    `{type: BearerAuthenticator, api_token: "{{ config['one'] }}"}`,
	"HeadersAuthenticator":   `{type: HeadersAuthenticator, headers: {X-One: "{{ config['one'] }}", Cookie: "s={{ config['two'] }}; theme=dark"}}`,
	"JwtAuthenticator":       `{type: JwtAuthenticator, secret_key: "{{ config['one'] }}", algorithm: HS256, header_prefix: Bearer, jwt_payload: {iss: me}}`,
	"LegacySessionTokenAuthenticator": `{type: LegacySessionTokenAuthenticator, header: X-Session, login_url: /login, username: "{{ config['id'] }}", password: "{{ config['one'] }}",
          session_token_response_key: id, validate_session_url: /user}`,
	"LoginAuthenticator": `{type: LoginAuthenticator, login_requester: {type: HttpRequester, url: "$URL/login", http_method: POST, request_body_json: {user: "{{ config['id'] }}", password: "{{ config['one'] }}"}},
          token_path: [token], inject_into: {type: RequestOption, inject_into: header, field_name: Authorization}, prefix: "Bearer "}`,
	"NoAuth": `{type: NoAuth}`,
	"OAuthAuthenticator": `{type: OAuthAuthenticator, token_refresh_endpoint: "$URL/token", client_id: "{{ config['id'] }}", client_secret: "{{ config['one'] }}", refresh_token: "{{ config['two'] }}",
          refresh_token_updater: {refresh_token_config_path: [two], access_token_config_path: [access], token_expiry_date_config_path: [until]}}`,
	"RateLimitedMultipleTokenAuthenticator": `{type: RateLimitedMultipleTokenAuthenticator, tokens: ["{{ config['one'] }}", "{{ config['two'] }}"],
          quota_status_source: {type: QuotaStatusSource, url: "$URL/rate"}, quotas: [{type: TokenQuota, name: core, remaining_path: [core, remaining], reset_path: [core, reset]}]}`,
	"SelectiveAuthenticator": `{type: SelectiveAuthenticator, authenticator_selection_path: [kind], authenticators: {key: {type: ApiKeyAuthenticator, header: X-One, api_token: "{{ config['one'] }}"}}}`,
	"SessionTokenAuthenticator": `{type: SessionTokenAuthenticator, login_requester: {type: HttpRequester, url: "$URL/login", http_method: POST,
          authenticator: {type: BasicHttpAuthenticator, username: "{{ config['id'] }}", password: "{{ config['one'] }}"}},
          session_token_path: [id], expiration_duration: P1D, request_authentication: {type: Bearer}}`,
	"SessionTokenRequestApiKeyAuthenticator": `{type: SessionTokenAuthenticator, login_requester: {type: HttpRequester, url: "$URL/login?pwd={{ config['one'] }}", http_method: POST},
          session_token_path: [id], request_authentication: {type: ApiKey, api_token: "id={{ session_token }}", inject_into: {type: RequestOption, inject_into: header, field_name: X-Session}}}`,
}

// canaryElsewhere are the table's entries that stand in others' rows.
var canaryElsewhere = []string{"QuotaStatusSource", "SessionTokenRequestBearerAuthenticator", "TokenQuota"}

// canaryConfig is the configuration of all rows. What is secret in it begins with "canary". id is
// secret only where the specification says so.
func canaryConfig(marked bool) map[string]any {
	id := "Canary-ID/31"
	if !marked {
		id = "me"
	}
	return map[string]any{"id": id, "one": "CANARY+one/Secret=41", "two": "canary two%\"Secret\" 59", "kind": "key"}
}

// spelled are the ways in which the API echoes what it was sent.
var spelled = map[string]func(string) string{
	"plain":            func(s string) string { return s },
	"lower":            strings.ToLower,
	"upper":            strings.ToUpper,
	"query":            url.QueryEscape,
	"path twice":       func(s string) string { return url.PathEscape(url.PathEscape(s)) },
	"base64":           func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 shifted":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("z" + s)) },
	"base64 unpadded":  func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("zz" + s)) },
	"base64 of a JSON": func(s string) string { return base64.StdEncoding.EncodeToString(marshal(s)) },
	"hex":              func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex upper":        func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"JSON":             func(s string) string { return string(marshal(string(marshal(s)))) },
	"escapes":          func(s string) string { return eachRune(s, `\u%04x`) },
	"entities":         func(s string) string { return eachRune(s, "&#%d;") },
	"entities in hex":  func(s string) string { return eachRune(s, "&#x%X;") },
}

func marshal(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func eachRune(s, form string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, form, r)
	}
	return b.String()
}

// echo is an API that tells what it was sent.
type echo struct {
	*httptest.Server
	mu     sync.Mutex
	mode   string
	spell  func(string) string
	tokens int
	seen   map[string]bool // credentials that it gave or was sent
}

func newEcho(t *testing.T) *echo {
	e := &echo{seen: map[string]bool{}, spell: spelled["plain"]}
	e.Server = httptest.NewServer(http.HandlerFunc(e.answer))
	t.Cleanup(e.Close)
	return e
}

// words stand in each refusal, and must come out whole.
const words = "the quick brown fox 4711 expected one test of secrets"

func (e *echo) answer(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	sent := []string{r.URL.RawQuery, r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Header.Get("X-One"), r.Header.Get("X-Session"), r.Header.Get("X-Amz-Security-Token"), string(body)}
	var all []string
	for _, text := range sent {
		if text != "" {
			all = append(all, e.spell(text))
		}
	}
	for _, name := range []string{"Authorization", "X-Session"} {
		if _, token, _ := strings.Cut(r.Header.Get(name), " "); len(token) >= 16 && !strings.HasPrefix(token, "Credential=") {
			e.seen[token] = true
		}
	}
	told := strings.Join(all, " ")
	refuse := func(status int) {
		w.Header().Set("X-Request-Id", told)
		w.WriteHeader(status)
		_, _ = w.Write(marshal(map[string]any{"error": map[string]any{"code": "refused", "message": words + ": " + told}}))
	}
	login := strings.HasSuffix(r.URL.Path, "/token") || r.URL.Path == "/login"
	switch {
	case login && e.mode == "no token":
		refuse(400)
	case login:
		e.tokens++
		token := func(kind string) string {
			s := fmt.Sprintf("canary-%s-%d-abcdef", kind, e.tokens)
			e.seen[s] = true
			return s
		}
		_, _ = w.Write(marshal(map[string]any{"id": token("session"), "token": token("login"), "access_token": token("access"), "refresh_token": token("refresh"), "expires_in": 3600}))
	case r.URL.Path == "/rate":
		_, _ = w.Write([]byte(`{"core": {"remaining": 5000, "reset": 4102444800}}`))
	case r.URL.Path == "/user" || r.URL.Path == "/nowhere":
		_, _ = w.Write([]byte(`{}`))
	case e.mode == "refuses":
		refuse(401)
	case e.mode == "fails":
		refuse(500)
	case e.mode == "nonsense":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "<html>"+told+"</html>")
	case e.mode == "redirects":
		w.Header().Set("Location", strings.Replace(e.URL, "127.0.0.1", "localhost", 1)+"/nowhere?"+url.Values{"x": {told}}.Encode())
		w.WriteHeader(302)
	default:
		w.Header().Set("X-Echo", strings.ReplaceAll(told, "\n", " "))
		next := ""
		if r.URL.Query().Get("after") == "" {
			next = e.URL + "/items?" + url.Values{"after": {"1"}, "trace": {told}}.Encode() + "&" + r.URL.RawQuery
		}
		_, _ = w.Write(marshal(map[string]any{"data": []any{map[string]any{"id": e.tokens*10 + len(next)}}, "next": next, "debug": told}))
	}
}

// canaryManifest reads the items of an API.
func canaryManifest(api, authenticator string) string {
	return strings.ReplaceAll(`version: 6.0.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [items]}
spec: {type: Spec, connection_specification: {type: object, additionalProperties: SCHEMA}}
streams:
  - type: DeclarativeStream
    name: items
    primary_key: id
    schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
    retriever:
      type: SimpleRetriever
      record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
      paginator:
        type: DefaultPaginator
        page_token_option: {type: RequestPath}
        pagination_strategy: {type: CursorPagination, cursor_value: "{{ response.next }}", stop_condition: "{{ not response.next }}"}
      requester:
        type: HttpRequester
        url_base: $URL
        path: /items
        error_handler: {type: DefaultErrorHandler, max_retries: 0}
        authenticator: `+authenticator+"\n", "$URL", api)
}

// mustHoldNoCanary looks for credentials in a text: as they are, in any spelling that the API
// echoes, and for those that the API saw.
func mustHoldNoCanary(t *testing.T, what, text string, api *echo, secrets []string) {
	t.Helper()
	folded := strings.ToLower(text)
	api.mu.Lock()
	all := slices.Concat(secrets, slices.Collect(maps.Keys(api.seen)))
	api.mu.Unlock()
	fail := func(form, secret string, i int) {
		t.Errorf("%s: %q stands there, %s: …%s…", what, secret, form, text[max(0, i-150):min(len(text), i+150)])
	}
	if i := strings.Index(folded, "canary"); i >= 0 {
		fail("as it is", "canary", i)
		return
	}
	for _, secret := range all {
		for form, spell := range spelled {
			s := strings.Trim(spell(secret), `"\=`)
			if strings.HasPrefix(form, "base64") {
				s = s[4 : len(s)-4]
			}
			if i := strings.Index(folded, strings.ToLower(s)); i >= 0 {
				fail(form, secret, i)
				return
			}
		}
	}
}

// spoken is what a call printed, without what may hold anything: records, and the configuration
// that a platform is to store.
func spoken(o outcome) string {
	var b strings.Builder
	for line := range bytes.Lines(o.out) {
		if !bytes.Contains(line, []byte(`"type":"RECORD"`)) && !bytes.Contains(line, []byte(`"type":"CONTROL"`)) {
			b.Write(line)
		}
	}
	b.Write(o.logs)
	return b.String()
}

// canaryRun calls everything for a configuration, and looks for its secrets in all that comes out.
func canaryRun(t *testing.T, what string, api *echo, manifest string, config map[string]any) {
	t.Helper()
	folder, dir := t.TempDir(), t.TempDir()
	cache := map[string]any{"dir": filepath.Join(folder, "cache"), "ttl": 600}
	config = maps.Clone(config)
	secrets := canariesIn(config)
	var args []string
	if manifest != "" {
		args = []string{"--manifest-path", golden.TempFile(t, "manifest.yaml", manifest)}
		config["anytap"] = map[string]any{"cache": cache}
	} else {
		config["cache"] = cache
	}
	calls := [][]string{{"read", "--debug"}, {"check", "--debug"}, {"--debug"}, {"read", "--state"}}
	if !strings.HasSuffix(what, "plain") {
		calls = calls[:1]
	}
	for i, call := range calls {
		file := filepath.Join(dir, fmt.Sprintf("config%d.json", i))
		if err := os.WriteFile(file, marshal(config), 0o600); err != nil {
			t.Fatal(err)
		}
		call = slices.Concat(call, nil)
		if last := len(call) - 1; call[last] == "--state" {
			call = append(call, golden.TempFile(t, "state.json", "[]"))
		}
		o := invoke(t, slices.Concat(call, []string{"--config", file}, args)...)
		text := spoken(o)
		mustHoldNoCanary(t, what+" "+call[0], text, api, secrets)
		if strings.Contains(text, "goroutine ") {
			t.Errorf("%s: a stack trace:\n%s", what, text)
		}
		if api.mode == "refuses" && call[0] == "read" && !strings.Contains(text, words) {
			t.Errorf("%s: the API's words were changed: %s", what, text)
		}
		if api.mode == "well" && o.code != 0 {
			t.Errorf("%s %v: exit code %d: %s", what, call, o.code, text)
		}
	}
	for path, data := range filesIn(t, folder) {
		mustHoldNoCanary(t, what+" "+path, path+string(data), api, secrets)
	}
	for path := range filesIn(t, dir) {
		if strings.Contains(filepath.Base(path), ".config-") {
			t.Errorf("%s: %s was left behind", what, path)
		}
	}
}

// canaryModes are what the API does.
var canaryModes = []string{"well", "refuses", "fails", "nonsense", "redirects", "no token"}

// TestCanariesOfAuthenticators reads with every authenticator of the table from an API that echoes
// what it is sent, in many spellings. No credential is printed or written.
func TestCanariesOfAuthenticators(t *testing.T) {
	t.Parallel()
	for name := range auth.Table() {
		if canaryRows[name] == "" && !slices.Contains(canaryElsewhere, name) {
			t.Errorf("%s has no row: add one with a credential", name)
		}
	}
	for name, row := range canaryRows {
		for schema, marked := range map[string]string{"marked": "{airbyte_secret: true}", "not marked": "true"} {
			t.Run(name+" "+schema, func(t *testing.T) {
				t.Parallel()
				api := newEcho(t)
				manifest := strings.Replace(canaryManifest(api.URL, row), "SCHEMA", marked, 1)
				everyMode(t, api, func(what string) {
					canaryRun(t, name+" "+what, api, manifest, canaryConfig(schema == "marked"))
				})
			})
		}
	}
}

// TestErrorsBeforeTheReadHideSecrets has manifests whose mistakes quote a secret before any source
// is open.
func TestErrorsBeforeTheReadHideSecrets(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]string{
		"a setting of the run": `concurrency_level: {type: ConcurrencyLevel, default_concurrency: "{{ config['one'] }}", max_concurrency: 3}`,
		"a migration":          `x: 1`,
	} {
		api := newEcho(t)
		manifest := strings.Replace(canaryManifest(api.URL, canaryRows["BearerAuthenticator"]), "SCHEMA", "{airbyte_secret: true}", 1) + root + "\n"
		if name == "a migration" {
			manifest = strings.Replace(manifest, "spec: {type: Spec,", `spec: {type: Spec, config_normalization_rules: {config_migrations: [{type: ConfigMigration, transformations: [
              {type: ConfigAddFields, fields: [{type: AddedFieldDefinition, path: [two], value: "{{ config['one'] | int }}"}, {type: AddedFieldDefinition, path: [x], value: "{{ config['one'] + 1 }}"}]}]}]},`, 1)
		}
		file := golden.TempFile(t, "manifest.yaml", manifest)
		config := writeJSON(t, "config.json", canaryConfig(true))
		for _, verb := range []string{"check", "discover", "read"} {
			o := invoke(t, verb, "--debug", "--manifest-path", file, "--config", config)
			mustHoldNoCanary(t, name+" "+verb, spoken(o), api, canariesIn(canaryConfig(true)))
			if verb == "read" && o.code == 0 {
				t.Errorf("%s: no error", name)
			}
		}
	}
}

// everyMode runs with each mode of the API, and with each spelling of a refusal.
func everyMode(t *testing.T, api *echo, run func(what string)) {
	t.Helper()
	for _, mode := range canaryModes {
		for form, spell := range spelled {
			if form == "plain" || mode == "refuses" || mode == "well" && !testing.Short() {
				api.mu.Lock()
				api.mode, api.spell = mode, spell
				api.mu.Unlock()
				run(mode + ", " + form)
			}
		}
	}
}

var canary = regexp.MustCompile(`(?i)canary[^;&@]*`)

// canariesIn are the secrets of a configuration.
func canariesIn(v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			all = append(all, canariesIn(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, canariesIn(inner)...)
		}
	case string:
		all = canary.FindAllString(v, -1)
	}
	return all
}

// canaryConfigs are configurations for every setting that the specification calls secret.
var canaryConfigs = map[string]string{
	"bearer": `{"source": "rest", "auth": {"type": "bearer", "token": "CANARY+one/Secret=41"}}`,
	"key":    `{"source": "rest", "auth": {"type": "api_key", "key": "CANARY+one/Secret=41", "name": "appid", "in": "query"}}`,
	"keys":   `{"source": "rest", "auth": {"type": "api_key", "headers": {"X-One": "CANARY+one/Secret=41", "X-Session": "id canary-two-59"}}}`,
	"basic":  `{"source": "rest", "auth": {"type": "basic", "username": "me", "password": "CANARY+one/Secret=41"}}`,
	"oauth":  `{"source": "rest", "auth": {"type": "oauth2", "token_url": "$URL/token", "client_id": "Canary-ID/31", "client_secret": "CANARY+one/Secret=41", "refresh_token": "canary two%59"}}`,
	"oauth with a password": `{"source": "rest", "auth": {"type": "oauth2", "token_url": "$URL/token", "client_id": "Canary-ID/31", "username": "me", "password": "CANARY+one/Secret=41", "access_token": "canary-access-17",
		"token_params": {"account_key": "x", "api_key": "canary-three-59"}}}`,
	"login":                `{"source": "rest", "auth": {"type": "login", "login_url": "/login", "body": {"user": "Canary-ID/31", "password": "CANARY+one/Secret=41"}, "headers": {"X-One": "canary-two-59"}, "token_path": "token"}}`,
	"login by a form":      `{"source": "rest", "auth": {"type": "login", "login_url": "/login", "form": {"user": "Canary-ID/31", "password": "CANARY+one/Secret=41"}, "token_path": "token", "param": "appid"}}`,
	"aws":                  `{"source": "rest", "auth": {"type": "aws", "region": "eu-west-1", "service": "execute-api", "access_key_id": "AKIA1", "secret_access_key": "CANARY+one/Secret=41", "session_token": "canary-two-59"}}`,
	"headers":              `{"source": "rest", "headers": {"X-One": "CANARY+one/Secret=41", "Accept": "application/json", "X-Tenant": "acme"}, "streams": [{"headers": {"Cookie": "s=canary-two-59; theme=dark"}}]}`,
	"parameters":           `{"source": "rest", "streams": [{"params": {"api_key": "CANARY+one/Secret=41", "sort": "created"}, "path": "/items?token=canary-two-59"}]}`,
	"defaults":             `{"source": "rest", "defaults": {"params": {"apikey": "CANARY+one/Secret=41"}, "headers": {"X-One": "canary-two-59"}}}`,
	"a body":               `{"source": "rest", "streams": [{"method": "POST", "body": {"auth": {"password": "CANARY+one/Secret=41"}, "query": "x"}}]}`,
	"a form":               `{"source": "rest", "streams": [{"method": "POST", "form": {"token": "CANARY+one/Secret=41"}}]}`,
	"an address":           `{"source": "rest", "base_url": "$USER"}`,
	"helpscout":            `{"source": "helpscout", "base_url": "$URL", "client_id": "Canary-ID/31", "client_secret": "CANARY+one/Secret=41"}`,
	"helpscout, refreshed": `{"source": "helpscout", "base_url": "$URL", "grant_type": "refresh_token", "client_id": "Canary-ID/31", "client_secret": "CANARY+one/Secret=41", "refresh_token": "canary-two-59", "access_token": "canary-three-17"}`,
	"pullbay":              `{"source": "pullbay", "base_url": "$URL", "api_key": "CANARY+one/Secret=41", "business_ids": ["b-1"]}`,
}

// TestCanariesOfTheConfiguration does the same with each setting of spec.json that is secret.
func TestCanariesOfTheConfiguration(t *testing.T) {
	t.Parallel()
	all, covered := map[string]bool{}, map[string]bool{}
	var spec any
	if err := json.Unmarshal(program.Spec, &spec); err != nil {
		t.Fatal(err)
	}
	secretPlaces(spec, "", all)
	for name, text := range canaryConfigs {
		var config map[string]any
		if err := json.Unmarshal([]byte(text), &config); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		placesOf(spec, config, "", covered)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newEcho(t)
			config := replaced(config, strings.NewReplacer("$URL", api.URL, "$USER", strings.Replace(api.URL, "://", "://me:CANARY+one%2FSecret=41@", 1))).(map[string]any)
			config["max_retries"] = 0
			if config["source"] == "rest" {
				completed(config, api.URL)
			}
			everyMode(t, api, func(what string) {
				if config["source"] != "rest" && api.mode == "well" {
					return // it answers as no such API does
				}
				canaryRun(t, name+" "+what, api, "", config)
			})
		})
	}
	for place := range all {
		if !covered[place] {
			t.Errorf("%s is secret, and no row has it: add one", place)
		}
	}
}

// completed adds what a configuration for the API needs.
func completed(config map[string]any, api string) {
	if config["base_url"] == nil {
		config["base_url"] = api
	}
	streams, _ := config["streams"].([]any)
	if streams == nil {
		streams = []any{map[string]any{}}
		config["streams"] = streams
	}
	stream := streams[0].(map[string]any)
	maps.Copy(stream, map[string]any{"name": "items", "primary_key": "id", "records_path": "data", "pagination": map[string]any{"type": "next_url", "cursor_path": "next"}})
	if stream["path"] == nil {
		stream["path"] = "/items"
	}
	if stream["method"] == "POST" {
		stream["pagination"] = map[string]any{"type": "none"}
	}
}

// replaced is a value with words replaced in its texts.
func replaced(v any, words *strings.Replacer) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range v {
			out[name] = replaced(inner, words)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = replaced(inner, words)
		}
		return out
	case string:
		return words.Replace(v)
	}
	return v
}

// secretPlaces collects the places of a schema that are secret.
func secretPlaces(schema any, at string, into map[string]bool) {
	switch s := schema.(type) {
	case map[string]any:
		if s["airbyte_secret"] == true {
			into[at] = true
		}
		for name, inner := range s {
			secretPlaces(inner, at+"/"+name, into)
		}
	case []any:
		for i, inner := range s {
			secretPlaces(inner, fmt.Sprintf("%s/%d", at, i), into)
		}
	}
}

// placesOf collects the secret places of a schema where a configuration has a canary.
func placesOf(schema, v any, at string, into map[string]bool) {
	s, _ := schema.(map[string]any)
	if s == nil {
		return
	}
	if s["airbyte_secret"] == true && len(canariesIn(v)) > 0 {
		into[at] = true
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		for i, alternative := range anyList(s[word]) {
			placesOf(alternative, v, fmt.Sprintf("%s/%s/%d", at, word, i), into)
		}
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			placesOf(s["items"], item, at+"/items", into)
		}
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		patterns, _ := s["patternProperties"].(map[string]any)
		for name, inner := range v {
			placesOf(properties[name], inner, at+"/properties/"+name, into)
			placesOf(s["additionalProperties"], inner, at+"/additionalProperties", into)
			for pattern, schema := range patterns {
				placesOf(schema, inner, at+"/patternProperties/"+pattern, into)
			}
		}
	}
}

func anyList(v any) []any {
	list, _ := v.([]any)
	return list
}
