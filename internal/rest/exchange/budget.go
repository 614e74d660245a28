package exchange

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"anytap/internal/rest"
	"anytap/internal/tap"
)

// Budget is the call rates of a manifest, shared by all of its streams. A request belongs to the
// first policy that matches it; one that no policy matches is not held back.
type Budget struct {
	Policies []Policy
	// RemainingHeader and ResetHeader name the headers that say how many calls are left and when
	// (Unix seconds) the count starts anew.
	RemainingHeader, ResetHeader string
	// LimitStatuses are the statuses that mean that no call is left.
	LimitStatuses []int
}

// Policy limits the requests that it matches.
type Policy interface {
	matches(*rest.Request) (weight int, ok bool)
	// acquire waits until the calls are free; done is called once the answer has begun or failed.
	acquire(ctx context.Context, c *Client, stream string, weight int) (done func(), err error)
	// update takes what the API said: calls left (negative: nothing said) and the time of the reset
	// (zero: nothing said).
	update(now time.Time, left int, reset time.Time)
}

// unlimited lets its requests pass.
type unlimited struct{ matchers }

// Unlimited makes a policy that holds nothing back, for requests that a later policy would match.
func Unlimited(m []*Matcher) Policy { return &unlimited{m} }

func (*unlimited) acquire(context.Context, *Client, string, int) (func(), error) {
	return func() {}, nil
}
func (*unlimited) update(time.Time, int, time.Time) {}

// moving allows so many calls in any window of a length.
type moving struct {
	matchers
	limit *limiter
}

// MovingWindow makes a policy of rates that all hold at once; there is at least one.
func MovingWindow(rates []rest.Rate, m []*Matcher) Policy { return &moving{m, newLimiter(rates)} }

func (p *moving) acquire(ctx context.Context, c *Client, stream string, weight int) (func(), error) {
	if most := p.limit.most(); weight > most {
		return nil, tap.Errorf(tap.System, "api_budget: a request of weight %d can never be made, the lowest limit is %d", weight, most)
	}
	return p.limit.acquire(ctx, c, stream, weight)
}

func (p *moving) update(now time.Time, left int, reset time.Time) {
	if left == 0 && reset.IsZero() {
		p.limit.fill(now)
	}
}

// fixed allows so many calls until a moment at which the count starts anew.
type fixed struct {
	matchers
	limit  int
	period time.Duration

	mu    sync.Mutex
	used  int
	reset time.Time // zero before the first call
}

// FixedWindow makes a policy of calls per period. The first window begins with the first call,
// unless the API says when it ends.
func FixedWindow(calls int, period time.Duration, m []*Matcher) Policy {
	return &fixed{matchers: m, limit: calls, period: period}
}

// current starts a new window when the present one is over; callers hold mu.
func (p *fixed) current(now time.Time) {
	switch {
	case p.reset.IsZero():
		p.reset = now.Add(p.period)
	case now.After(p.reset):
		if p.reset = p.reset.Add(p.period); now.After(p.reset) {
			p.reset = now.Add(p.period)
		}
		p.used = 0
	}
}

func (p *fixed) try(now time.Time, weight int) (wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current(now)
	if p.used+weight > p.limit {
		return p.reset.Sub(now) + time.Millisecond
	}
	p.used += weight
	return 0
}

func (p *fixed) acquire(ctx context.Context, c *Client, stream string, weight int) (func(), error) {
	if weight > p.limit {
		return nil, tap.Errorf(tap.System, "api_budget: a request of weight %d can never be made, the limit is %d", weight, p.limit)
	}
	for {
		wait := p.try(c.Wall(), weight)
		if wait == 0 {
			return func() {}, nil
		}
		if err := c.waitQuietly(ctx, stream, "call budget of "+rest.Rate{Calls: p.limit, Per: p.period}.String(), wait); err != nil {
			return nil, err
		}
	}
}

// update only ever takes calls away: the manifest's limit may be lower than the API's.
func (p *fixed) update(now time.Time, left int, reset time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current(now)
	if left >= 0 && left < p.limit-p.used {
		p.used = p.limit - left
	}
	if !reset.IsZero() {
		p.reset = reset
	}
}

// policy finds the policy for a request; nil: none.
func (b *Budget) policy(r *rest.Request) (p Policy, weight int) {
	if b == nil {
		return nil, 0
	}
	for _, p := range b.Policies {
		if weight, ok := p.matches(r); ok {
			return p, weight
		}
	}
	return nil, 0
}

// learn updates a policy from an answer.
func (b *Budget) learn(p Policy, now time.Time, resp *http.Response) {
	left := -1
	said := resp.Header.Get(b.RemainingHeader)
	if n, err := strconv.Atoi(strings.TrimSpace(said)); err == nil {
		left = n
	} else if said == "" && slices.Contains(b.LimitStatuses, resp.StatusCode) {
		left = 0
	}
	var reset time.Time
	if n, err := strconv.ParseInt(strings.TrimSpace(resp.Header.Get(b.ResetHeader)), 10, 64); err == nil {
		reset = time.Unix(n, 0)
	}
	p.update(now, left, reset)
}
