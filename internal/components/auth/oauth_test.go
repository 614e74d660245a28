package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

const oauthYAML = `
type: OAuthAuthenticator
token_refresh_endpoint: http://api.test/token
client_id: "{{ config['cid'] }}"
client_secret: "{{ config['sec'] }}"
refresh_token: "{{ config['rt'] }}"
`

const oauthConfig = `{"cid": "c1", "sec": "s1secret", "rt": "r1token", "at": "HAVE", "credentials": {"refresh_token": "r1token"}}`

const (
	form    = "POST /token grant_type=refresh_token&client_id=c1&client_secret=s1secret&refresh_token=r1token"
	formTyp = " | Content-Type: application/x-www-form-urlencoded"
)

// apiOf answers GET requests with an empty object and others by a script, whose last answer is
// repeated.
func apiOf(script ...resttest.Answer) func(int, resttest.Request) resttest.Answer {
	posts := 0
	return func(_ int, r resttest.Request) resttest.Answer {
		if r.Method == http.MethodGet {
			return resttest.Answer{Body: `{}`}
		}
		posts++
		return script[min(posts, len(script))-1]
	}
}

func token(body string) resttest.Answer { return resttest.Answer{Body: body} }

func TestOAuthRequests(t *testing.T) {
	t.Parallel()
	updater := "\nrefresh_token_updater: {}\n"
	cases := map[string]oauthCase{
		"one token for several requests": {oauthYAML, oauthConfig, []resttest.Answer{token(`{"access_token": "T1", "expires_in": 3600}`)}, 3,
			[]string{form + formTyp, "GET /items | Authorization: Bearer T1", "GET /items | Authorization: Bearer T1", "GET /items | Authorization: Bearer T1"}, nil},
		"a token that expires at once": {oauthYAML, oauthConfig, []resttest.Answer{token(`{"access_token": "T1", "expires_in": "-1"}`), token(`{"access_token": "T2", "expires_in": -1.5}`)}, 1,
			[]string{form + formTyp, form + formTyp, "GET /items | Authorization: Bearer T2"}, nil},
		"a token without an expiry date is replaced": {oauthYAML + "access_token_value: \"{{ config['at'] }}\"", oauthConfig, []resttest.Answer{token(`{"access_token": "T1"}`)}, 2,
			[]string{form + formTyp, "GET /items | Authorization: Bearer T1", "GET /items | Authorization: Bearer T1"}, nil},
		"a token that is still valid": {oauthYAML + "access_token_value: \"{{ config['at'] }}\"\ntoken_expiry_date: '2026-11-20T00:00:01Z'", oauthConfig, nil, 1,
			[]string{"GET /items | Authorization: Bearer HAVE"}, nil},
		"a token without an endpoint": {"{type: OAuthAuthenticator, client_id: a, client_secret: b, refresh_token: c, access_token_value: T}", ``, nil, 1,
			[]string{"GET /items | Authorization: Bearer T"}, nil},
		"client credentials, scopes and more": {`{type: OAuthAuthenticator, token_refresh_endpoint: 'http://api.test/token', client_id: a, client_secret: b, grant_type: client_credentials,
			scopes: [read, "{{ w }}"], refresh_request_body: {audience: "{{ config['cid'] }}-aud", client_id: other, n: 5, none: "{{ none }}"}}`, oauthConfig,
			[]resttest.Answer{token(`[{"data": {"auth": {"access_token": "DEEP"}}}]`)}, 1,
			[]string{"POST /token grant_type=client_credentials&client_id=a&client_secret=b&scopes=read&scopes=%7B%7B+w+%7D%7D&audience=c1-aud&n=5" + formTyp, "GET /items | Authorization: Bearer DEEP"}, nil},
		"credentials in the header": {oauthYAML + "refresh_request_headers: {Authorization: \"Basic {{ [config['cid'], ':', config['sec']] | join | base64encode }}\", Content-Type: application/json, X-A: \"{{ none }}\"}", oauthConfig,
			[]resttest.Answer{token(`{"access_token": "T1"}`)}, 1,
			[]string{"POST /token grant_type=refresh_token&refresh_token=r1token | Authorization: Basic YzE6czFzZWNyZXQ= | Content-Type: application/json", "GET /items | Authorization: Bearer T1"}, nil},
		"names": {oauthYAML + "client_id_name: app\nclient_secret_name: pass\nrefresh_token_name: rtok\ngrant_type_name: grant\naccess_token_name: tok\nexpires_in_name: ttl", oauthConfig,
			[]resttest.Answer{token(`{"tok": "T9", "ttl": "120"}`)}, 1,
			[]string{"POST /token grant=refresh_token&app=c1&pass=s1secret&rtok=r1token" + formTyp, "GET /items | Authorization: Bearer T9"}, nil},
		"everything in the query": {oauthYAML + "send_refresh_request_as_query_params: true", oauthConfig, []resttest.Answer{token(`{"access_token": "T1"}`)}, 1,
			[]string{"POST /token?grant_type=refresh_token&client_id=c1&client_secret=s1secret&refresh_token=r1token", "GET /items | Authorization: Bearer T1"}, nil},
		"an expiry date": {oauthYAML + "expires_in_name: expires_at\ntoken_expiry_date_format: '%Y-%m-%dT%H:%M:%SZ'", oauthConfig,
			[]resttest.Answer{token(`{"access_token": "T1", "expires_at": "2026-11-20T02:00:00Z"}`)}, 2,
			[]string{form + formTyp, "GET /items | Authorization: Bearer T1", "GET /items | Authorization: Bearer T1"}, nil},
		"busy, then a token": {oauthYAML, oauthConfig, []resttest.Answer{{Status: 429, Body: `{"access_token": "T1"}`}, {Status: 503}, {Err: io.ErrUnexpectedEOF}, token(`{"access_token": "T1"}`)}, 1,
			[]string{form + formTyp, form + formTyp, form + formTyp, form + formTyp, "GET /items | Authorization: Bearer T1"}, nil},
		"refresh tokens of one use": {oauthYAML + updater, oauthConfig, []resttest.Answer{token(`{"access_token": "T1", "refresh_token": "r2token", "expires_in": 3600}`)}, 2,
			[]string{form + formTyp, "GET /items | Authorization: Bearer T1", "GET /items | Authorization: Bearer T1"},
			[]string{`{"cid":"c1","sec":"s1secret","rt":"r1token","at":"HAVE","credentials":{"refresh_token":"r2token","access_token":"T1","token_expiry_date":"2026-11-20T01:00:00+00:00"}}`}},
		"no new refresh token": {oauthYAML + updater, oauthConfig, []resttest.Answer{token(`{"access_token": "T1", "expires_in": 1.5}`)}, 1,
			[]string{form + formTyp, "GET /items | Authorization: Bearer T1"},
			[]string{`{"cid":"c1","sec":"s1secret","rt":"r1token","at":"HAVE","credentials":{"refresh_token":"r1token","access_token":"T1","token_expiry_date":"2026-11-20T00:00:01+00:00"}}`}},
		"the configuration's own client": {oauthYAML + updater, `{"credentials": {"client_id": "own", "client_secret": "mine", "refresh_token": "r"}}`, []resttest.Answer{token(`{"access_token": "T1"}`)}, 1,
			[]string{"POST /token grant_type=refresh_token&client_id=own&client_secret=mine&refresh_token=r" + formTyp, "GET /items | Authorization: Bearer T1"},
			[]string{`{"credentials":{"client_id":"own","client_secret":"mine","refresh_token":"r","access_token":"T1","token_expiry_date":"2026-11-20T01:00:00+00:00"}}`}},
		"other places": {oauthYAML + "token_expiry_date_format: x\nrefresh_token_updater: {access_token_config_path: [a, b], refresh_token_config_path: [c], token_expiry_date_config_path: [d], refresh_token_name: rtok}", `{"cid": "c1", "sec": "s1secret", "c": "r"}`,
			[]resttest.Answer{token(`{"access_token": "T1", "rtok": "r2", "expires_in": "2026-11-21 00:00:00+02:00"}`)}, 1,
			[]string{"POST /token grant_type=refresh_token&client_id=c1&client_secret=s1secret&rtok=r" + formTyp, "GET /items | Authorization: Bearer T1"},
			[]string{`{"cid":"c1","sec":"s1secret","c":"r2","a":{"b":"T1"},"d":"2026-11-21T00:00:00+02:00"}`}},
	}
	for name, c := range cases {
		t.Run(name, c.run)
	}
}

