package auth

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"anytap/internal/components/budget"
	"anytap/internal/components/contract"
	"anytap/internal/components/errorhandler"
	"anytap/internal/components/requester"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// bench is a run with one authenticator.
type bench struct {
	clock     *resttest.Clock
	transport *resttest.Transport
	rt        *rest.Runtime
	compiler  *manifest.Compiler
	stored    []string // configurations that were handed out to be stored
}

func newBench(t *testing.T, config string, script ...resttest.Answer) *bench {
	t.Helper()
	b := &bench{clock: resttest.NewClock(), transport: resttest.Script(script...)}
	b.rt = resttest.Runtime(b.transport, b.clock)
	if config == "" {
		config = "{}"
	}
	v, err := value.DecodeString(config)
	if err != nil {
		t.Fatal(err)
	}
	b.rt.Config = v.(*value.Dict)
	b.rt.ConfigChanged = func(d *value.Dict) error {
		b.stored = append(b.stored, string(value.Append(nil, d)))
		return nil
	}
	b.compiler = compilerOf(b.rt)
	return b
}

// compilerOf makes a compiler of authenticators, for a stream of a run.
func compilerOf(rt *rest.Runtime) *manifest.Compiler {
	table := Table()
	for _, kind := range []manifest.Table{requester.Table(), errorhandler.Table(), budget.Table()} {
		maps.Copy(table, kind)
	}
	c := manifest.NewCompiler(table, rt.Config)
	c.Now, c.Log = rt.Now, rt.Log
	manifest.Provide(c, rt)
	return manifest.With(c, contract.Scope{Stream: "items", URLBase: func(*jinja.Env) (string, error) { return "http://api.test/", nil }})
}

func (b *bench) build(t *testing.T, yaml string) (rest.Authenticator, error) {
	t.Helper()
	return buildFrom(t, b.compiler, yaml)
}

// buildFrom builds an authenticator of YAML.
func buildFrom(t testing.TB, c *manifest.Compiler, yaml string) (rest.Authenticator, error) {
	t.Helper()
	n := manifesttest.Resolve(t, "auth.yaml", yaml)
	return manifest.Build[rest.Authenticator](c, n)
}

// exchange sends requests that an authenticator signs.
func (b *bench) exchange(a rest.Authenticator, method string, h rest.ErrorHandler) *exchange.Endpoint {
	return contract.Client(b.compiler).NewEndpoint(exchange.Setup{Stream: "items", Method: method, Auth: a, Handler: h})
}

// shown are the headers that lines show.
var shown = []string{"Authorization", "Content-Type", "X-Key", "X-Sess", "X-A"}

