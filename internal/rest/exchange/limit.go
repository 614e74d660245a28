package exchange

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"anytap/internal/rest"
)

// limiter holds requests back so that no rate is exceeded in any window of its length, wherever the
// window begins. Two parts work together: a token bucket lets requests through at the rate, and a
// strict window counts what is known of them. A call occupies its window from when it is let
// through until Per after its answer began: the API saw it at some moment between the two, so its
// own count can not be higher than ours, however long the way to it is.
type limiter struct {
	bucket *rate.Limiter
	reason string        // for whoever waits
	turn   chan struct{} // held by who waits first, so that calls go through in order

	mu       sync.Mutex
	windows  []window
	inFlight int
	changed  chan struct{} // closed when a call in flight is done
}

// window counts the calls of one rate that are done.
type window struct {
	rest.Rate
	done  []stamp // by time
	calls int
}

type stamp struct {
	at    time.Time
	calls int
}

func newLimiter(rates []rest.Rate) *limiter {
	l := &limiter{turn: make(chan struct{}, 1), changed: make(chan struct{}), reason: "rate limit of " + rates[0].String()}
	slowest := rates[0]
	for _, r := range rates {
		l.windows = append(l.windows, window{Rate: r})
		if perSecond(r) < perSecond(slowest) {
			slowest = r
		}
	}
	l.bucket = rate.NewLimiter(rate.Limit(perSecond(slowest)), slowest.Calls)
	return l
}

// most is the largest number of calls that can be asked for at once.
func (l *limiter) most() int {
	least := l.windows[0].Calls
	for _, w := range l.windows {
		least = min(least, w.Calls)
	}
	return least
}

// try takes calls at now. If there is no room it says how long to wait; a negative wait means until
// a call in flight is done.
func (l *limiter) try(now time.Time, calls int) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.windows {
		w := &l.windows[i]
		w.forget(now)
		if free := w.Calls - l.inFlight - w.calls; free < calls {
			need := w.untilFree(now, calls-free)
			if need < 0 {
				return need, false
			}
			wait = max(wait, need)
		}
	}
	if wait > 0 {
		return wait, false
	}
	l.inFlight += calls
	return 0, true
}

// done says that the answer to calls taken by try has begun, or will not come.
func (l *limiter) done(now time.Time, calls int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight -= calls
	l.add(now, calls)
	close(l.changed)
	l.changed = make(chan struct{})
}

// add counts calls that were made at now; callers hold mu.
func (l *limiter) add(now time.Time, calls int) {
	for i := range l.windows {
		w := &l.windows[i]
		w.done = append(w.done, stamp{now, calls})
		w.calls += calls
	}
}

// fill makes all windows full, because the API said that no call is left.
func (l *limiter) fill(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	least := -1
	for i := range l.windows {
		w := &l.windows[i]
		w.forget(now)
		if free := w.Calls - l.inFlight - w.calls; least < 0 || free < least {
			least = free
		}
	}
	if least > 0 {
		l.add(now, least)
	}
}

// forget drops what lies a whole window back.
func (w *window) forget(now time.Time) {
	n := 0
	for n < len(w.done) && now.Sub(w.done[n].at) >= w.Per {
		w.calls -= w.done[n].calls
		n++
	}
	if n > 0 {
		w.done = append(w.done[:0], w.done[n:]...)
	}
}

// untilFree is how long until so many of the calls that are done lie a whole window back; negative:
// not enough are done.
func (w *window) untilFree(now time.Time, calls int) time.Duration {
	for _, s := range w.done {
		if calls -= s.calls; calls <= 0 {
			return max(s.at.Add(w.Per).Sub(now), 1)
		}
	}
	return -1
}

// acquire waits for room. done must be called once the answer has begun or failed.
func (l *limiter) acquire(ctx context.Context, c *Client, stream string, calls int) (done func(), err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-l.turn }()
	now := c.Wall()
	if d := l.bucket.ReserveN(now, calls).DelayFrom(now); d > 0 {
		if err := c.waitQuietly(ctx, stream, l.reason, d); err != nil {
			return nil, err
		}
	}
	for {
		changed := l.change()
		wait, ok := l.try(c.Wall(), calls)
		switch {
		case ok:
			return sync.OnceFunc(func() { l.done(c.Wall(), calls) }), nil
		case wait < 0:
			select {
			case <-changed:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		default:
			if err := c.waitQuietly(ctx, stream, l.reason, wait); err != nil {
				return nil, err
			}
		}
	}
}

func (l *limiter) change() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

func perSecond(r rest.Rate) float64 { return float64(r.Calls) / r.Per.Seconds() }
