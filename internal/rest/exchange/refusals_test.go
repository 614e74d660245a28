package exchange_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
)

// shy is an API that allows so many calls in a window, and refuses the others without a word on how
// long.
type shy struct {
	clock   *resttest.Clock
	calls   int
	window  time.Duration
	aligned bool // windows begin at whole multiples of their length
	strict  bool // refused calls count too

	mu      sync.Mutex
	counted []time.Time
	refused int
}

func (s *shy) reply(int, resttest.Request) resttest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	from := now.Add(-s.window)
	if s.aligned {
		from = now.Truncate(s.window).Add(-1)
	}
	n := 0
	for _, at := range s.counted {
		if at.After(from) {
			n++
		}
	}
	if n >= s.calls {
		s.refused++
		if s.strict {
			s.counted = append(s.counted, now)
		}
		return resttest.Answer{Status: 429, Body: `{"message": "slow down"}`}
	}
	s.counted = append(s.counted, now)
	return resttest.Answer{Body: `{}`}
}

// TestBareRefusals reads from APIs that refuse without saying for how long: no call fails, and the
// whole takes little longer than the limit makes it.
func TestBareRefusals(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		api     *shy
		calls   int
		begin   time.Duration // after a whole minute
		most    time.Duration // for all calls
		refused int           // at most
	}{
		"5 a minute, 9 calls":            {api: &shy{calls: 5, window: time.Minute}, calls: 9, most: 61 * time.Second, refused: 5},
		"5 a minute, a long read":        {api: &shy{calls: 5, window: time.Minute}, calls: 100, most: 20 * time.Minute, refused: 25},
		"1 a minute":                     {api: &shy{calls: 1, window: time.Minute}, calls: 5, most: 5 * time.Minute, refused: 12},
		"10 a second":                    {api: &shy{calls: 10, window: time.Second}, calls: 100, most: 15 * time.Second, refused: 4},
		"30 in 10 seconds":               {api: &shy{calls: 30, window: 10 * time.Second}, calls: 100, most: 41 * time.Second, refused: 6},
		"5 a clock's minute, at its end": {api: &shy{calls: 5, window: time.Minute, aligned: true}, begin: 50 * time.Second, calls: 30, most: 7 * time.Minute, refused: 20},
		"refused calls count":            {api: &shy{calls: 5, window: time.Minute, strict: true}, calls: 40, most: 20 * time.Minute, refused: 25},
		"longer than a minute":           {api: &shy{calls: 3, window: 65 * time.Second}, calls: 12, most: 5 * time.Minute, refused: 15},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := c.api
			api.clock = resttest.NewClock()
			_ = api.clock.Sleep(t.Context(), c.begin)
			var told []string
			rt := resttest.Runtime(&resttest.Transport{Reply: api.reply}, api.clock)
			rt.Waiting = func(_, reason string, d time.Duration) { told = append(told, fmt.Sprint(reason, d)) }
			x := exchange.NewClient(rt).NewEndpoint(exchange.Setup{Stream: "s"})
			began := api.clock.Now()
			for i := range c.calls {
				if _, err := x.Send(context.Background(), "http://api.test/a", nil, nil); err != nil {
					t.Fatalf("call %d: %v", i+1, err)
				}
				_ = api.clock.Sleep(t.Context(), 10*time.Millisecond)
			}
			took := api.clock.Now().Sub(began)
			t.Logf("%v, %d refused", took, api.refused)
			if took > c.most || api.refused > c.refused {
				t.Errorf("took %v with %d refusals, want at most %v and %d", took, api.refused, c.most, c.refused)
			}
			if !strings.Contains(strings.Join(told, "\n"), "429") {
				t.Errorf("nothing was said of the waits: %q", told)
			}
		})
	}
}