// lines are the requests so far: method, path with query, body, and the headers of shown.
func (b *bench) lines() []string {
	var lines []string
	for _, r := range b.transport.Log() {
		line := strings.TrimRight(r.Method+" "+strings.TrimPrefix(r.URL, "http://api.test")+" "+r.Body, " ")
		for _, name := range shown {
			if v := r.Header.Get(name); v != "" {
				line += " | " + name + ": " + v
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// alwaysRetry takes an action for answers of one status.
type alwaysRetry struct {
	rest.DefaultErrorHandler
	status int
	action rest.Action
}

func (r alwaysRetry) Judge(a *rest.Answer) (rest.Verdict, error) {
	if a.Status == r.status {
		return rest.Verdict{Action: r.action, Kind: tap.Transient}, nil
	}
	return r.DefaultErrorHandler.Judge(a)
}

func TestSign(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		yaml, config string
		want         string
	}{
		"none":   {"type: NoAuth", ``, `POST /items {"a": 1} | Content-Type: application/json`},
		"bearer": {"{type: BearerAuthenticator, api_token: \"{{ config['t'] }}\"}", `{"t": "00123"}`, `POST /items {"a": 1} | Authorization: Bearer 00123 | Content-Type: application/json`},
		"basic": {"{type: BasicHttpAuthenticator, username: \"{{ config['u'] }}\", password: \"{{ config['p'] }}\"}", `{"u": "us:er", "p": "pä ss"}`,
			`POST /items {"a": 1} | Authorization: Basic dXM6ZXI6cMOkIHNz | Content-Type: application/json`},
		"basic without a password": {"{type: BasicHttpAuthenticator, username: key}", ``, `POST /items {"a": 1} | Authorization: Basic a2V5Og== | Content-Type: application/json`},
		"key in a header":          {"{type: ApiKeyAuthenticator, api_token: \"{{ config['k'] }}\", header: X-Key}", `{"k": "k-1"}`, `POST /items {"a": 1} | Content-Type: application/json | X-Key: k-1`},
		"key without a header":     {"{type: ApiKeyAuthenticator, api_token: k, header: \"{{ config['none'] }}\"}", ``, `POST /items {"a": 1} | Content-Type: application/json`},
		"key in the query": {"{type: ApiKeyAuthenticator, api_token: a b, inject_into: {type: RequestOption, inject_into: request_parameter, field_name: \"{{ config['f'] }}\"}}", `{"f": "key"}`,
			`POST /items?key=a+b {"a": 1} | Content-Type: application/json`},
		"key in the body": {"{type: ApiKeyAuthenticator, api_token: k, inject_into: {type: RequestOption, inject_into: body_json, field_path: [auth, key]}}", ``,
			`POST /items {"a": 1, "auth": {"key": "k"}} | Content-Type: application/json`},
		"selected": {"{type: SelectiveAuthenticator, authenticator_selection_path: [auth, kind], authenticators: {'1': {type: NoAuth}, '2': {type: BearerAuthenticator, api_token: t}, c: {type: CustomAuthenticator, class_name: a.B}}}",
			`{"auth": {"kind": 2}}`, `POST /items {"a": 1} | Authorization: Bearer t | Content-Type: application/json`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.config, resttest.Answer{Body: `{}`})
			a, err := b.build(t, c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			own := &rest.Parts{JSON: value.DictOf("a", 1)}
			if _, err := b.exchange(a, http.MethodPost, nil).Send(t.Context(), "http://api.test/items", own, nil); err != nil {
				t.Fatal(err)
			}
			compare(t, b.lines(), []string{c.want})
			if err := a.Refresh(t.Context()); !errors.Is(err, rest.ErrNoRefresh) {
				t.Errorf("refresh: %v", err)
			}
		})
	}
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	login := "login_requester: {type: HttpRequester, http_method: POST, url: 'http://api.test/login'%s}, session_token_path: [id], request_authentication: {type: Bearer}"
	cases := map[string]struct{ yaml, config, want string }{
		"key without a place":  {"{type: ApiKeyAuthenticator, api_token: t}", ``, "inject_into is missing"},
		"key with two places":  {"{type: ApiKeyAuthenticator, api_token: t, header: A, inject_into: {type: RequestOption, inject_into: header, field_name: B}}", ``, "both given"},
		"nothing selected":     {"{type: SelectiveAuthenticator, authenticator_selection_path: [kind], authenticators: {a: {type: NoAuth}}}", ``, "nothing at authenticator_selection_path"},
		"unknown selected":     {"{type: SelectiveAuthenticator, authenticator_selection_path: [kind], authenticators: {a: {type: NoAuth}}}", `{"kind": "zz"}`, `no authenticator "zz"`},
		"custom selected":      {"{type: SelectiveAuthenticator, authenticator_selection_path: [kind], authenticators: {a: {type: CustomAuthenticator, class_name: a.B}}}", `{"kind": "a"}`, "a.B"},
		"bad duration":         {"{type: SessionTokenAuthenticator, expiration_duration: soon, " + strings.ReplaceAll(login, "%s", "") + "}", ``, "expiration_duration"},
		"action of pages":      {"{type: SessionTokenAuthenticator, " + strings.ReplaceAll(login, "%s", ", error_handler: {type: CompositeErrorHandler, error_handlers: [{type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, action: REDUCE_PAGE_SIZE}]}]}") + "}", ``, "REDUCE_PAGE_SIZE"},
		"oauth without client": {"{type: OAuthAuthenticator, token_refresh_endpoint: 'http://api.test/token', refresh_token: r}", ``, "client_id or client_secret"},
		"oauth without token":  {"{type: OAuthAuthenticator, client_id: c, client_secret: s, access_token_value: t}", ``, "refresh_token is missing"},
		"oauth assertion":      {"{type: OAuthAuthenticator, use_profile_assertion: true}", ``, "profile_assertion is missing"},
		"oauth expiry":         {"{type: OAuthAuthenticator, client_id: c, client_secret: s, refresh_token: r, token_expiry_date: \"{{ config['none'] }}\"}", ``, "token_expiry_date"},
		"oauth errors twice":   {"{type: OAuthAuthenticator, token_refresh_endpoint: e, refresh_token_error_key: a, refresh_token_updater: {refresh_token_error_key: b}}", ``, "both here and in refresh_token_updater"},
		"single use expiry":    {"{type: OAuthAuthenticator, token_refresh_endpoint: e, refresh_token_updater: {}}", `{"credentials": {"token_expiry_date": null}}`, "token_expiry_date"},
		"single use address":   {"{type: OAuthAuthenticator, refresh_token_updater: {}}", ``, "token_refresh_endpoint is missing"},
		"no tokens":            {"{type: RateLimitedMultipleTokenAuthenticator, tokens: ' , ', quota_status_source: {type: QuotaStatusSource, url: u}, quotas: [{type: TokenQuota, name: a, remaining_path: [a], reset_path: [b]}]}", ``, "has no token"},
		"months to wait":       {"{type: RateLimitedMultipleTokenAuthenticator, tokens: t, max_wait_time: P1M, quota_status_source: {type: QuotaStatusSource, url: u}, quotas: [{type: TokenQuota, name: a, remaining_path: [a], reset_path: [b]}]}", ``, "years or months"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newBench(t, c.config).build(t, c.yaml)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}
