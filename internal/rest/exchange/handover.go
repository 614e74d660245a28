package exchange

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"anytap/internal/rest"
)

// handover keeps the answers to requests that the same stream is about to make again: a schema was
// inferred from them, and its read begins with the same pages. Each is given once, and only while
// it is fresh. Equal requests get their answers in the order in which those came: a scroll has one
// token for all its pages.
type handover struct {
	waiting atomic.Int32 // entries, so that requests need no lock while there are none
	mu      sync.Mutex
	entries map[string][]handed
	size    int // bytes of all bodies
}

type handed struct {
	response *rest.Response
	size     int
	at       time.Time
}

const (
	mostHanded  = 8 << 20 // bytes of all bodies
	freshHanded = time.Minute
)

// put keeps a copy of an answer, unless it is too large.
func (h *handover) put(key string, r *rest.Response, now time.Time) {
	body := heldBy(r)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(now)
	if h.size+len(body) > mostHanded {
		return
	}
	if h.entries == nil {
		h.entries = map[string][]handed{}
	}
	r.Release = nil // the body stays
	kept := *r
	kept.Hold(body)
	kept.FromCache = true
	h.entries[key] = append(h.entries[key], handed{&kept, len(body), now})
	h.size += len(body)
	h.waiting.Store(int32(len(h.entries)))
}

// take gives an answer and forgets it; nil: there is none.
func (h *handover) take(key string, now time.Time) *rest.Response {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(now)
	all := h.entries[key]
	if len(all) == 0 {
		return nil
	}
	h.forget(key, 1)
	return all[0].response
}

// drop forgets what is not fresh any more; callers hold mu. What is forgotten of equal requests
// takes the later answers with it, which are not the next ones without it.
func (h *handover) drop(now time.Time) {
	for key, all := range h.entries {
		if age := now.Sub(all[0].at); age > freshHanded || age < 0 {
			h.forget(key, len(all))
		}
	}
}

// forget forgets the first n answers to a request.
func (h *handover) forget(key string, n int) {
	all := h.entries[key]
	for _, e := range all[:n] {
		h.size -= e.size
	}
	if h.entries[key] = all[n:]; n == len(all) {
		delete(h.entries, key)
	}
	h.waiting.Store(int32(len(h.entries)))
}

// ask gives the answer that was handed over to the request, or asks the API. An answer that must
// not be kept is no page: a token is asked for anew because the last one is of no use.
func (x *Endpoint) ask(ctx context.Context, c *call) (*rest.Response, error) {
	h, gives := &x.client.handover, rest.HandsOver(ctx)
	if x.NoStore || !gives && h.waiting.Load() == 0 || rest.AvoidsCaches(ctx) {
		return x.tries(ctx, c)
	}
	asked, err := x.asked(c)
	if err != nil {
		return nil, err
	}
	if asked == "" {
		return x.tries(ctx, c)
	}
	key := hashOf(x.Stream, asked) // a stream has one account
	if !gives {
		if answer := h.take(key, x.client.Wall()); answer != nil {
			return answer, nil
		}
		return x.tries(ctx, c)
	}
	answer, err := x.tries(ctx, c)
	if err == nil && answer != nil && x.client.keepable(answer) {
		h.put(key, answer, x.client.Wall())
	}
	return answer, err
}