// oauthCase says which requests are sent for a number of requests of a stream, and which
// configurations are stored.
type oauthCase struct {
	yaml, config string
	answers      []resttest.Answer
	sends        int
	want         []string
	stored       []string
}

func (c oauthCase) run(t *testing.T) {
	t.Parallel()
	b := newBench(t, c.config)
	b.transport.Reply = apiOf(c.answers...)
	a, err := b.build(t, c.yaml)
	if err != nil {
		t.Fatal(err)
	}
	x := b.exchange(a, http.MethodGet, nil)
	for range c.sends {
		if _, err := x.Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, b.lines(), c.want)
	compare(t, b.stored, c.stored)
}

func TestOAuthFails(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a": `, 7) + "1" + strings.Repeat("}", 7)
	cases := map[string]struct {
		yaml    string
		answer  resttest.Answer
		kind    tap.Kind
		refresh tap.Kind // of a forced refresh
		want    string
	}{
		"refused":              {oauthYAML, resttest.Answer{Status: 401, Body: `{"error": "bad s1secret"}`}, tap.System, tap.Config, "401 Unauthorized: bad ****"},
		"refresh token is bad": {oauthYAML, resttest.Answer{Status: 400, Body: `{"error": "invalid_grant"}`}, tap.Config, tap.Config, "authenticate this source anew"},
		"other error at 400":   {oauthYAML, resttest.Answer{Status: 400, Body: `{"error": "invalid_client"}`}, tap.System, tap.Config, "invalid_client"},
		"own filter":           {oauthYAML + "refresh_token_error_status_codes: [403]\nrefresh_token_error_key: code\nrefresh_token_error_values: [gone]", resttest.Answer{Status: 403, Body: `{"code": "gone"}`}, tap.Config, tap.Config, "authenticate this source anew"},
		"filter of the updater": {oauthYAML + "refresh_token_updater: {refresh_token_error_status_codes: [403], refresh_token_error_key: code, refresh_token_error_values: [gone]}",
			resttest.Answer{Status: 403, Body: `{"code": "gone"}`}, tap.Config, tap.Config, "authenticate this source anew"},
		"no token":             {oauthYAML, token(`{"access_token": ""}`), tap.System, tap.System, "has no access_token"},
		"too deep":             {oauthYAML, token(deep), tap.Config, tap.Config, "first 5 levels"},
		"no JSON":              {oauthYAML, token(`<html>`), tap.System, tap.System, "no JSON"},
		"bad expiry":           {oauthYAML, token(`{"access_token": "T", "expires_in": "soon"}`), tap.System, tap.System, "expected a number of seconds"},
		"bad date":             {oauthYAML + "token_expiry_date_format: x", token(`{"access_token": "T", "expires_in": "10:00"}`), tap.System, tap.System, "has no date"},
		"no client":            {strings.Replace(oauthYAML, "config['cid']", "config['none']", 1), token(`{}`), tap.System, tap.System, "client_id is empty"},
		"a number in a header": {oauthYAML + "refresh_request_headers: {X-A: '{{ 5 }}'}", token(`{}`), tap.System, tap.System, "X-A is a int"},
		"busy for ever":        {oauthYAML, resttest.Answer{Status: 503}, tap.Transient, tap.Transient, "gave up"},
		"no connection":        {oauthYAML, resttest.Answer{Err: io.ErrUnexpectedEOF}, tap.Transient, tap.Transient, "gave up"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, oauthConfig)
			b.transport.Reply = apiOf(c.answer)
			a, err := b.build(t, c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
			if err == nil || tap.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %s: %v, want %s with %q", tap.KindOf(err), err, c.kind, c.want)
			}
			if err := a.Refresh(t.Context()); err == nil || tap.KindOf(err) != c.refresh {
				t.Errorf("refresh: got %s: %v, want %s", tap.KindOf(err), err, c.refresh)
			}
			if b.clock.Slept() > 11*time.Minute { // 5 for each of the two
				t.Errorf("waited %s", b.clock.Slept())
			}
			for _, secret := range []string{"s1secret", "r1token"} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells %q: %v", secret, err)
				}
			}
		})
	}
}

