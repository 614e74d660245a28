package exchange

import (
	"context"
	"time"

	"anytap/internal/rest"
)

// refusals is what is known of a host that refuses requests for its rate limit without saying for
// how long. While it refuses, one request at a time tries whether it still does, after waits that
// grow until a minute has been outlasted; all others wait. From what was accepted before a row of
// refusals, and from how long that lasted, the host's rate is learned, so that a long read keeps to
// it. Callers hold the pace's mu.
type refusals struct {
	accepted [mostCounted]time.Time // when, a ring
	all      int                    // how many were put there

	since    time.Time // when the present row of refusals began; zero: there is none
	tries    int       // how often the host was tried in it
	oldest   time.Time // when the first call was accepted that may count towards the limit; zero: none
	trying   bool      // a request is on its way that tries the host
	answered chan struct{}
	hopeless bool // a request was given up in this row
	// givenUp is when requests were given up, by their hashes; see again.
	givenUp map[uint64]time.Time

	ended   time.Time // when the last row was over; zero: there was none
	learned *limiter  // the rate that was learned; nil: none
	window  time.Duration
	stale   time.Time // when what was learned is to be forgotten, because the limit may have changed
}

const (
	// mostCounted is how many accepted requests are remembered. A rate of more calls is not
	// learned.
	mostCounted = 128
	// usualWindow is the length over which most APIs count.
	usualWindow = time.Minute
	// outlasted is how long a host may refuse before a request is given up: longer than a minute,
	// whenever its minute began.
	outlasted = 66 * time.Second
	// windowMargin is for clocks that do not quite agree.
	windowMargin = 10 * time.Millisecond
	shortestWait = 500 * time.Millisecond
	// rememberedLoss is how long after it was given up the same request is tried just once.
	rememberedLoss = time.Minute
	// rememberedRate is how long a rate that was learned is kept to.
	rememberedRate = 10 * time.Minute
)

// usualWindows are the lengths over which APIs count. A host is tried again when so long has passed
// since the first call that may count; each try too many may count as well, so there are few.
var usualWindows = [...]time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, usualWindow}

// accept counts an accepted request. If it tried a host that refused, the row of refusals is over.
func (f *refusals) accept(now time.Time, tried bool) {
	if tried && !f.since.IsZero() {
		f.learn(now)
		f.since, f.tries, f.hopeless = time.Time{}, 0, false
	}
	f.accepted[f.all%mostCounted] = now
	f.all++
	if tried {
		f.release()
	}
}

// release lets the next request try the host.
func (f *refusals) release() {
	if f.trying {
		f.trying = false
		close(f.answered)
	}
}

// refuse takes a refusal and gives the wait before the host is tried again, and how long it has
// been refusing.
func (f *refusals) refuse(now time.Time, tried bool) (wait, age time.Duration) {
	if f.since.IsZero() {
		f.begin(now)
	}
	if tried {
		f.release()
	}
	f.tries++
	age = now.Sub(f.since)
	return f.next(now, age), age
}

// next is the wait before the next try.
func (f *refusals) next(now time.Time, age time.Duration) time.Duration {
	first := f.oldest
	// A call of long ago tells nothing of a limit per second.
	if first.IsZero() || f.tries == 1 && now.Sub(first) > time.Second {
		first = f.since
	}
	for _, window := range usualWindows {
		if wait := first.Add(window + windowMargin).Sub(now); wait >= shortestWait {
			return f.sooner(now, wait)
		}
	}
	if age < outlasted {
		return f.sooner(now, max(outlasted-age, time.Second))
	}
	return usualWindow
}

// sooner is wait, or less where the first call that may count is then a minute or the learned
// window old.
func (f *refusals) sooner(now time.Time, wait time.Duration) time.Duration {
	free := f.oldest.Add(max(f.window, usualWindow) + windowMargin).Sub(now)
	if !f.oldest.IsZero() && free >= shortestWait && free < wait {
		return free
	}
	return wait
}

