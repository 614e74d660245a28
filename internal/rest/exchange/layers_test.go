package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// keyed signs with a parameter, a header and a body field.
type keyed struct{}

func (keyed) Sign(_ context.Context, o *rest.Parts) error {
	o.Params = value.DictOf("api_key", "p-secret+1")
	o.Headers = value.DictOf("Authorization", "Bearer h-secret", "X-Key", "x-secret")
	return nil
}
func (keyed) Refresh(context.Context) error          { return rest.ErrNoRefresh }
func (keyed) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

func TestErrorsShowTheAPIsWordsAndNoSecrets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer resttest.Answer
		want   []string
	}{
		"message": {resttest.Answer{Status: 401, Body: `{"message":"bad key p-secret+1"}`, Header: []string{"Correlation-ID: c-1"}},
			[]string{"GET http://api.test/a?q=x&api_key=**** answered 401 Unauthorized: bad key ****", "request ID c-1", "check the credentials"}},
		"code and request ID in the body": {resttest.Answer{Status: 403, Body: `{"error":{"code":"denied","message":"no p-secret%2B1","request_id":"req_7"}}`},
			[]string{"403 Forbidden: denied: no ****", "request ID req_7", "permission"}},
		"vnd.error": {resttest.Answer{Status: 400, Body: `{"logRef":"L9","message":"Validation error","_embedded":{"errors":[{"path":"page","message":"may not be 0"}]}}`},
			[]string{"Validation error: page may not be 0", "request ID L9"}},
		"list":  {resttest.Answer{Status: 404, Body: `[{"message":"a"},{"message":"b"}]`}, []string{"a, b", "check the address"}},
		"text":  {resttest.Answer{Status: 400, Body: "config says\n  cfg-secret", Header: []string{"Content-Type: text/plain"}}, []string{": config says ****"}},
		"HTML":  {resttest.Answer{Status: 400, Body: "<!DOCTYPE html><html>…</html>", Header: []string{"Content-Type: text/html"}}, []string{"an HTML page"}},
		"Basic": {resttest.Answer{Status: 400, Body: `{"message":"Y2ZnLXNlY3JldA=="}`}, []string{"answered 400 Bad Request: ****"}},
		"fault": {resttest.Answer{Err: fmt.Errorf("dial cfg-secret: x-secret h-secret")}, []string{"gave up after 6 tries: GET http://api.test/a?q=x&api_key=****: dial ****: **** ****"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			rt := resttest.Runtime(resttest.Script(c.answer), resttest.NewClock())
			rt.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			rt.Waiting = func(_, reason string, _ time.Duration) { log.WriteString(reason) }
			client := clientWith(rt, rest.Settings{Secrets: []string{"cfg-secret"}})
			_, err := client.NewEndpoint(exchange.Setup{Auth: keyed{}}).Send(context.Background(), "http://user:pw@api.test/a?q=x", nil, nil)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %q", want, err)
				}
			}
			for _, secret := range []string{"secret", "user:pw", "Y2Zn"} {
				if strings.Contains(err.Error()+log.String(), secret) {
					t.Errorf("%q is in %q or %q", secret, err, log.String())
				}
			}
		})
	}
}

