package restsource_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
	"anytap/internal/restsource"
	"anytap/internal/value"
	"anytap/state"
)

// guarded is an API behind a login or a token endpoint at https://login.test; each token is good
// until another one is handed out, or for a number of requests.
type guarded struct {
	good   int                // requests that a token is good for; 0: any number
	token  func(n int) string // the answer that hands out token n
	header string             // which carries the token, with what stands before it
	// refuses are the statuses that logins are refused with, by their numbers from 1.
	refuses map[int]int
	bare    bool // answers hold the records alone

	handed, used int
	logins       []resttest.Request
}

func (g *guarded) transport() *resttest.Transport {
	items := api{records: 3, size: 1, first: 1}.transport()
	return &resttest.Transport{Reply: func(n int, r resttest.Request) resttest.Answer {
		if !strings.HasPrefix(r.URL, "https://api.test/v1/items") {
			g.handed, g.used = g.handed+1, 0
			g.logins = append(g.logins, r)
			if status := g.refuses[len(g.logins)]; status != 0 {
				return resttest.Answer{Status: status, Body: `{"error": "temporarily_unavailable"}`}
			}
			return resttest.Answer{Body: g.token(g.handed)}
		}
		name, prefix, _ := strings.Cut(g.header, ": ")
		g.used++
		if r.Header.Get(name) != prefix+fmt.Sprintf("token-%d", g.handed) || g.good > 0 && g.used > g.good {
			return resttest.Answer{Status: 401, Body: `{"error": "who are you?"}`}
		}
		answer := items.Reply(n, r)
		if g.bare {
			answer.Header = nil
			answer.Body = answer.Body[:strings.Index(answer.Body, `, "meta"`)] + "}"
		}
		return answer
	}}
}

const threePages = `"schema": {"type": "object"}, "pagination": {"type": "page", "page_size": 1, "size_param": "limit"}`

func TestLogin(t *testing.T) {
	tests := map[string]struct {
		auth  string
		api   guarded
		login string // the request of the first login
		count int    // of logins
	}{
		"a path below base_url": {`"login_url": "/auth", "body": {"user": "me", "pin": "007"}, "token_path": "data.jwt"`,
			guarded{header: "Authorization: Bearer "}, `POST https://api.test/v1/auth {"user": "me", "pin": "007"}`, 1},
		"an address, a form": {`"login_url": "https://login.test/in", "form": {"user": "me"}, "token_path": "data.jwt", "prefix": "Token"`,
			guarded{header: "Authorization: Token "}, `POST https://login.test/in user=me`, 1},
		"a header of its own": {`"login_url": "/auth", "method": "GET", "token_path": ["data", "jwt"], "header": "X-Auth"`,
			guarded{header: "X-Auth: "}, `GET https://api.test/v1/auth`, 1},
		"a cookie": {`"login_url": "/auth", "token_path": "data.jwt", "header": "Cookie", "prefix": "SID="`,
			guarded{header: "Cookie: SID="}, `POST https://api.test/v1/auth`, 1},
		"again when it is refused": {`"login_url": "/auth", "token_path": "data.jwt"`,
			guarded{header: "Authorization: Bearer ", good: 1}, `POST https://api.test/v1/auth`, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := test.api
			g.token = func(n int) string { return fmt.Sprintf(`{"data": {"jwt": "token-%d"}}`, n) }
			s, err := open(t, g.transport(), configOf(threePages, `"auth": {"type": "login", `+test.auth+`}`))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != numbers(3) {
				t.Errorf("records are %v, %v", ids, err)
			}
			if len(g.logins) != test.count {
				t.Errorf("%d logins, expected %d", len(g.logins), test.count)
			}
			if got := g.logins[0].String(); got != test.login {
				t.Errorf("the login is %s, expected %s", got, test.login)
			}
		})
	}
}