// begin begins a row of refusals: what was accepted within the last minute, or within the window
// that was learned, counts towards the limit.
func (f *refusals) begin(now time.Time) {
	f.since, f.oldest = now, time.Time{}
	from := now.Add(-max(f.window, usualWindow))
	for at := range f.latest() {
		if at.After(from) {
			f.oldest = at
			return
		}
	}
}

// latest gives when requests were accepted, in order.
func (f *refusals) latest() func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		for i := max(f.all-mostCounted, 0); i < f.all; i++ {
			if !yield(f.accepted[i%mostCounted]) {
				return
			}
		}
	}
}

// learn takes the rate from a row of refusals that is over: so many calls, then none until now. One
// row alone may have had another reason, so the second counts.
func (f *refusals) learn(now time.Time) {
	before := f.ended
	f.ended = now
	if before.IsZero() || now.Sub(before) > rememberedRate {
		return
	}
	var calls []time.Time
	for at := range f.latest() {
		if !f.oldest.IsZero() && !at.Before(f.oldest) {
			calls = append(calls, at)
		}
	}
	if len(calls) == 0 || len(calls) == mostCounted {
		return
	}
	f.window = now.Sub(f.oldest)
	f.learned = newLimiter([]rest.Rate{{Calls: len(calls), Per: f.window}})
	f.learned.reason = "the API refuses more than about " + rest.Rate{Calls: len(calls), Per: f.window.Round(time.Second)}.String()
	f.stale = now.Add(rememberedRate)
	for _, at := range append(calls, now) {
		f.learned.add(at, 1)
	}
}

// rate is the rate that was learned; nil: none, or it is to be tried anew.
func (f *refusals) rate(now time.Time) *limiter {
	if f.learned != nil && now.After(f.stale) {
		f.learned, f.window = nil, 0
	}
	return f.learned
}

// turn waits until a host that refuses may be tried; tries says that it now is, by the caller.
func (h *pace) turn(ctx context.Context) (tries bool, err error) {
	for {
		h.mu.Lock()
		f := &h.refusals
		if f.since.IsZero() {
			h.mu.Unlock()
			return false, nil
		}
		if !f.trying {
			f.trying, f.answered = true, make(chan struct{})
			h.mu.Unlock()
			return true, nil
		}
		answered := f.answered
		h.mu.Unlock()
		select {
		case <-answered:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// accepted says that a request was not refused; tried, that it tried a host that had refused.
func (h *pace) accepted(now time.Time, tried bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.accept(now, tried)
}

// gaveNoAnswer says that the outcome of a request tells nothing of the rate.
func (h *pace) gaveNoAnswer(tried bool) {
	if !tried {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.release()
}

// refusing reports whether the host's last answer was a refusal.
func (h *pace) refusing() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.since.IsZero()
}

// refusedBare takes a refusal that does not say for how long it is. It holds all requests to the
// host back, and gives the wait until the next try and how long the host has been refusing;
// hopeless says that another request was given up meanwhile.
func (h *pace) refusedBare(now time.Time, tried bool) (wait, age time.Duration, hopeless bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !tried && !h.since.IsZero() && h.until.After(now) { // it was sent before the host was known to refuse
		return h.until.Sub(now), now.Sub(h.since), h.hopeless
	}
	wait, age = h.refuse(now, tried)
	h.block(now.Add(wait))
	return h.until.Sub(now), age, h.hopeless
}

// gaveUp says that a request was given up because of refusals.
func (h *pace) gaveUp(request uint64, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hopeless = true
	if h.givenUp == nil || len(h.givenUp) > mostCounted {
		h.givenUp = map[uint64]time.Time{}
	}
	h.givenUp[request] = now
}

// again reports whether the same request was given up a short while ago. The read asks for a page
// that inference got nowhere with.
func (h *pace) again(request uint64, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.givenUp[request]
	return ok && now.Sub(at) < rememberedLoss
}
