package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// handler is an error handler of a test: the default verdicts, but for what it says itself.
type handler struct {
	rest.DefaultErrorHandler
	actions map[int]rest.Verdict
	wait    time.Duration
	retries int
}

func (h handler) Judge(a *rest.Answer) (rest.Verdict, error) {
	if v, ok := h.actions[a.Status]; ok && a.Err == nil {
		return v, nil
	}
	return h.DefaultErrorHandler.Judge(a)
}

func (h handler) Backoff(*rest.Answer, int) (time.Duration, error) { return h.wait, nil }
func (h handler) MaxRetries() (int, bool)                          { return h.retries, true }

// clientWith makes a client with settings.
func clientWith(rt *rest.Runtime, s rest.Settings) *exchange.Client {
	rt.Settings = s
	return exchange.NewClient(rt)
}

// token is an authenticator with a bearer token that can be refreshed.
type token struct {
	mu      sync.Mutex
	n       int
	refresh func() error
	signed  int
}

func (a *token) Sign(_ context.Context, o *rest.Parts) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.signed++
	o.Headers = value.DictOf("Authorization", fmt.Sprintf("Bearer secret-token-%d", a.n))
	return nil
}

func (a *token) Refresh(context.Context) error {
	if err := a.refresh(); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	return nil
}

func (*token) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

func body(t *testing.T, r *rest.Response) string {
	t.Helper()
	if r == nil {
		return "<none>"
	}
	data, err := r.Bytes()
	if err != nil {
		return "error: " + err.Error()
	}
	return string(data)
}

// triesTest is an endpoint's answers in turn, and what is expected of them.
type triesTest struct {
	script   []resttest.Answer
	handler  rest.ErrorHandler
	settings rest.Settings
	want     string // body, or <none>
	kind     tap.Kind
	requests int
	slept    time.Duration // exactly; negative: at most
}

// check compares what came of the call.
func (c triesTest) check(t *testing.T, r *rest.Response, err error) {
	t.Helper()
	switch limit := (*tap.BudgetError)(nil); {
	case c.kind == "budget":
		if !errors.As(err, &limit) {
			t.Errorf("got %v, want a BudgetError", err)
		}
	case c.kind != "":
		if e := (*tap.Error)(nil); !errors.As(err, &e) || e.Kind != c.kind {
			t.Errorf("got error %v of kind %v, want kind %v", err, tap.KindOf(err), c.kind)
		}
	case err != nil:
		t.Error(err)
	default:
		if got := body(t, r); got != c.want {
			t.Errorf("got body %q, want %q", got, c.want)
		}
	}
}