// TestBareRefusalsOfManyWorkers lets workers share a host that refuses: one at a time tries it.
func TestBareRefusalsOfManyWorkers(t *testing.T) {
	t.Parallel()
	clock := resttest.NewClock()
	api := &shy{calls: 5, window: time.Minute, clock: clock}
	client := exchange.NewClient(resttest.Runtime(&resttest.Transport{Reply: api.reply}, clock))
	var all sync.WaitGroup
	for i := range 8 {
		x := client.NewEndpoint(exchange.Setup{Stream: fmt.Sprint(i)})
		all.Go(func() {
			for range 5 {
				if _, err := x.Send(context.Background(), "http://api.test/a", nil, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if api.refused > 40 {
		t.Errorf("%d refusals of 40 calls", api.refused)
	}
}

// TestHopelessRefusals does not outlast a minute for each request of a host that refuses for ever.
func TestHopelessRefusals(t *testing.T) {
	t.Parallel()
	clock := resttest.NewClock()
	client := exchange.NewClient(resttest.Runtime(resttest.Script(resttest.Answer{Status: 429}), clock))
	for i := range 5 {
		_, err := client.NewEndpoint(exchange.Setup{Stream: fmt.Sprint(i)}).Send(context.Background(), "http://api.test/a", nil, nil)
		if err == nil || !strings.Contains(err.Error(), "429") {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	if slept := clock.Slept(); slept > 6*time.Minute {
		t.Errorf("slept %v", slept)
	}
}

// TestStormsEnd lets a host refuse for ever with every form of Retry-After. Each of some requests,
// one after the other, ends within its tries where they were set, else within minutes.
func TestStormsEnd(t *testing.T) {
	t.Parallel()
	past := resttest.Start.Add(-time.Hour).Format(http.TimeFormat)
	decade := resttest.Start.AddDate(10, 0, 0).Format(http.TimeFormat)
	for _, asked := range []string{"", "0", "-1", "-5", past, decade, "abc", "1e3", "1e300", "NaN", "Inf", "-Inf", "0x10", "315360000", "1795132833000000", "99999999999999999999", "2"} {
		for _, retries := range []int{-1, 0, 3, 5, 10} {
			t.Run(fmt.Sprintf("Retry-After %q, retries %d", asked, retries), func(t *testing.T) {
				t.Parallel()
				clock, script := resttest.NewClock(), resttest.Script(resttest.Answer{Status: 429, Header: []string{"Retry-After: " + asked}})
				s := rest.Settings{MaxRetries: &retries}
				first, all, longest := retries+1, retries+3, 8*time.Minute
				if retries < 0 {
					s.MaxRetries, first, all = nil, 7, 9
				}
				if asked == "2" { // what the API asks for is done, for each request
					if retries < 0 {
						first = 6
					}
					all, longest = 3*first, 2*time.Minute
				}
				client := clientWith(resttest.Runtime(script, clock), s)
				for i := range 3 {
					_, err := client.NewEndpoint(exchange.Setup{Stream: "s"}).Send(context.Background(), "http://api.test/a", nil, nil)
					if err == nil || !strings.Contains(err.Error(), "429") {
						t.Fatalf("request %d: %v", i+1, err)
					}
					if n := len(script.Log()); i == 0 && n != first {
						t.Errorf("the first request was tried %d times, want %d", n, first)
					}
				}
				if n := len(script.Log()); n > all {
					t.Errorf("%d tries of 3 requests, want at most %d", n, all)
				}
				if slept := clock.Slept(); slept > longest {
					t.Errorf("slept %v", slept)
				}
			})
		}
	}
}

// TestRefusalUnderAPolicy waits longer from refusal to refusal although the manifest's call rates
// let requests through.
func TestRefusalUnderAPolicy(t *testing.T) {
	t.Parallel()
	clock := resttest.NewClock()
	api := &shy{calls: 2, window: time.Minute, clock: clock}
	client := exchange.NewClient(resttest.Runtime(&resttest.Transport{Reply: api.reply}, clock))
	client.SetBudget(&exchange.Budget{Policies: []exchange.Policy{exchange.MovingWindow([]rest.Rate{{Calls: 1000, Per: time.Minute}}, nil)}})
	x := client.NewEndpoint(exchange.Setup{Stream: "s"})
	for i := range 6 {
		if _, err := x.Send(context.Background(), "http://api.test/a", nil, nil); err != nil {
			t.Fatalf("call %d: %v", i+1, err)
		}
	}
	if api.refused > 12 {
		t.Errorf("%d refusals", api.refused)
	}
}
