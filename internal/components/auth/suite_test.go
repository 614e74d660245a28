package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// header finds a credential in a header, behind its prefix.
func header(name, prefix string) func(resttest.Request) string {
	return func(r resttest.Request) string {
		text, _ := strings.CutPrefix(r.Header.Get(name), prefix)
		return text
	}
}

// parameter finds a credential in the query.
func parameter(name string) func(resttest.Request) string {
	return func(r resttest.Request) string {
		u, err := url.Parse(r.URL)
		if err != nil {
			return ""
		}
		return u.Query().Get(name)
	}
}

// numberedTokens answers each request of a token endpoint with other tokens.
func numberedTokens(n int, _ resttest.Request) resttest.Answer {
	return resttest.Answer{Body: fmt.Sprintf(`{"access_token": "access-%d-secret", "refresh_token": "refresh-%d-secret", "expires_in": 3600}`, n, n)}
}

// numberedSessions answers each login with another session.
func numberedSessions(n int, _ resttest.Request) resttest.Answer {
	return resttest.Answer{Body: fmt.Sprintf(`{"s": {"id": "session-%d-secret"}}`, n)}
}

func TestEveryAuthenticatorPassesTheSuite(t *testing.T) {
	t.Parallel()
	bearer := header("Authorization", "Bearer ")
	const (
		oauth   = "{type: OAuthAuthenticator, token_refresh_endpoint: 'http://api.test/token', client_id: me, client_secret: \"{{ config['secret'] }}\", refresh_token: \"{{ config['more'] }}\"%s}"
		session = "{type: SessionTokenAuthenticator, login_requester: {type: HttpRequester, http_method: POST, url: 'http://api.test/login', request_body_json: {u: me}}, session_token_path: [s, id], request_authentication: %s%s}"
		inQuery = "{type: ApiKey, inject_into: {type: RequestOption, inject_into: request_parameter, field_name: sid}}"
	)
	for name, c := range map[string]struct {
		yaml       string
		tokens     func(int, resttest.Request) resttest.Answer
		credential func(resttest.Request) string
		refreshes  bool
		secrets    string // of the configuration that requests carry
	}{
		"none":                 {yaml: "type: NoAuth"},
		"bearer":               {yaml: "{type: BearerAuthenticator, api_token: \"{{ config['secret'] }}\"}", credential: bearer, secrets: "first-hush-hush"},
		"basic":                {yaml: "{type: BasicHttpAuthenticator, username: me, password: \"{{ config['secret'] }}\"}", credential: header("Authorization", "Basic "), secrets: "first-hush-hush bWU6Zmlyc3QtaHVzaC1odXNo"},
		"key in a header":      {yaml: "{type: ApiKeyAuthenticator, api_token: \"{{ config['secret'] }}\", header: X-Key}", credential: header("X-Key", ""), secrets: "first-hush-hush"},
		"key in the query":     {yaml: "{type: ApiKeyAuthenticator, api_token: \"{{ config['secret'] }}\", inject_into: {type: RequestOption, inject_into: request_parameter, field_name: key}}", credential: parameter("key"), secrets: "first-hush-hush"},
		"JWT":                  {yaml: "{type: JwtAuthenticator, secret_key: \"{{ config['secret'] }}\", algorithm: HS256, header_prefix: Bearer}", credential: bearer, secrets: "first-hush-hush"},
		"selected":             {yaml: "{type: SelectiveAuthenticator, authenticator_selection_path: [kind], authenticators: {a: {type: NoAuth}, b: {type: BearerAuthenticator, api_token: \"{{ config['secret'] }}\"}}}", credential: bearer, secrets: "first-hush-hush"},
		"OAuth":                {yaml: fmt.Sprintf(oauth, ""), tokens: numberedTokens, credential: bearer, refreshes: true, secrets: "first-hush-hush second-hush-hush"},
		"OAuth in the query":   {yaml: fmt.Sprintf(oauth, ", send_refresh_request_as_query_params: true"), tokens: numberedTokens, credential: bearer, refreshes: true, secrets: "first-hush-hush second-hush-hush"},
		"OAuth of one use":     {yaml: fmt.Sprintf(oauth, ", refresh_token_updater: {}"), tokens: numberedTokens, credential: bearer, refreshes: true, secrets: "first-hush-hush second-hush-hush"},
		"OAuth by assertion":   {yaml: fmt.Sprintf(oauth, ", use_profile_assertion: true, profile_assertion: {type: JwtAuthenticator, secret_key: \"{{ config['secret'] }}\", algorithm: HS256}"), tokens: numberedTokens, credential: bearer, refreshes: true, secrets: "first-hush-hush"},
		"session":              {yaml: fmt.Sprintf(session, "{type: Bearer}", ", expiration_duration: PT1H"), tokens: numberedSessions, credential: bearer},
		"session in the query": {yaml: fmt.Sprintf(session, inQuery, ", expiration_duration: PT1H"), tokens: numberedSessions, credential: parameter("sid")},
		"session of one use":   {yaml: fmt.Sprintf(session, inQuery, ""), tokens: numberedSessions, credential: parameter("sid")},
		"AWS":                  {yaml: "{type: AWSAuthenticator, region: eu-central-1, service: es, access_key_id: AKID, secret_access_key: \"{{ config['secret'] }}\", session_token: \"{{ config['more'] }}\"}", credential: header("Authorization", "AWS4-HMAC-SHA256 "), secrets: "first-hush-hush second-hush-hush"},
		"headers":              {yaml: "{type: HeadersAuthenticator, headers: {X-Id: me, X-Key: \"{{ config['secret'] }}\"}}", credential: header("X-Key", ""), secrets: "first-hush-hush"},
		"login":                {yaml: fmt.Sprintf(loginYAML, "expires_in: '3600'"), tokens: numberedSessions, credential: bearer, refreshes: true},
		"login, until refused": {yaml: fmt.Sprintf(loginYAML, "prefix: 'Bearer '"), tokens: numberedSessions, credential: bearer, refreshes: true},
		"legacy session":       {yaml: legacyYAML, tokens: loginOnly, credential: header("X-Sess", ""), secrets: "first-hush-hush"},
		"one of several tokens": {yaml: strings.Replace(multi("", ""), "' a, b ,'", "\"{{ config['secret'] }}, {{ config['more'] }}\"", 1), tokens: func(int, resttest.Request) resttest.Answer {
			return resttest.Answer{Body: `{"core": {"left": 1000, "reset": 1795136400}}`}
		}, credential: bearer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resttest.Authenticator(t, resttest.AuthenticatorCase{
				Tokens: c.tokens, Credential: c.credential, Refreshes: c.refreshes,
				Secrets: strings.Fields(c.secrets),
				Build: func(t testing.TB, rt *rest.Runtime, client *exchange.Client) rest.Authenticator {
					t.Helper()
					rt.Config = value.DictOf("secret", "first-hush-hush", "more", "second-hush-hush", "kind", "b", "u", "me", "p", "first-hush-hush",
						"credentials", value.DictOf("refresh_token", "second-hush-hush"))
					compiler := compilerOf(rt)
					manifest.Provide(compiler, client)
					a, err := buildFrom(t, compiler, c.yaml)
					if err != nil {
						t.Fatal(err)
					}
					return a
				},
			})
		})
	}
}

// loginOnly answers a login, and refuses a token of the configuration.
func loginOnly(_ int, r resttest.Request) resttest.Answer {
	if r.Method == http.MethodGet {
		return resttest.Answer{Status: http.StatusUnauthorized}
	}
	return resttest.Answer{Body: `{"id": "session-secret"}`}
}

func TestEveryJudgeOfTokensPassesTheSuite(t *testing.T) {
	t.Parallel()
	refused := refusals{[]int64{400}, "error", []string{"invalid_grant"}}
	for name, judge := range map[string]rest.ErrorHandler{
		"token endpoint": tokenJudge{refused, tap.System, 5},
		"login":          onceJudge{},
		"session":        onceJudge{ignored: http.StatusUnauthorized},
		"quota status":   statusJudge{ErrorHandler: rest.DefaultErrorHandler{}, unavailable: []int64{404}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resttest.ErrorHandler(t, judge)
		})
	}
}