func TestRefusedLoginNamesTheSettings(t *testing.T) {
	s, err := open(t, inTurn(resttest.Answer{Status: 400, Body: `{"detail": "wrong password"}`}),
		configOf(`"schema": {"type": "object"}`, `"auth": {"type": "login", "login_url": "/auth", "body": {"password": "hush-hush"}, "token_path": "jwt"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.read(t, nil); err == nil || !strings.Contains(err.Error(), "check auth.login_url") || !strings.Contains(err.Error(), "wrong password") {
		t.Errorf("error is %v", err)
	}
}

func TestOAuthGrants(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("a%3Ab:1e3"))
	tests := map[string]struct {
		auth  string
		form  string
		basic string
	}{
		"client credentials": {`"client_id": "007", "client_secret": "1e3", "scopes": ["read", "1.0"], "audience": "https://api.test", "token_params": {"resource": "1.10", "n": 2}`,
			"grant_type=client_credentials&client_id=007&client_secret=1e3&scope=read+1.0&audience=https%3A%2F%2Fapi.test&resource=1.10&n=2", ""},
		"Basic": {`"client_id": "a:b", "client_secret": "1e3", "client_auth": "basic"`, "grant_type=client_credentials", basic},
		"password": {`"client_id": "c", "client_secret": "s", "username": "me", "password": "[p]"`,
			"grant_type=password&client_id=c&client_secret=s&username=me&password=%5Bp%5D", ""},
		"password of a public client": {`"client_id": "c", "username": "me", "password": "p"`, "grant_type=password&client_id=c&username=me&password=p", ""},
		"refresh token":               {`"client_id": "c", "client_secret": "s", "refresh_token": "r-0"`, "grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=r-0", ""},
		"named":                       {`"client_id": "c", "client_secret": "s", "refresh_token": "r-0", "grant_type": "client_credentials"`, "grant_type=client_credentials&client_id=c&client_secret=s", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := guarded{header: "Authorization: Bearer ", token: func(n int) string {
				return fmt.Sprintf(`{"access_token": "token-%d", "refresh_token": "r-%d", "expires_in": 3600}`, n, n)
			}}
			s, err := open(t, g.transport(), configOf(threePages, `"auth": {"type": "oauth2", "token_url": "https://login.test/token", `+test.auth+`}`))
			if err != nil {
				t.Fatal(err)
			}
			if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != numbers(3) {
				t.Fatalf("records are %v, %v", ids, err)
			}
			got, _ := url.ParseQuery(g.logins[0].Body)
			want, _ := url.ParseQuery(test.form)
			if got.Encode() != want.Encode() {
				t.Errorf("form is %s, expected %s", g.logins[0].Body, test.form)
			}
			if got := g.logins[0].Header.Get("Authorization"); got != test.basic {
				t.Errorf("Authorization is %q, expected %q", got, test.basic)
			}
		})
	}
}

// TestRefreshTokensAreWrittenBack: each is good for one use.
func TestRefreshTokensAreWrittenBack(t *testing.T) {
	g := guarded{header: "Authorization: Bearer ", good: 2, token: func(n int) string {
		return fmt.Sprintf(`{"access_token": "token-%d", "refresh_token": "r-%d"}`, n, n)
	}}
	s, err := open(t, g.transport(), configOf(threePages, `"auth": {"type": "oauth2", "token_url": "https://login.test/token", "client_id": "c", "client_secret": "s", "refresh_token": "r-0"}`))
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, err := s.read(t, nil); err != nil || strings.Join(ids, " ") != numbers(3) {
		t.Fatalf("records are %v, %v", ids, err)
	}
	if len(g.logins) != 2 || !strings.Contains(g.logins[1].Body, "refresh_token=r-1") {
		t.Errorf("asked for tokens with %v", g.logins)
	}
	stored, _ := value.At(s.stored, "auth", "refresh_token")
	access, _ := value.At(s.stored, "auth", "access_token")
	if stored != "r-2" || access != "token-2" {
		t.Errorf("the configuration holds %v and %v", stored, access)
	}
}

func TestSeveralHeaders(t *testing.T) {
	transport := inTurn(body(`[{"id": 1}]`))
	s, err := open(t, transport, configOf(`"schema": {"type": "object"}, "pagination": {"type": "none"}`, `"auth": {"type": "api_key", "headers": {"X-App": "007", "X-Key": "[k]"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.read(t, nil); err != nil {
		t.Fatal(err)
	}
	if h := transport.Log()[0].Header; h.Get("X-App") != "007" || h.Get("X-Key") != "[k]" {
		t.Errorf("headers are %v", h)
	}
}

func TestKeyInTheBody(t *testing.T) {
	transport := inTurn(body(`[{"id": 1}]`))
	s, err := open(t, transport, configOf(`"schema": {"type": "object"}, "pagination": {"type": "none"}, "body": {"auth": {"user": "me"}}`, `"auth": {"type": "api_key", "key": "007", "name": "auth.key", "in": "body"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.read(t, nil); err != nil {
		t.Fatal(err)
	}
	if got := transport.Log()[0].Body; got != `{"auth": {"user": "me", "key": "007"}}` {
		t.Errorf("body is %s", got)
	}
}

func TestAWS(t *testing.T) {
	transport := inTurn(body(`[{"id": 1}]`))
	s, err := open(t, transport, configOf(`"schema": {"type": "object"}, "pagination": {"type": "none"}`, `"auth": {"type": "aws", "region": "eu-central-1", "service": "es", "access_key_id": "AKID", "secret_access_key": "1e3"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.read(t, nil); err != nil {
		t.Fatal(err)
	}
	if got := transport.Log()[0].Header.Get("Authorization"); !strings.HasPrefix(got, "AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-central-1/es/aws4_request") {
		t.Errorf("Authorization is %q", got)
	}
}

func TestAuthThatContradictsItself(t *testing.T) {
	tests := map[string]struct{ auth, says string }{
		"no name":            {`"type": "api_key", "key": "k"`, "auth.key or name is missing"},
		"a key and headers":  {`"type": "api_key", "key": "k", "headers": {"A": "b"}`, "auth.headers is given beside key"},
		"no token":           {`"type": "login", "login_url": "/in"`, "auth.token_path is missing"},
		"two tokens":         {`"type": "login", "login_url": "/in", "token_path": "a", "token_header": "B"`, "auth.token_path is missing, expected where the answer to the login holds the token, or else token_header"},
		"no path":            {`"type": "login", "login_url": "/in", "token_path": "a..b"`, "auth.token_path"},
		"two places":         {`"type": "login", "login_url": "/in", "token_path": "a", "header": "X", "param": "y"`, "auth.header and param are both given"},
		"two bodies":         {`"type": "login", "login_url": "/in", "token_path": "a", "body": {}, "form": {}`, "auth.body and form are both given"},
		"no secret":          {`"type": "oauth2", "token_url": "https://x.test", "client_id": "c"`, "auth.client_secret is missing, expected it because of the grant client_credentials"},
		"no password":        {`"type": "oauth2", "token_url": "https://x.test", "client_id": "c", "username": "u"`, "auth.password is missing"},
		"no refresh token":   {`"type": "oauth2", "token_url": "https://x.test", "client_id": "c", "grant_type": "refresh_token"`, "auth.refresh_token is missing"},
		"Basic of nobody":    {`"type": "oauth2", "token_url": "https://x.test", "client_id": "c", "refresh_token": "r", "client_auth": "basic"`, "auth.client_secret is missing, expected it because of client_auth: basic"},
		"an odd token field": {`"type": "oauth2", "token_url": "https://x.test", "client_id": "c", "client_secret": "s", "token_params": {"a": {}}`, "auth.token_params.a is a dict"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := restsource.Manifest(configured(t, configOf("", `"auth": {`+test.auth+`}`)))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, expected %q", err, test.says)
			}
		})
	}
}

// TestRefusedTokensEndNoList: what a token endpoint or a login answers says nothing of the pages
// that the token was for. Statuses are among them that end a list when a page is answered so.
func TestRefusedTokensEndNoList(t *testing.T) {
	oauth := `"auth": {"type": "oauth2", "token_url": "https://login.test/token", "client_id": "c", "client_secret": "s"`
	auths := map[string]struct {
		config string
		lasts  int // seconds for which a token is good, as its answer says
	}{
		"OAuth2":                  {oauth + "}", 3600},
		"OAuth2 for each request": {oauth + "}", 0},
		"refresh tokens":          {oauth + `, "refresh_token": "r-0"}`, 3600},
		"refresh tokens for each": {oauth + `, "refresh_token": "r-0"}`, 0},
		"a login":                 {`"auth": {"type": "login", "login_url": "https://login.test/in", "token_path": "access_token"}`, 0},
	}
	lists := map[string]string{
		"pages":   `"pagination": {"type": "page", "size_param": "limit", "page_size": 1}`,
		"offsets": `"pagination": {"type": "offset", "size_param": "limit", "page_size": 1}`,
		"a key":   `"pagination": {"type": "cursor", "param": "cursor", "cursor_field": "id", "size_param": "limit", "page_size": 1}`,
	}
	for authName, auth := range auths {
		for listName, list := range lists {
			for _, status := range []int{400, 403, 404, 410, 416, 422} {
				t.Run(fmt.Sprintf("%s, %s, %d", authName, listName, status), func(t *testing.T) {
					g := guarded{header: "Authorization: Bearer ", good: 2, bare: true, token: func(n int) string {
						return fmt.Sprintf(`{"access_token": "token-%d", "refresh_token": "r-%d", "expires_in": %d}`, n, n, auth.lasts)
					}}
					s, err := open(t, g.transport(), configOf(`"schema": {"type": "object"}, "primary_key": "id", `+list, auth.config))
					if err != nil {
						t.Fatal(err)
					}
					var all []string
					var at *state.Position
					for run := 1; ; run++ {
						g.refuses = map[int]int{len(g.logins) + 2: status}
						if run == 2 {
							g.refuses = map[int]int{len(g.logins) + 1: status}
						}
						pages, ids, err := pagesOf(t, s, at)
						all = append(all, ids...)
						if err == nil && run > 2 || run == 9 {
							break
						}
						if err == nil || !strings.Contains(err.Error(), "https://login.test/") && !strings.Contains(err.Error(), "access token") {
							t.Errorf("run %d: records are %v, the error is %v", run, ids, err)
						}
						if len(pages) > 0 {
							at = throughState(t, pages[len(pages)-1].After)
						}
					}
					if got := strings.Join(all, " "); got != numbers(3) {
						t.Errorf("records are %s", got)
					}
					if strings.Contains(s.log.String(), "position") || strings.Contains(s.log.String(), "does not take") {
						t.Errorf("the log says %s", s.log.String())
					}
				})
			}
		}
	}
}
