package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"anytap/internal/rest"
)

// How large a body may be to be held in memory whole before it is judged, so that one that breaks
// off is asked for again. Larger ones are read as they come.
const (
	holdLimit      = 8 << 20
	holdStreamed   = 1 << 20
	holdErrorLimit = 1 << 20
)

// mostRedirects is what requests follows.
const mostRedirects = 30

// sent is one try's answer with its body: held, or what is left of it still to be read.
type sent struct {
	rest.Answer
	rest   io.ReadCloser // nil: the body is held
	memory *memory       // of the held body
	asSent bool          // the body is not what its Content-Encoding says
	host   *pace         // of the host that answered; nil: none did
	tries  bool          // host had refused for its rate limit, and this tried whether it still does
}

// errSilence is the kind of error of a wait in which nothing came.
var errSilence = errors.New("nothing came for too long")

// silence is such an error, and says how long that was.
type silence struct{ limit time.Duration }

func (s silence) Error() string {
	return fmt.Sprintf("nothing came for %s (request_timeout)", s.limit.Round(time.Millisecond))
}

// Is makes it an errSilence.
func (silence) Is(target error) bool { return target == errSilence }

// send performs one try. What goes wrong below HTTP is in the answer's Err; the returned error is
// the context's.
func (x *Endpoint) send(ctx context.Context, r *request) (*sent, error) {
	s := &sent{}
	resp, u, err := x.follow(ctx, r, s)
	if err != nil {
		if limit, ok := errors.AsType[errLimit](err); ok {
			return nil, limit.error
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.Err = err
		return s, nil
	}
	s.Status, s.Header, s.URL = resp.StatusCode, resp.Header, u.String()
	if err := x.hold(ctx, s, resp); err != nil {
		_ = resp.Body.Close()
		s.host.gaveNoAnswer(s.tries)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		*s = sent{Answer: rest.Answer{Err: err}}
	}
	return s, nil
}

// errLimit marks what kept a request from being sent at all: the run's own limits.
type errLimit struct{ error }

func (e errLimit) Unwrap() error { return e.error }

// limited sends one request when the run's limits let it through, and tells them what the answer
// says.
func (x *Endpoint) limited(ctx context.Context, r *request, s *sent) (*http.Response, error) {
	c := x.client
	budget := c.budget
	if x.NoBudget {
		budget = nil
	}
	policy, weight := budget.policy(&r.Request)
	pace := c.pace.host(r.URL.Host)
	var free func()
	var tries bool
	var err error
	switch {
	case policy != nil:
		free, err = policy.acquire(ctx, c, x.Stream, weight)
		tries = pace.refusing()
	default:
		free, tries, err = pace.acquire(ctx, c, x.Stream)
	}
	if err != nil {
		return nil, errLimit{err}
	}
	defer free()
	settled := false
	defer func() {
		if !settled {
			pace.gaveNoAnswer(tries)
		}
	}()
	if c.rate != nil {
		freeRate, err := c.rate.acquire(ctx, c, x.Stream, 1)
		if err != nil {
			return nil, errLimit{err}
		}
		defer freeRate()
	}
	if err := c.count(); err != nil {
		return nil, errLimit{err}
	}
	resp, err := x.one(ctx, r)
	if err != nil {
		return nil, err
	}
	if !pace.answered.Load() {
		pace.answered.Store(true)
		pace.absent.Store(false)
	}
	switch {
	case policy != nil:
		budget.learn(policy, c.Wall(), resp)
	case resp.StatusCode < 400:
		pace.learn(c.Wall(), readHints(resp.Header, c.Wall()))
	}
	settled, s.host, s.tries = true, pace, tries
	return resp, nil
}
