package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
)

// loginYAML is a LoginAuthenticator with a further field.
const loginYAML = "{type: LoginAuthenticator, login_requester: {type: HttpRequester, http_method: POST, url: 'http://api.test/login', request_body_json: {u: me, p: \"{{ config['more'] }}\"}}, token_path: [s, id], inject_into: {type: RequestOption, inject_into: header, field_name: Authorization}, prefix: 'Bearer ', %s}"

// refreshing asks for another token when one is refused.
type refreshing struct{ rest.DefaultErrorHandler }

func (h refreshing) Judge(a *rest.Answer) (rest.Verdict, error) {
	if a.Status == http.StatusUnauthorized {
		return rest.Verdict{Action: rest.RefreshTokenAndRetry}, nil
	}
	return h.DefaultErrorHandler.Judge(a)
}

// site is an API that one can log in to. Each login ends the session before it.
type site struct {
	logins int
	answer string       // of a login, with the session's name in place of %s; empty: {"s": {"id": …}}
	header string       // of a login's answer that holds the session's name; empty: none
	status int          // of a login; 0: 200
	asked  []string     // what came, and with which credential
	drop   map[int]bool // requests, counted from 1, before which the session ends
}

func (s *site) reply(n int, r resttest.Request) resttest.Answer {
	if strings.HasSuffix(r.URL, "/login") {
		s.logins++
		id := fmt.Sprintf("session-%d", s.logins)
		s.asked = append(s.asked, "login")
		out := resttest.Answer{Status: s.status, Body: fmt.Sprintf(`{"s": {"id": %q}}`, id)}
		if s.answer != "" {
			out.Body = strings.ReplaceAll(s.answer, "%s", id)
		}
		if s.header != "" {
			out.Header = []string{s.header + ": " + id}
		}
		return out
	}
	got := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.asked = append(s.asked, got)
	if s.drop[n] {
		s.logins++
	}
	if got != fmt.Sprintf("session-%d", s.logins) {
		return resttest.Answer{Status: http.StatusUnauthorized, Body: `{"error": "no such session"}`}
	}
	return resttest.Answer{Body: `{}`}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		field   string
		site    site
		advance time.Duration
		want    string
	}{
		"kept for the run":                 {"", site{}, 1000 * time.Hour, "login session-1 session-1"},
		"kept while it is valid":           {"expires_in: '60'", site{}, 59 * time.Second, "login session-1 session-1"},
		"expired":                          {"expires_in: '60'", site{}, 60 * time.Second, "login session-1 login session-2"},
		"expires as the answer says":       {"expires_path: [life]", site{answer: `{"s": {"id": "%s"}, "life": "30"}`}, 30 * time.Second, "login session-1 login session-2"},
		"a life that makes no sense":       {"expires_path: [life]", site{answer: `{"s": {"id": "%s"}, "life": -1}`}, time.Hour, "login session-1 session-1"},
		"a life of null":                   {"expires_path: [life]", site{answer: `{"s": {"id": "%s"}, "life": null}`}, time.Hour, "login session-1 session-1"},
		"refused, so it logs in once more": {"", site{drop: map[int]bool{3: true}}, 0, "login session-1 session-1 login session-3"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "")
			b.transport.Reply = test.site.reply
			a, err := b.build(t, fmt.Sprintf(loginYAML, test.field))
			if err != nil {
				t.Fatal(err)
			}
			x := b.exchange(a, http.MethodGet, refreshing{})
			for range 2 {
				if _, err := x.Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
					t.Fatal(err)
				}
				_ = b.clock.Sleep(t.Context(), test.advance)
			}
			if got := strings.Join(test.site.asked, " "); got != test.want {
				t.Errorf("requests are %q, expected %q", got, test.want)
			}
		})
	}
}

func TestLoginTokenInAHeader(t *testing.T) {
	t.Parallel()
	yaml := strings.Replace(fmt.Sprintf(loginYAML, ""), "token_path: [s, id]", "token_header: X-Subject-Token", 1)
	b := newBench(t, "")
	s := site{header: "X-Subject-Token", answer: "not JSON"}
	b.transport.Reply = s.reply
	a, err := b.build(t, yaml)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.exchange(a, http.MethodGet, refreshing{}).Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.asked, " "); got != "login session-1" {
		t.Errorf("requests are %q", got)
	}
}

// TestStreamsShareTheirLogin: a second login would end the first one's session.
func TestStreamsShareTheirLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t, "")
	s := site{}
	b.transport.Reply = s.reply
	for range 3 {
		a, err := b.build(t, fmt.Sprintf(loginYAML, ""))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.exchange(a, http.MethodGet, refreshing{}).Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(s.asked, " "); got != "login session-1 session-1 session-1" {
		t.Errorf("requests are %q", got)
	}
}

func TestLoginSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		field string
		site  site
		says  string
	}{
		"no token there":   {"", site{answer: `{"token": "x-secret-x", "user": {}}`}, "the answer has no token at token_path [\"s\",\"id\"]; it has token, user"},
		"an object there":  {"", site{answer: `{"s": {"id": {}}}`}, "no token at token_path [\"s\",\"id\"]; it has s"},
		"an empty text":    {"", site{answer: `{"s": {"id": ""}}`}, "no token at token_path"},
		"a list":           {"", site{answer: `[]`}, "it is a list"},
		"an empty object":  {"", site{answer: `{}`}, "it is an empty object"},
		"no JSON":          {"", site{answer: `<html>`}, "the answer is no JSON"},
		"no life":          {"expires_path: [life]", site{}, "nothing at expires_path [\"life\"]; it has s"},
		"refused":          {"", site{status: 403}, "log in: POST http://api.test/login answered 403"},
		"refused for ever": {"", site{drop: map[int]bool{2: true, 4: true}}, "the API refuses the access token that has just been refreshed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "")
			b.transport.Reply = test.site.reply
			a, err := b.build(t, fmt.Sprintf(loginYAML, test.field))
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.exchange(a, http.MethodGet, refreshing{}).Send(t.Context(), "http://api.test/items", nil, nil)
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "x-secret-x") {
				t.Errorf("error %v, expected %q", err, test.says)
			}
		})
	}
	both := fmt.Sprintf(loginYAML, "token_header: X")
	neither := strings.Replace(fmt.Sprintf(loginYAML, ""), "token_path: [s, id], ", "", 1)
	for _, yaml := range []string{both, neither} {
		if _, err := newBench(t, "").build(t, yaml); err == nil || !strings.Contains(err.Error(), "either token_path or token_header") {
			t.Errorf("error %v", err)
		}
	}
}
