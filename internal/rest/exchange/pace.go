package exchange

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// pacer slows requests down as the API's headers ask, with one pace for each host. If the API says
// that few calls are left in its window, they are spread over the rest of the window. If none is
// left, requests wait for the next window.
type pacer struct {
	mu    sync.Mutex
	hosts map[string]*pace
}

type pace struct {
	answered atomic.Bool // whatever it answered
	absent   atomic.Bool // it was given up, because no connection to it could be made

	mu    sync.Mutex
	until time.Time     // no request before
	slow  *rate.Limiter // nil: no need
	ends  time.Time     // when slow is over
	refusals
}

// What counts as few calls, and how long a header may hold requests back. A longer window is not
// waited for: most likely it is of another kind (a monthly quota, a wrong clock).
const (
	fewCalls    = 5 // where the limit is not known; else a tenth of it, at most mostFew
	mostFew     = 20
	longestPace = 65 * time.Minute
)

func newPacer() *pacer { return &pacer{hosts: map[string]*pace{}} }

func (p *pacer) host(name string) *pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[name]
	if h == nil {
		h = &pace{}
		p.hosts[name] = h
	}
	return h
}

// learn takes what an accepted answer said.
func (h *pace) learn(now time.Time, got hints) {
	if got.left < 0 || got.reset <= 0 || got.reset > longestPace {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	few := fewCalls
	if got.limit > 0 {
		few = min(mostFew, max(got.limit/10, 1))
	}
	switch {
	case got.left == 0:
		h.block(now.Add(got.reset))
		h.slow = nil
	case got.left > few:
		h.slow = nil
	default:
		each := got.reset / time.Duration(got.left)
		if h.slow == nil {
			h.slow = rate.NewLimiter(rate.Every(each), 1)
			h.slow.AllowN(now, 1) // the call that has just been made
		} else {
			h.slow.SetLimitAt(now, rate.Every(each))
		}
		h.ends = now.Add(got.reset)
	}
}

// refused takes what a refusal for the rate limit said.
func (h *pace) refused(now time.Time, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.block(now.Add(wait))
}

func (h *pace) block(until time.Time) {
	if until.After(h.until) {
		h.until = until
	}
}

// blocked is how long no request may go out.
func (h *pace) blocked(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until.Sub(now)
}

// reserve takes a place in the slowed queue and says how long it is until its turn.
func (h *pace) reserve(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slow == nil {
		return 0
	}
	if now.After(h.ends) {
		h.slow = nil
		return 0
	}
	return min(h.slow.ReserveN(now, 1).DelayFrom(now), h.ends.Sub(now))
}

// acquire waits for the pace. done is called once the answer has begun or failed; tries says that
// the request tries a host that refused (refusals).
func (h *pace) acquire(ctx context.Context, c *Client, stream string) (done func(), tries bool, err error) {
	if tries, err = h.admit(ctx, c, stream); err != nil {
		return nil, false, err
	}
	h.mu.Lock()
	learned := h.rate(c.Wall())
	h.mu.Unlock()
	if learned == nil || tries {
		return func() {}, tries, nil
	}
	done, err = learned.acquire(ctx, c, stream, 1)
	return done, false, err
}

// admit waits until the host may be asked.
func (h *pace) admit(ctx context.Context, c *Client, stream string) (tries bool, err error) {
	const reason = "the API's rate limit"
	for {
		for d := h.blocked(c.Wall()); d > 0; d = h.blocked(c.Wall()) {
			if err := c.waitQuietly(ctx, stream, reason, d); err != nil {
				return false, err
			}
		}
		if d := h.reserve(c.Wall()); d > 0 {
			if err := c.waitQuietly(ctx, stream, reason, d); err != nil {
				return false, err
			}
		}
		if tries, err = h.turn(ctx); err != nil {
			return false, err
		}
		if h.blocked(c.Wall()) <= 0 {
			return tries, nil
		}
		h.gaveNoAnswer(tries) // it was blocked anew while this request waited for its turn
	}
}

// strained reports whether a host slows requests down.
func (p *pacer) strained(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range p.hosts {
		if h.strained(now) {
			return true
		}
	}
	return false
}

func (h *pace) strained(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until.After(now) || h.slow != nil && !now.After(h.ends) || h.rate(now) != nil
}