func TestRedirectsAndCookies(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(
		resttest.Answer{Header: []string{"Set-Cookie: s=1; Path=/"}, Body: "{}"},
		resttest.Answer{Status: 301, Header: []string{"Location: http://other.test/b?x=ü"}},
		resttest.Answer{Status: 307, Header: []string{"Location: ../c"}},
		resttest.Answer{Body: "{}"},
	)
	client := exchange.NewClient(resttest.Runtime(transport, resttest.NewClock()))
	x := client.NewEndpoint(exchange.Setup{Method: http.MethodPost, Auth: keyed{}})
	own := &rest.Parts{JSON: value.DictOf("a", 1)}
	for range 2 {
		if _, err := x.Send(context.Background(), "http://api.test/a", own, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		`POST http://api.test/a?api_key=p-secret%2B1 {"a": 1}`,
		`POST http://api.test/a?api_key=p-secret%2B1 {"a": 1}`,
		"GET http://other.test/b?x=%C3%BC",
		"GET http://other.test/c",
	}
	if got := transport.Lines(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	log := transport.Log()
	if got := log[1].Header.Get("Cookie"); got != "s=1" {
		t.Errorf("cookie %q", got)
	}
	if h := log[2].Header; h.Get("Authorization") != "" || h.Get("Cookie") != "" || h.Get("Content-Type") != "" || h.Get("X-Key") != "" {
		t.Errorf("headers after the redirect to another host: %v", h)
	}
}

func TestRateIsNeverExceeded(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		seen = append(seen, time.Now())
		mu.Unlock()
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(server.Close)
	const calls, per = 5, 300 * time.Millisecond
	client := clientWith(&rest.Runtime{}, rest.Settings{Rate: rest.Rate{Calls: calls, Per: per}})
	x := client.NewEndpoint(exchange.Setup{})
	var wg sync.WaitGroup
	for range 17 {
		wg.Go(func() {
			if _, err := x.Send(context.Background(), server.URL, nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := calls; i < len(seen); i++ {
		if gap := seen[i].Sub(seen[i-calls]); gap < per {
			t.Errorf("requests %d to %d within %v", i-calls, i, gap)
		}
	}
}

func TestPaceByHeaders(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		header []string
		slept  time.Duration // before three more requests
	}{
		"plenty":            {[]string{"X-RateLimit-Remaining: 50", "X-RateLimit-Reset: 60"}, 0},
		"few, spread":       {[]string{"X-RateLimit-Limit: 100", "X-RateLimit-Remaining: 6", "X-RateLimit-Reset: 60"}, 30 * time.Second},
		"minute form":       {[]string{"X-RateLimit-Limit-Minute: 200", "X-RateLimit-Remaining-Minute: 12"}, 15 * time.Second},
		"none, epoch":       {[]string{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1795132820"}, 3 * 20 * time.Second},
		"IETF, old":         {[]string{"RateLimit: limit=10, remaining=0, reset=5"}, 15 * time.Second},
		"IETF, new":         {[]string{`RateLimit: "default";r=0;t=7`, `RateLimit-Policy: "default";q=10;w=60`}, 21 * time.Second},
		"a month is no use": {[]string{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 2500000"}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := resttest.NewClock()
			transport := &resttest.Transport{Reply: func(int, resttest.Request) resttest.Answer {
				header := c.header
				for i, line := range header { // an epoch moves on with the clock
					if strings.HasSuffix(line, "1795132820") {
						header = append([]string(nil), header...)
						header[i] = fmt.Sprintf("X-RateLimit-Reset: %d", clock.Now().Unix()+20)
					}
				}
				return resttest.Answer{Body: "{}", Header: header}
			}}
			x := exchange.NewClient(resttest.Runtime(transport, clock)).NewEndpoint(exchange.Setup{})
			for range 4 {
				if _, err := x.Send(context.Background(), "http://api.test/a", nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			if got := clock.Slept().Round(time.Millisecond); got != c.slept {
				t.Errorf("slept %v, want %v", got, c.slept)
			}
		})
	}
}

func TestWaitingIsTold(t *testing.T) {
	t.Parallel()
	transport := resttest.Script(resttest.Answer{Status: 429, Header: []string{"Retry-After: 70"}}, resttest.Answer{Body: "{}"})
	rt := resttest.Runtime(transport, resttest.NewClock())
	var told []string
	rt.Waiting = func(stream, reason string, d time.Duration) {
		told = append(told, fmt.Sprint(stream, ": ", reason, ", ", d))
	}
	var limited []string
	rt.RateLimited = func(stream string) { limited = append(limited, stream) }
	if _, err := exchange.NewClient(rt).NewEndpoint(exchange.Setup{Stream: "s"}).Send(context.Background(), "http://api.test/", nil, nil); err != nil {
		t.Fatal(err)
	}
	if len(limited) != 1 || limited[0] != "s" {
		t.Errorf("told of %v, want one answer for s", limited)
	}
	const why = "s: status 429 Too Many Requests, try 2 follows, "
	if got, want := strings.Join(told, "|"), why+"1m10s|"+why+"40s|"+why+"10s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	get := []*exchange.Matcher{{Method: "GET", Base: "http://api.test", Path: func(p string) (bool, error) { return p == "/a", nil }, Params: map[string]string{"k": "v w"}, Headers: map[string]string{"x-h": "1"}}}
	heavy := []*exchange.Matcher{{Weight: 2}}
	fixed := func(calls int, m []*exchange.Matcher) []exchange.Policy {
		return []exchange.Policy{exchange.FixedWindow(calls, time.Minute, m)}
	}
	moving := func(m []*exchange.Matcher, rates ...rest.Rate) []exchange.Policy {
		return []exchange.Policy{exchange.MovingWindow(rates, m)}
	}
	cases := map[string]struct {
		policies []exchange.Policy
		header   []string
		slept    time.Duration // for five requests
		kind     tap.Kind
	}{
		"moving":               {policies: moving(nil, rest.Rate{Calls: 2, Per: time.Minute}), slept: 2 * time.Minute},
		"two rates":            {policies: moving(nil, rest.Rate{Calls: 1, Per: time.Second}, rest.Rate{Calls: 4, Per: time.Minute}), slept: time.Minute},
		"matched":              {policies: moving(get, rest.Rate{Calls: 1, Per: time.Minute}), slept: 4 * time.Minute},
		"other method":         {policies: moving([]*exchange.Matcher{{Method: "POST"}}, rest.Rate{Calls: 1, Per: time.Minute})},
		"other header":         {policies: moving([]*exchange.Matcher{{Headers: map[string]string{"x-h": "2"}}}, rest.Rate{Calls: 1, Per: time.Minute})},
		"other parameter":      {policies: moving([]*exchange.Matcher{{Params: map[string]string{"k": "v"}}}, rest.Rate{Calls: 1, Per: time.Minute})},
		"weight":               {policies: moving(heavy, rest.Rate{Calls: 2, Per: time.Minute}), slept: 4 * time.Minute},
		"weight above limit":   {policies: moving(heavy, rest.Rate{Calls: 1, Per: time.Minute}), kind: tap.System},
		"weight, fixed":        {policies: fixed(1, heavy), kind: tap.System},
		"fixed":                {policies: fixed(2, nil), slept: 2*time.Minute + time.Millisecond},
		"first match rules":    {policies: append([]exchange.Policy{exchange.Unlimited(get)}, fixed(1, nil)...)},
		"fixed, API says less": {policies: fixed(100, nil), header: []string{"ratelimit-remaining: 0", "ratelimit-reset: 1795132810"}, slept: 10*time.Second + 3*time.Minute + time.Millisecond},
		"moving, none left":    {policies: moving(nil, rest.Rate{Calls: 100, Per: time.Minute}), header: []string{"ratelimit-remaining: 0"}, slept: 4 * time.Minute},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := resttest.NewClock()
			transport := &resttest.Transport{Reply: func(n int, _ resttest.Request) resttest.Answer {
				header := c.header
				if n > 1 && len(header) > 1 {
					header = header[:1]
				}
				return resttest.Answer{Body: "{}", Header: header}
			}}
			client := exchange.NewClient(resttest.Runtime(transport, clock))
			client.SetBudget(&exchange.Budget{Policies: c.policies, RemainingHeader: "ratelimit-remaining", ResetHeader: "ratelimit-reset", LimitStatuses: []int{429}})
			x := client.NewEndpoint(exchange.Setup{})
			var err error
			for range 5 {
				o := &rest.Parts{Params: value.DictOf("k", "v w"), Headers: value.DictOf("X-H", 1)}
				if _, err = x.Send(context.Background(), "http://api.test/a/", o, nil); err != nil {
					break
				}
			}
			if (err == nil) != (c.kind == "") || err != nil && tap.KindOf(err) != c.kind {
				t.Fatalf("got %v, want kind %q", err, c.kind)
			}
			if got := clock.Slept(); got != c.slept {
				t.Errorf("slept %v, want %v", got, c.slept)
			}
		})
	}
}

// reader is an error handler that looks into every answer.
type reader struct{ rest.DefaultErrorHandler }

func (r reader) Judge(a *rest.Answer) (rest.Verdict, error) {
	if _, ok := a.JSON(); !ok && a.OK() {
		return rest.Verdict{Action: rest.Fail}, nil
	}
	return r.DefaultErrorHandler.Judge(a)
}

func TestLargeBodyThatIsJudged(t *testing.T) {
	t.Parallel()
	large := `"` + strings.Repeat("x", 20<<20) + `"`
	transport := resttest.Script(resttest.Answer{Body: large + strings.Repeat(" ", 20<<20), Cut: true}, resttest.Answer{Body: large})
	client := exchange.NewClient(resttest.Runtime(transport, resttest.NewClock()))
	r, err := client.NewEndpoint(exchange.Setup{Handler: reader{}}).Send(context.Background(), "http://api.test/", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, r); got != large || len(transport.Log()) != 2 {
		t.Errorf("%d bytes after %d requests", len(got), len(transport.Log()))
	}
}

func TestTimeoutsAndLargeBodies(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 40<<20)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large":
			_, _ = io.WriteString(w, large)
		case "/silent":
			<-release
		case "/stalls":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "some")
			w.(http.Flusher).Flush()
			<-release
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	client := clientWith(&rest.Runtime{}, rest.Settings{ReadTimeout: 500 * time.Millisecond})
	x := client.NewEndpoint(exchange.Setup{Handler: handler{retries: 0}})
	r, err := x.Send(context.Background(), server.URL+"/large", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, held := r.Held(); held {
		t.Error("a body of 40 MB is held")
	}
	if n, err := io.Copy(io.Discard, r.Body); n != int64(len(large)) || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	_ = r.Body.Close()
	for _, path := range []string{"/silent", "/stalls"} {
		_, err := x.Send(context.Background(), server.URL+path, nil, nil)
		if err == nil || !strings.Contains(err.Error(), "nothing came for") {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := x.Send(ctx, server.URL+"/silent", nil, nil); err != context.DeadlineExceeded {
		t.Errorf("cancelled: %v", err)
	}
	for address, want := range map[string]string{"ftp://h/x": "neither an http", "api.test/x": "has no scheme", "http:///x": "has no host"} {
		if _, err := x.Send(context.Background(), address, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}