// TestOAuthTokensAreSecret wants no token in the error of a request that carries it.
func TestOAuthTokensAreSecret(t *testing.T) {
	t.Parallel()
	b := newBench(t, oauthConfig)
	b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
		if r.Method == http.MethodPost {
			return token(`{"access_token": "T1-access", "refresh_token": "r2-refresh"}`)
		}
		return resttest.Answer{Status: 400, Body: `{"error": "no T1-access and r2-refresh and s1secret here"}`}
	}
	a, err := b.build(t, oauthYAML+"refresh_token_updater: {}")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "no **** and **** and **** here") {
		t.Errorf("got %v", err)
	}
}

// TestOAuthRefreshedOnDemand refreshes after the API refused a token, though it has not expired.
func TestOAuthRefreshedOnDemand(t *testing.T) {
	t.Parallel()
	for name, yaml := range map[string]string{"kept": oauthYAML, "stored": oauthYAML + "refresh_token_updater: {}"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, oauthConfig)
			n := 0
			b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
				switch {
				case r.Method == http.MethodPost:
					n++
					return token(fmt.Sprintf(`{"access_token": "T%d"}`, n))
				case r.Header.Get("Authorization") == "Bearer T1":
					return resttest.Answer{Status: 401, Body: `{}`}
				}
				return token(`{}`)
			}
			a, err := b.build(t, yaml)
			if err != nil {
				t.Fatal(err)
			}
			x := b.exchange(a, http.MethodGet, alwaysRetry{status: 401, action: rest.RefreshTokenAndRetry})
			if _, err := x.Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
				t.Fatal(err)
			}
			got := b.lines()
			if n != 2 || got[len(got)-1] != "GET /items | Authorization: Bearer T2" {
				t.Errorf("%d tokens, requests:\n%s", n, strings.Join(got, "\n"))
			}
		})
	}
}

