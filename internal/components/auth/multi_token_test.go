package auth

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
)

// multi is a RateLimitedMultipleTokenAuthenticator of the tokens a and b; more are further fields.
func multi(quota, more string) string {
	if quota == "" {
		quota = "{type: TokenQuota, name: core, remaining_path: [core, left], reset_path: [core, reset]}"
	}
	return "{type: RateLimitedMultipleTokenAuthenticator, tokens: ' a, b ,', budget_min_reserve: 0, budget_reserve_fraction: 0, quotas: [" + quota + "], quota_status_source: {type: QuotaStatusSource, url: 'http://api.test/limits', unavailable_status_codes: [404]}" + more + "}"
}

// limits is an API that counts calls.
type limits struct {
	mu     sync.Mutex
	left   map[string]int // calls, by token
	reset  time.Time
	asked  int // for the status
	calls  map[string]int
	answer func(token string) resttest.Answer
}

func (l *limits) reply(_ int, r resttest.Request) resttest.Answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasSuffix(r.URL, "/limits") {
		l.asked++
		left, ok := l.left[token]
		if !ok {
			return resttest.Answer{Status: 404}
		}
		return resttest.Answer{Body: fmt.Sprintf(`{"core": {"left": %d, "reset": %d, "limit": 100}, "search": {"left": 1, "reset": %d}}`, left, l.reset.Unix(), l.reset.Unix())}
	}
	if l.calls == nil {
		l.calls = map[string]int{}
	}
	l.calls[token]++
	if l.answer != nil {
		return l.answer(token)
	}
	return resttest.Answer{Body: `{}`}
}

func TestMultiToken(t *testing.T) {
	t.Parallel()
	inAnHour := resttest.Start.Add(time.Hour)
	headers := "{type: TokenQuota, name: core, remaining_path: [core, left], reset_path: [core, reset], limit_path: [core, limit], remaining_header: X-Left, reset_header: X-Reset, limit_header: X-Limit, exhaustion_status_codes: [403]}"
	search := "{type: TokenQuota, name: search, remaining_path: [search, left], reset_path: [search, reset], matchers: [{url_path_pattern: /search}]}"
	core := "{type: TokenQuota, name: core, remaining_path: [core, left], reset_path: [core, reset]}"
	cases := map[string]multiCase{
		"one after the other":    {multi("", ""), &limits{left: map[string]int{"a": 2, "b": 5}, reset: inAnHour}, times(4, "/items"), map[string]int{"a": 2, "b": 2}, 2, 0},
		"none is counted":        {multi("", ""), &limits{}, times(4, "/items"), map[string]int{"a": 2, "b": 2}, 2, 0},
		"by quota":               {multi(search+", "+core, ""), &limits{left: map[string]int{"a": 5, "b": 5}, reset: inAnHour}, []string{"/search", "/items", "/search", "/items"}, map[string]int{"a": 2, "b": 2}, 2, 0},
		"by no quota":            {multi(search, ""), &limits{left: map[string]int{"a": 5, "b": 5}, reset: inAnHour}, []string{"/items", "/items"}, map[string]int{"a": 1, "b": 1}, 2, 0},
		"all used up, then more": {multi("", ""), &limits{left: map[string]int{"a": 1, "b": 0}, reset: inAnHour}, times(2, "/items"), map[string]int{"a": 2}, 4, time.Hour},
		"a reset that is over":   {multi("", ""), &limits{left: map[string]int{"a": 1, "b": 0}, reset: resttest.Start.Add(-time.Hour)}, times(2, "/items"), map[string]int{"a": 2}, 4, 5 * time.Second},
		"slower towards the end": {strings.Replace(multi("", ""), "budget_min_reserve: 0", "budget_min_reserve: 50", 1),
			&limits{left: map[string]int{"a": 31, "b": 30}, reset: resttest.Start.Add(60 * time.Second)}, times(1, "/items"), map[string]int{"a": 1}, 2, time.Second},
		"what the headers say": {multi(headers, ""), &limits{left: map[string]int{"a": 50, "b": 50}, reset: inAnHour, answer: func(token string) resttest.Answer {
			if token == "a" {
				return resttest.Answer{Body: `{}`, Header: []string{"X-Left: 0", "X-Limit: 7"}}
			}
			return resttest.Answer{Body: `{}`}
		}}, times(3, "/items"), map[string]int{"a": 1, "b": 2}, 2, 0},
		"refused": {multi(headers, ""), &limits{left: map[string]int{"a": 50, "b": 50}, reset: inAnHour, answer: func(token string) resttest.Answer {
			if token == "a" {
				return resttest.Answer{Status: 403, Header: []string{"Retry-After: 3000"}}
			}
			return resttest.Answer{Body: `{}`}
		}}, times(2, "/items"), map[string]int{"a": 1, "b": 2}, 2, 100 * time.Millisecond},
	}
	for name, c := range cases {
		t.Run(name, c.run)
	}
}

// multiCase says which calls requests for some paths are charged to, how often the status is asked
// for, and how long is waited.
type multiCase struct {
	yaml  string
	api   *limits
	paths []string
	calls map[string]int
	asked int
	slept time.Duration
}