func TestTries(t *testing.T) {
	t.Parallel()
	ok := resttest.Answer{Body: `{"ok":1}`}
	status := func(n int, header ...string) resttest.Answer {
		return resttest.Answer{Status: n, Header: header, Body: `{}`}
	}
	cases := map[string]triesTest{
		"first try":                       {script: []resttest.Answer{ok}, want: ok.Body, requests: 1},
		"500 then fine":                   {script: []resttest.Answer{status(500), ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"418 is tried again":              {script: []resttest.Answer{status(418), ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"500 for ever":                    {script: []resttest.Answer{status(500)}, kind: tap.Transient, requests: 6, slept: -31 * time.Second},
		"409 for ever":                    {script: []resttest.Answer{status(409)}, kind: tap.System, requests: 6, slept: -31 * time.Second},
		"429 for ever":                    {script: []resttest.Answer{status(429)}, kind: tap.Transient, requests: 7, slept: 66 * time.Second},
		"429 for ever, tries set to 5":    {script: []resttest.Answer{status(429)}, handler: handler{retries: 5}, kind: tap.Transient, requests: 6, slept: 60010 * time.Millisecond},
		"the manifest waits for years":    {script: []resttest.Answer{status(503), ok}, handler: handler{retries: 5, wait: 87600 * time.Hour}, kind: tap.Transient, requests: 1},
		"the manifest waits for ever":     {script: []resttest.Answer{status(503), ok}, handler: handler{retries: 5, wait: math.MaxInt64}, kind: tap.Transient, requests: 1},
		"the manifest waits for a day":    {script: []resttest.Answer{status(503), ok}, handler: handler{retries: 5, wait: 24 * time.Hour}, want: ok.Body, requests: 2, slept: 24 * time.Hour},
		"429 for ever, few tries":         {script: []resttest.Answer{status(429)}, handler: handler{retries: 2}, kind: tap.Transient, requests: 3, slept: 3010 * time.Millisecond},
		"400 fails":                       {script: []resttest.Answer{status(400)}, kind: tap.System, requests: 1},
		"401 fails":                       {script: []resttest.Answer{status(401)}, kind: tap.Config, requests: 1},
		"404 fails":                       {script: []resttest.Answer{status(404)}, kind: tap.System, requests: 1},
		"no retries":                      {script: []resttest.Answer{status(503)}, handler: handler{retries: 0}, kind: tap.Transient, requests: 1},
		"negative retries":                {script: []resttest.Answer{status(503)}, handler: handler{retries: -3}, kind: tap.Transient, requests: 1},
		"the manifest's wait, exactly":    {script: []resttest.Answer{status(503), status(503), ok}, handler: handler{retries: 5, wait: 7 * time.Second}, want: ok.Body, requests: 3, slept: 14 * time.Second},
		"the manifest's wait wins":        {script: []resttest.Answer{status(429, "Retry-After: 90"), ok}, handler: handler{retries: 5, wait: time.Second}, want: ok.Body, requests: 2, slept: time.Second},
		"total time of waits":             {script: []resttest.Answer{status(503)}, handler: handler{retries: 50, wait: 2 * time.Minute}, kind: tap.Transient, requests: 6, slept: 10 * time.Minute},
		"Retry-After in seconds":          {script: []resttest.Answer{status(429, "Retry-After: 90"), ok}, want: ok.Body, requests: 2, slept: 90 * time.Second},
		"Retry-After as a date":           {script: []resttest.Answer{status(503, "Retry-After: Fri, 20 Nov 2026 00:00:40 GMT"), ok}, want: ok.Body, requests: 2, slept: 40 * time.Second},
		"Retry-After on the API's clock":  {script: []resttest.Answer{status(503, "Retry-After: Fri, 20 Nov 2020 00:00:40 GMT", "Date: Fri, 20 Nov 2020 00:00:10 GMT"), ok}, want: ok.Body, requests: 2, slept: 30 * time.Second},
		"Help Scout's header":             {script: []resttest.Answer{status(429, "X-RateLimit-Retry-After: 12"), ok}, want: ok.Body, requests: 2, slept: 12 * time.Second},
		"reset as an epoch":               {script: []resttest.Answer{status(429, "X-RateLimit-Reset: 1795132833"), ok}, want: ok.Body, requests: 2, slept: 33 * time.Second},
		"a day is not waited for":         {script: []resttest.Answer{status(429, "Retry-After: 86400"), ok}, want: ok.Body, requests: 2, slept: -1010 * time.Millisecond},
		"ignored":                         {script: []resttest.Answer{status(404)}, handler: handler{actions: map[int]rest.Verdict{404: {Action: rest.Ignore}}}, want: "<none>", requests: 1},
		"ignored but fine":                {script: []resttest.Answer{ok}, handler: handler{actions: map[int]rest.Verdict{200: {Action: rest.Ignore}}}, want: ok.Body, requests: 1},
		"accepted error":                  {script: []resttest.Answer{status(404)}, handler: handler{actions: map[int]rest.Verdict{404: {Action: rest.Success}}}, want: "<none>", requests: 1},
		"refused although 200":            {script: []resttest.Answer{ok}, handler: handler{actions: map[int]rest.Verdict{200: {Action: rest.Fail, Kind: tap.Config}}}, kind: tap.Config, requests: 1},
		"cut body":                        {script: []resttest.Answer{{Body: `{"a":"bcdefgh"}`, Cut: true}, ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"cut gzip body":                   {script: []resttest.Answer{{Body: `{"a":"bcdefgh"}`, Gzip: true, Cut: true}, ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"gzip":                            {script: []resttest.Answer{{Body: ok.Body, Gzip: true}}, want: ok.Body, requests: 1},
		"not gzip though it says so":      {script: []resttest.Answer{{Body: "plain", Header: []string{"Content-Encoding: gzip"}}, ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"empty gzip":                      {script: []resttest.Answer{{Header: []string{"Content-Encoding: gzip"}}}, want: "", requests: 1},
		"dropped connection":              {script: []resttest.Answer{{Err: io.ErrUnexpectedEOF}, ok}, want: ok.Body, requests: 2, slept: -time.Second},
		"no connection":                   {script: []resttest.Answer{{Err: errors.New("connection refused")}}, kind: tap.System, requests: 6, slept: -31 * time.Second},
		"JSON cut unseen, strict":         {script: []resttest.Answer{{Body: `{"a":[1,2`}, ok}, settings: rest.Settings{StrictJSON: true}, want: ok.Body, requests: 2, slept: -time.Second},
		"JSON cut unseen, as a manifest":  {script: []resttest.Answer{{Body: `{"a":[1,2`}, ok}, want: `{"a":[1,2`, requests: 1},
		"redirects":                       {script: []resttest.Answer{status(302, "Location: /b"), ok}, want: ok.Body, requests: 2},
		"redirects for ever":              {script: []resttest.Answer{status(302, "Location: /b")}, handler: handler{retries: 0}, kind: tap.System, requests: 31},
		"a run's limit of requests":       {script: []resttest.Answer{status(500)}, settings: rest.Settings{MaxRequests: 3}, requests: 3, slept: -10 * time.Second, kind: "budget"},
		"not modified has no body":        {script: []resttest.Answer{status(304)}, want: "{}", requests: 1},
		"waits and refusals count apart":  {script: []resttest.Answer{status(500), status(500), ok}, handler: handler{retries: 2}, want: ok.Body, requests: 3, slept: -3 * time.Second},
		"an unknown action's wait cut":    {script: []resttest.Answer{status(500), ok}, handler: handler{retries: 1}, want: ok.Body, requests: 2, slept: -time.Second},
		"too long a message is shortened": {script: []resttest.Answer{{Status: 400, Body: `{"message":"` + strings.Repeat("long ", 999) + `"}`}}, kind: tap.System, requests: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport, clock := resttest.Script(c.script...), resttest.NewClock()
			client := clientWith(resttest.Runtime(transport, clock), c.settings)
			r, err := client.NewEndpoint(exchange.Setup{Handler: c.handler, Stream: "s"}).Send(context.Background(), "http://api.test/a", nil, nil)
			c.check(t, r, err)
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			if got := len(transport.Log()); got != c.requests {
				t.Errorf("%d requests, want %d: %v", got, c.requests, transport.Lines())
			}
			if slept := clock.Slept(); c.slept >= 0 && slept != c.slept || c.slept < 0 && slept > -c.slept {
				t.Errorf("slept %v, want %v", slept, c.slept)
			}
		})
	}
}

func TestRefreshThenRetry(t *testing.T) {
	t.Parallel()
	refused, ok := resttest.Answer{Status: 401, Body: `{}`}, resttest.Answer{Body: `{}`}
	again := handler{retries: 3, actions: map[int]rest.Verdict{401: {Action: rest.RefreshTokenAndRetry, Kind: tap.Config}}}
	fine := func() error { return nil }
	cases := map[string]struct {
		script  []resttest.Answer
		refresh func() error
		kind    tap.Kind
		tokens  string
	}{
		"refreshed":                    {script: []resttest.Answer{refused, ok}, refresh: fine, tokens: "0 1"},
		"refused again":                {script: []resttest.Answer{refused}, refresh: fine, kind: tap.Config, tokens: "0 1"},
		"nothing to refresh":           {script: []resttest.Answer{refused, refused, ok}, refresh: func() error { return rest.ErrNoRefresh }, tokens: "0 0 0"},
		"credentials refused":          {script: []resttest.Answer{refused}, refresh: func() error { return tap.Errorf(tap.Config, "no") }, kind: tap.Config, tokens: "0"},
		"token endpoint down":          {script: []resttest.Answer{refused}, refresh: func() error { return tap.Errorf(tap.Transient, "down") }, kind: tap.Transient, tokens: "0 0"},
		"token endpoint down, then up": {script: []resttest.Answer{refused, ok}, refresh: func() error { return tap.Errorf(tap.Transient, "down") }, tokens: "0 0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := resttest.Script(c.script...)
			client := exchange.NewClient(resttest.Runtime(transport, resttest.NewClock()))
			x := client.NewEndpoint(exchange.Setup{Handler: again, Auth: &token{refresh: c.refresh}})
			_, err := x.Send(context.Background(), "http://api.test/a", nil, nil)
			if (err == nil) != (c.kind == "") || err != nil && tap.KindOf(err) != c.kind {
				t.Errorf("got %v, want kind %q", err, c.kind)
			}
			var tokens []string
			for _, r := range transport.Log() {
				tokens = append(tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer secret-token-"))
			}
			if got := strings.Join(tokens, " "); got != c.tokens {
				t.Errorf("tokens %q, want %q", got, c.tokens)
			}
		})
	}
}

func TestUntrueEncodingOfAStream(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Body: "plain", Header: []string{"Content-Encoding: gzip"}})
	client := exchange.NewClient(resttest.Runtime(transport, resttest.NewClock()))
	r, err := client.NewEndpoint(exchange.Setup{Stream: "s", Streams: true}).Send(context.Background(), "http://api.test/a", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := r.Bytes(); string(body) != "plain" || !r.AsSent || err != nil {
		t.Errorf("%q, as sent %v: %v", body, r.AsSent, err)
	}
}

func TestLimitsAreTold(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		settings        rest.Settings
		budget          *exchange.Budget
		answer          resttest.Answer
		rated, strained bool
	}{
		"no limits":              {},
		"a rate":                 {settings: rest.Settings{Rate: rest.Rate{Calls: 100, Per: time.Minute}}, rated: true},
		"the manifest's rates":   {budget: &exchange.Budget{}, rated: true},
		"requests are counted":   {settings: rest.Settings{MaxRequests: 100}, strained: true},
		"credits are limited":    {settings: rest.Settings{MaxCredits: 1000}, strained: true},
		"few calls are left":     {answer: resttest.Answer{Header: []string{"X-RateLimit-Remaining: 2", "X-RateLimit-Reset: 60"}}, strained: true},
		"many calls are left":    {answer: resttest.Answer{Header: []string{"X-RateLimit-Remaining: 900", "X-RateLimit-Reset: 60"}}},
		"the API says when only": {answer: resttest.Answer{Header: []string{"X-RateLimit-Reset: 60"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientWith(resttest.Runtime(resttest.Script(test.answer), resttest.NewClock()), test.settings)
			client.SetBudget(test.budget)
			if _, err := client.NewEndpoint(exchange.Setup{}).Send(t.Context(), "https://api.test/", nil, nil); err != nil {
				t.Fatal(err)
			}
			if client.Rated() != test.rated || client.Strained() != test.strained {
				t.Errorf("rated %v, strained %v; expected %v, %v", client.Rated(), client.Strained(), test.rated, test.strained)
			}
		})
	}
}