// TestOAuthStoresBeforeUse wants no request with a token that could not be stored.
func TestOAuthStoresBeforeUse(t *testing.T) {
	t.Parallel()
	b := newBench(t, oauthConfig)
	b.transport.Reply = apiOf(token(`{"access_token": "T1", "refresh_token": "r2"}`))
	b.rt.ConfigChanged = func(*value.Dict) error { return errors.New("the disk is full") }
	a, err := b.build(t, oauthYAML+"refresh_token_updater: {}")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("got %v", err)
	}
	compare(t, b.lines(), []string{form + formTyp})
}

// TestOAuthKeepsBeforeItSpends asks for nothing where the answer could not be kept, and keeps the
// next refresh token whatever else is wrong with an answer.
func TestOAuthKeepsBeforeItSpends(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	for name, test := range map[string]struct {
		keep           error
		answer, stored string
		err            string
		asks           int
	}{
		"no place":             {full, `{"access_token": "T1", "refresh_token": "r2"}`, "", "the refresh token was not used, because the next one could not be kept: the disk is full", 0},
		"a place":              {nil, `{"access_token": "T1", "refresh_token": "r2"}`, `"refresh_token":"r2"`, "", 1},
		"an odd expiry":        {nil, `{"access_token": "T1", "refresh_token": "r2", "expires_in": "soon"}`, `"refresh_token":"r2"`, "expected a number of seconds", 1},
		"no new refresh token": {nil, `{"access_token": "T1"}`, `"access_token":"T1"`, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, oauthConfig)
			b.transport.Reply = apiOf(token(test.answer))
			asked, freed := []string(nil), 0
			b.rt.KeepConfig = func(settings []string) (func(), error) {
				asked = settings
				return func() { freed++ }, test.keep
			}
			a, err := b.build(t, oauthYAML+"refresh_token_updater: {}")
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if n := strings.Count(strings.Join(b.lines(), "\n"), "POST"); n != test.asks {
				t.Errorf("%d requests for tokens, want %d", n, test.asks)
			}
			if got := strings.Join(b.stored, "\n"); !strings.Contains(got, test.stored) || test.stored == "" && got != "" {
				t.Errorf("stored %q, want %q", got, test.stored)
			}
			if len(asked) == 0 || freed != test.asks {
				t.Errorf("asked to keep %q, freed %d times", asked, freed)
			}
		})
	}
}