func (c multiCase) run(t *testing.T) {
	t.Parallel()
	b := newBench(t, "")
	b.transport.Reply = func(n int, r resttest.Request) resttest.Answer {
		if !b.clock.Now().Before(c.api.reset) && c.api.asked >= 2 && c.api.left != nil {
			c.api.mu.Lock()
			c.api.left = map[string]int{"a": 100, "b": 100}
			c.api.mu.Unlock()
		}
		return c.api.reply(n, r)
	}
	a, err := b.build(t, c.yaml)
	if err != nil {
		t.Fatal(err)
	}
	x := b.exchange(a, http.MethodGet, alwaysRetry{status: 403, action: rest.RateLimited})
	for _, path := range c.paths {
		if _, err := x.Send(t.Context(), "http://api.test"+path, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(c.api.calls) != fmt.Sprint(c.calls) || c.api.asked != c.asked || b.clock.Slept() != c.slept {
		t.Errorf("got calls %v, %d times asked, slept %s; want %v, %d, %s", c.api.calls, c.api.asked, b.clock.Slept(), c.calls, c.asked, c.slept)
	}
}

func TestMultiTokenFails(t *testing.T) {
	t.Parallel()
	core := "{type: TokenQuota, name: core, remaining_path: [core, left], reset_path: [core, %s]}"
	cases := map[string]struct {
		yaml, body, want string
		kind             tap.Kind
	}{
		"used up for too long": {multi("", ", max_wait_time: PT1M"), `{"core": {"left": 0, "reset": 1795136400}}`, "none begins anew", tap.Transient},
		"no such path":         {multi(fmt.Sprintf(core, "again"), ""), `{"core": {"left": 0}}`, "nothing at", tap.System},
		"no object":            {multi("", ""), `[]`, "nothing at", tap.System},
		"no number":            {multi("", ""), `{"core": {"left": "x", "reset": 1}}`, "expected a whole number", tap.System},
		"no time":              {multi("", ""), `{"core": {"left": "1", "reset": 1.5}}`, "reset", tap.System},
		"no JSON":              {multi("", ""), `x`, "no JSON", tap.System},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "", resttest.Answer{Body: c.body})
			a, err := b.build(t, c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || tap.KindOf(err) != c.kind {
				t.Errorf("got %s: %v, want %s with %q", tap.KindOf(err), err, c.kind, c.want)
			}
		})
	}
}

// TestMultiTokenIsShared wants one count for all streams, asked for once.
func TestMultiTokenIsShared(t *testing.T) {
	t.Parallel()
	b := newBench(t, "")
	api := &limits{left: map[string]int{"a": 30, "b": 100}, reset: resttest.Start.Add(time.Hour)}
	b.transport.Reply = api.reply
	var wg sync.WaitGroup
	for range 4 {
		a, err := b.build(t, multi("", ""))
		if err != nil {
			t.Fatal(err)
		}
		x := b.exchange(a, http.MethodGet, nil)
		wg.Go(func() {
			for range 10 {
				if _, err := x.Send(context.Background(), "http://api.test/items", nil, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if api.asked != 2 || api.calls["a"] != 30 || api.calls["b"] != 10 {
		t.Errorf("asked %d times, calls %v; want 2, 30 of a, 10 of b", api.asked, api.calls)
	}
	other, err := b.build(t, multi("", ", header: X-Key"))
	if err != nil {
		t.Fatal(err)
	}
	o := &rest.Parts{}
	if err := other.Sign(t.Context(), o); err != nil || api.asked != 4 {
		t.Errorf("another one is not separate: %v, asked %d times", err, api.asked)
	}
}

// TestMultiTokenObserves wants counts that are right in whatever order answers arrive.
func TestMultiTokenObserves(t *testing.T) {
	t.Parallel()
	quota := "{type: TokenQuota, name: core, remaining_path: [core, left], reset_path: [core, reset], limit_path: [core, limit], remaining_header: X-Left, reset_header: X-Reset, limit_header: X-Limit, exhaustion_status_codes: [429]}"
	at := func(d time.Duration) string { return fmt.Sprintf("%d", resttest.Start.Add(time.Hour+d).Unix()) }
	cases := map[string]struct {
		status        int
		left, reset   string
		limit         string
		want, ceiling int64
	}{
		"nothing said":                     {200, "", "", "", 49, 100},
		"fewer":                            {200, "10", "", "", 10, 100},
		"more in the same window":          {200, "80", at(0), "", 49, 100},
		"a new window":                     {200, "80", at(time.Hour), "200", 80, 200},
		"a new window without a count":     {200, "", at(time.Hour), "", 100, 100},
		"an old window":                    {200, "10", at(-time.Hour), "5", 49, 100},
		"a window a little older":          {200, "10", at(-30 * time.Second), "5", 10, 100},
		"refused without a count":          {429, "", "", "", 0, 100},
		"refused by an old window":         {429, "0", at(-time.Hour), "", 0, 100},
		"a last call of an old window":     {200, "0", at(-time.Hour), "", 49, 100},
		"what can not be read":             {200, "few", "soon", "many", 49, 100},
		"another limit in the same window": {200, "", "", "60", 49, 60},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "")
			b.transport.Reply = (&limits{left: map[string]int{"a": 50, "b": 50}, reset: resttest.Start.Add(time.Hour)}).reply
			a, err := b.build(t, multi(quota, ""))
			if err != nil {
				t.Fatal(err)
			}
			m, o := a.(*MultiToken), &rest.Parts{}
			if err := m.Sign(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			h := http.Header{}
			for name, v := range map[string]string{"X-Left": c.left, "X-Reset": c.reset, "X-Limit": c.limit} {
				if v != "" {
					h.Set(name, v)
				}
			}
			m.observe(o, rest.NewAnswer(c.status, h, "", nil))
			if got := m.counts["a"]["core"]; got.left != c.want || got.limit != c.ceiling {
				t.Errorf("got %d of %d, want %d of %d", got.left, got.limit, c.want, c.ceiling)
			}
			if spare := m.spare(o); spare != (c.want == 0) {
				t.Errorf("spare: %t", spare)
			}
		})
	}
}
