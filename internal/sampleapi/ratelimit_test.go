package sampleapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRateLimitRolls(t *testing.T) {
	c := newClock()
	opt := c.options()
	opt.Faults = map[System]Faults{Pullbay: {Rate: 3, Per: 10 * time.Second}}
	opt.StatsWindow = 10 * time.Second
	s := New(opt)
	for i, step := range []struct {
		wait   time.Duration
		status int
	}{
		{0, 200}, {4 * time.Second, 200}, {5 * time.Second, 200}, // 0 s, 4 s, 9 s
		{999 * time.Millisecond, 429}, {time.Millisecond, 200}, // 10 s: the first has left
		{0, 429}, {4 * time.Second, 200}, {0, 429},
	} {
		_ = c.Sleep(t.Context(), step.wait)
		if resp := ask(t, s, Pullbay, "/v1/app-store/reviews?business_id=b-0"); resp.StatusCode != step.status {
			t.Errorf("request %d: status %d, want %d", i, resp.StatusCode, step.status)
		}
	}
	if stats := s.Stats(Pullbay); stats.MaxInWindow != 6 || stats.Limited != 3 || stats.Requests != 8 {
		t.Errorf("%+v", stats)
	}
}

func TestRateForms(t *testing.T) {
	// The second request comes 2.5 s after the first, under one call in 10 s.
	for form, want := range map[RateForm]map[string][2]string{
		RateMinute: {"X-RateLimit-Limit-Minute": {"1", "1"}, "X-RateLimit-Remaining-Minute": {"0", "0"}, "X-RateLimit-Retry-After": {"", "8"}},
		RateEpoch: {"X-RateLimit-Limit": {"1", "1"}, "X-RateLimit-Remaining": {"0", "0"},
			"X-RateLimit-Reset": {"1751371210", "1751371210"}},
		RateSeconds:       {"X-RateLimit-Reset": {"10", "8"}},
		RateIETF:          {"RateLimit-Policy": {`"default";q=1;w=10`, `"default";q=1;w=10`}, "RateLimit": {`"default";r=0;t=10`, `"default";r=0;t=8`}},
		RateIETFFields:    {"RateLimit-Limit": {"1", "1"}, "RateLimit-Remaining": {"0", "0"}, "RateLimit-Reset": {"10", "8"}},
		RetryAfterSeconds: {"Retry-After": {"", "8"}},
		RetryAfterDate:    {"Retry-After": {"", "Tue, 01 Jul 2025 12:00:10 GMT"}},
		RateSilent:        {"Retry-After": {"", ""}, "X-RateLimit-Limit": {"", ""}},
		"ietf+retry-after": {"RateLimit": {`"default";r=0;t=10`, `"default";r=0;t=8`},
			"Retry-After": {"", "8"}},
	} {
		t.Run(string(form), func(t *testing.T) {
			c := newClock()
			s := New(c.options())
			faults := "rate=1/10s; rate_form=" + string(form)
			first := ask(t, s, JSONPlaceholder, "/users/1", FaultHeader, faults)
			_ = c.Sleep(t.Context(), 2500*time.Millisecond)
			second := ask(t, s, JSONPlaceholder, "/users/1", FaultHeader, faults)
			if first.StatusCode != 200 || second.StatusCode != 429 {
				t.Errorf("status %d and %d", first.StatusCode, second.StatusCode)
			}
			for name, values := range want {
				if got := [2]string{first.Header.Get(name), second.Header.Get(name)}; got != values {
					t.Errorf("%s: %q, want %q", name, got, values)
				}
			}
		})
	}
}

func TestRateFormOfEachSystem(t *testing.T) {
	for system, name := range map[System]string{HelpScout: "X-RateLimit-Remaining-Minute", JSONPlaceholder: "X-RateLimit-Reset", Pullbay: "X-RateLimit-Reset"} {
		s := New(newClock().options())
		if resp := ask(t, s, system, "/none", FaultHeader, "rate=5/1m"); resp.Header.Get(name) == "" {
			t.Errorf("%s sends %v", system, slices.Sorted(maps.Keys(resp.Header)))
		}
		if resp := ask(t, s, system, "/none"); hasRateHeaders(resp.Header) {
			t.Errorf("%s without a limit sends %v", system, resp.Header)
		}
	}
}

func hasRateHeaders(h http.Header) bool {
	for name := range h {
		if strings.Contains(strings.ToLower(name), "ratelimit") {
			return true
		}
	}
	return false
}

func TestWindowForgetsWhatIsOld(t *testing.T) {
	var w window
	now := newClock().Now()
	for range 10_000 {
		w.add(now)
		if n := w.within(now, time.Second); n != 10 && now.Sub(newClock().Now()) >= time.Second {
			t.Fatalf("%d in the window", n)
		}
		now = now.Add(100 * time.Millisecond)
	}
	if len(w.times) > 40 {
		t.Errorf("%d moments kept", len(w.times))
	}
}
