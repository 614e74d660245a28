package auth

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
)

// sessionYAML is a SessionTokenAuthenticator; request is its request_authentication, more are
// further fields.
func sessionYAML(request, more string) string {
	return "{type: SessionTokenAuthenticator, login_requester: {type: HttpRequester, http_method: POST, url: 'http://api.test/login', request_body_json: {u: me}, authenticator: {type: BasicHttpAuthenticator, username: me}}, session_token_path: [s, id], request_authentication: " + request + more + "}"
}

const (
	loginLine = `POST /login {"u": "me"} | Authorization: Basic bWU6 | Content-Type: application/json`
	inHeader  = "{type: ApiKey, inject_into: {type: RequestOption, inject_into: header, field_name: X-Key}}"
	inQuery   = "{type: ApiKey, api_token: \"Token {{ session_token }}\", inject_into: {type: RequestOption, inject_into: request_parameter, field_name: sid}}"
	hour      = ", expiration_duration: PT1H"
)

func times(n int, line string) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = line
	}
	return lines
}

func TestSession(t *testing.T) {
	t.Parallel()
	answer := resttest.Answer{Body: `{"s": {"id": "SID"}}`}
	busy := alwaysRetry{status: 500, action: rest.Retry}
	cases := map[string]struct {
		yaml    string
		login   resttest.Answer
		refuse  int // requests that are answered 500 first
		advance time.Duration
		want    []string
	}{
		"kept":                       {sessionYAML("{type: Bearer}", hour), answer, 0, 0, []string{loginLine, "GET /items | Authorization: Bearer SID", "GET /items | Authorization: Bearer SID"}},
		"kept until it expires":      {sessionYAML("{type: Bearer}", hour), answer, 0, time.Hour, []string{loginLine, "GET /items | Authorization: Bearer SID", "GET /items | Authorization: Bearer SID"}},
		"expired":                    {sessionYAML("{type: Bearer}", hour), answer, 0, time.Hour + 1, []string{loginLine, "GET /items | Authorization: Bearer SID", loginLine, "GET /items | Authorization: Bearer SID"}},
		"in the query":               {sessionYAML(inQuery, hour), answer, 0, 0, []string{loginLine, "GET /items?sid=Token+SID", "GET /items?sid=Token+SID"}},
		"for one use":                {sessionYAML("{type: Bearer}", ""), answer, 0, 0, append(append(times(2, loginLine), "GET /items | Authorization: Bearer SID"), append(times(2, loginLine), "GET /items | Authorization: Bearer SID")...)},
		"for one use, own header":    {sessionYAML(inHeader, ""), answer, 0, 0, append(append(times(6, loginLine), "GET /items | X-Key: SID"), append(times(6, loginLine), "GET /items | X-Key: SID")...)},
		"for one use, tried again":   {sessionYAML(inHeader, ""), answer, 1, 0, append(append(times(6, loginLine), "GET /items | X-Key: SID"), append(append(times(3, loginLine), "GET /items | X-Key: SID"), append(times(6, loginLine), "GET /items | X-Key: SID")...)...)},
		"for one use, query, again":  {sessionYAML(inQuery, ""), answer, 1, 0, []string{loginLine, "GET /items?sid=Token+SID", "GET /items?sid=Token+SID", loginLine, "GET /items?sid=Token+SID"}},
		"a number, the first answer": {sessionYAML("{type: Bearer}", hour), resttest.Answer{Body: `[{"s": {"id": 5}}, {"s": {"id": 6}}]`}, 0, 0, []string{loginLine, "GET /items | Authorization: Bearer 5", "GET /items | Authorization: Bearer 5"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "")
			refuse := c.refuse
			b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
				if r.Method == http.MethodPost {
					return c.login
				}
				if refuse > 0 {
					refuse--
					return resttest.Answer{Status: 500}
				}
				return resttest.Answer{Body: `{}`}
			}
			a, err := b.build(t, c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			x := b.exchange(a, http.MethodGet, busy)
			for range 2 {
				if _, err := x.Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
					t.Fatal(err)
				}
				_ = b.clock.Sleep(t.Context(), c.advance)
			}
			compare(t, b.lines(), c.want)
		})
	}
}

func TestSessionFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer resttest.Answer
		want   string
		kind   tap.Kind
	}{
		"nothing there": {resttest.Answer{Body: `{"e": 1}`}, "no token at session_token_path", tap.System},
		"null":          {resttest.Answer{Body: `{"s": {"id": null}}`}, "no token at session_token_path", tap.System},
		"an empty list": {resttest.Answer{Body: `[]`}, "no token at session_token_path", tap.System},
		"refused":       {resttest.Answer{Status: 403, Body: `{"message": "no"}`}, "403", tap.Config},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "", c.answer)
			a, err := b.build(t, sessionYAML("{type: Bearer}", ""))
			if err != nil {
				t.Fatal(err)
			}
			err = a.Sign(t.Context(), &rest.Parts{})
			if err == nil || !strings.Contains(err.Error(), c.want) || tap.KindOf(err) != c.kind {
				t.Errorf("got %s: %v", tap.KindOf(err), err)
			}
		})
	}
	for _, yaml := range []string{inHeader, "{type: Bearer}"} {
		if _, err := newBench(t, "").build(t, yaml); err == nil || !strings.Contains(err.Error(), "SessionTokenAuthenticator") {
			t.Errorf("%s on its own: %v", yaml, err)
		}
	}
}

// TestSessionOneLogin lets many slices wait for the same login.
func TestSessionOneLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t, "")
	b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
		if r.Method == http.MethodPost {
			return resttest.Answer{Body: `{"s": {"id": "SID"}}`}
		}
		return resttest.Answer{Body: `{}`}
	}
	a, err := b.build(t, sessionYAML(inHeader, hour))
	if err != nil {
		t.Fatal(err)
	}
	x := b.exchange(a, http.MethodGet, nil)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := x.Send(context.Background(), "http://api.test/items", nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	logins := 0
	for _, line := range b.lines() {
		if line == loginLine {
			logins++
		}
	}
	if logins != 1 {
		t.Errorf("%d logins, want 1", logins)
	}
}

const legacyYAML = `{type: LegacySessionTokenAuthenticator, header: X-Sess, login_url: session, validate_session_url: me, session_token: "{{ config['st'] }}",
	session_token_response_key: id, username: "{{ config['u'] }}", password: "{{ config['p'] }}"}`

func TestLegacySession(t *testing.T) {
	t.Parallel()
	login := `POST /session {"username": "me", "password": "pw"} | Content-Type: application/json`
	cases := map[string]struct {
		config   string
		validate int
		login    resttest.Answer
		want     []string
		fails    string
	}{
		"given":                {`{"st": "GIVEN", "u": "me", "p": "pw"}`, 200, resttest.Answer{}, append(times(2, "GET /me | X-Sess: GIVEN"), "GET /items | X-Sess: GIVEN"), ""},
		"given but expired":    {`{"st": "GIVEN", "u": "me", "p": "pw"}`, 401, resttest.Answer{Body: `{"id": "LID"}`}, []string{"GET /me | X-Sess: GIVEN", login, "GET /me | X-Sess: GIVEN", "GET /items | X-Sess: LID"}, ""},
		"not given":            {`{"u": "me", "p": "pw"}`, 0, resttest.Answer{Body: `{"id": 5}`}, []string{login, "GET /items | X-Sess: 5"}, ""},
		"expired, no password": {`{"st": "GIVEN"}`, 401, resttest.Answer{}, []string{"GET /me | X-Sess: GIVEN"}, "no username and password"},
		"the server is broken": {`{"st": "GIVEN", "u": "me", "p": "pw"}`, 500, resttest.Answer{}, []string{"GET /me | X-Sess: GIVEN"}, "500"},
		"refused":              {`{"u": "me", "p": "pw"}`, 0, resttest.Answer{Status: 403}, []string{login}, "403"},
		"no token":             {`{"u": "me", "p": "pw"}`, 0, resttest.Answer{Body: `{}`}, []string{login}, "no id"},
		"no JSON":              {`{"u": "me", "p": "pw"}`, 0, resttest.Answer{Body: `<html>`}, []string{login}, "no JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.config)
			b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
				switch {
				case r.Method == http.MethodPost:
					return c.login
				case strings.HasSuffix(r.URL, "/me"):
					return resttest.Answer{Status: c.validate}
				}
				return resttest.Answer{Body: `{}`}
			}
			a, err := b.build(t, legacyYAML)
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
			if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails) || tap.KindOf(err) != tap.System) {
				t.Errorf("got %s: %v, want %q", tap.KindOf(err), err, c.fails)
			}
			compare(t, b.lines(), c.want)
		})
	}
}

// TestLegacySessionIsShared logs in once for all streams, and again after a day.
func TestLegacySessionIsShared(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{"u": "me", "p": "pw"}`, resttest.Answer{Body: `{"id": "LID"}`})
	for range 3 {
		for range 2 {
			a, err := b.build(t, legacyYAML)
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Sign(t.Context(), &rest.Parts{}); err != nil {
				t.Fatal(err)
			}
		}
		_ = b.clock.Sleep(t.Context(), 12*time.Hour)
	}
	if got := b.lines(); len(got) != 2 {
		t.Errorf("%d logins, want 2", len(got))
	}
}