// TestOAuthKeepsWhatAnEndedReadAskedFor ends the read while the token endpoint answers: the old
// refresh token is spent by then, so the next one must be kept.
func TestOAuthKeepsWhatAnEndedReadAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, oauthConfig)
	ctx, cancel := context.WithCancel(t.Context())
	b.transport.Reply = func(int, resttest.Request) resttest.Answer {
		cancel()
		return token(`{"access_token": "T1", "refresh_token": "r2"}`)
	}
	a, err := b.build(t, oauthYAML+"refresh_token_updater: {}")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.exchange(a, http.MethodGet, nil).Send(ctx, "http://api.test/items", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the read has ended", err)
	}
	if got := strings.Join(b.stored, "\n"); !strings.Contains(got, `"refresh_token":"r2"`) {
		t.Errorf("stored %q, want the next refresh token", got)
	}
	if err := a.Refresh(ctx); !errors.Is(err, context.Canceled) || len(b.lines()) != 1 {
		t.Errorf("an ended read asks for tokens: %v, %q", err, b.lines())
	}
}

// TestOAuthOneAtATime lets many slices of several streams wait for the same token.
func TestOAuthOneAtATime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		yaml   string
		tokens int
	}{"a token for each stream": {oauthYAML, 3}, "one token in the configuration": {oauthYAML + "refresh_token_updater: {}", 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, oauthConfig)
			var mu sync.Mutex
			asked := 0
			b.transport.Reply = func(_ int, r resttest.Request) resttest.Answer {
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodPost {
					asked++
					return token(fmt.Sprintf(`{"access_token": "T%d", "refresh_token": "r%d", "expires_in": 60}`, asked, asked))
				}
				return token(`{}`)
			}
			var wg sync.WaitGroup
			for range 3 {
				a, err := b.build(t, c.yaml)
				if err != nil {
					t.Fatal(err)
				}
				x := b.exchange(a, http.MethodGet, nil)
				for range 8 {
					wg.Go(func() {
						for range 5 {
							if _, err := x.Send(context.Background(), "http://api.test/items", nil, nil); err != nil {
								t.Error(err)
							}
						}
					})
				}
			}
			wg.Wait()
			if asked != c.tokens {
				t.Errorf("%d tokens were asked for, want %d", asked, c.tokens)
			}
		})
	}
}

// TestOAuthWaitersGoWhenCancelled cancels a request that waits for the lock.
func TestOAuthWaitersGoWhenCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t, oauthConfig)
	a, err := b.build(t, oauthYAML)
	if err != nil {
		t.Fatal(err)
	}
	o := a.(*OAuth)
	if err := o.refreshing.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Sign(ctx, &rest.Parts{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
