package exchange

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v4"

	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/tap"
)

// attempts are the tries of one call. Like the reference runtime they are counted in three nested
// rows: tries whose wait the manifest gives, tries that were refused for the rate limit, and all
// others. A try of an outer row resets the inner rows.
type attempts struct {
	x    *Endpoint
	call *call
	made int       // tries made
	at   time.Time // when the last began

	given, limited, other row
	// ignored is the longest wait that the API asked for and that was not waited for.
	ignored time.Duration
	// refreshed says whether the token refresh that this call asked for worked; nil: none was asked
	// for.
	refreshed *bool
}

func (x *Endpoint) tries(ctx context.Context, c *call) (*rest.Response, error) {
	return (&attempts{x: x, call: c}).run(ctx)
}

func (t *attempts) run(ctx context.Context) (*rest.Response, error) {
	for {
		t.made++
		t.at = t.x.client.Wall()
		r, s, err := t.x.try(ctx, t.call)
		if err != nil {
			return nil, err
		}
		verdict, err := t.x.Handler.Judge(&s.Answer)
		if bad := s.LoadError(); bad != nil { // the body broke off while it was judged
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			s.Answer = rest.Answer{Err: bad}
			verdict, err = rest.DefaultVerdict(&s.Answer), nil
		}
		if s.host != nil && (err != nil || verdict.Action != rest.RateLimited) {
			s.host.accepted(t.x.client.Wall(), s.tries)
		}
		if err == nil {
			verdict, err = t.refresh(ctx, r, &s.Answer, verdict)
		}
		if err != nil {
			s.close()
			return nil, err
		}
		t.tell(r, s, verdict)
		switch verdict.Action {
		case rest.Success, rest.Ignore:
			return t.accept(r, s, verdict), nil
		case rest.ResetPagination, rest.ReducePageSize, rest.SplitRequestWindow, rest.EndOfList:
			err = &rest.ActionError{Action: verdict.Action, Kind: verdict.Kind, Message: t.x.client.redact.Text(verdict.Message)}
		case rest.Retry, rest.RateLimited, rest.RefreshTokenAndRetry:
			err = t.pause(ctx, r, s, verdict)
		default:
			err = t.x.failure(r, &s.Answer, verdict, "")
		}
		s.close()
		if err != nil {
			return nil, err
		}
	}
}

// tell tells of the exchange, if somebody asks.
func (t *attempts) tell(r *request, s *sent, v rest.Verdict) {
	c := t.x.client
	if c.rt.Exchanged == nil {
		return
	}
	e := tap.Exchange{
		Stream: t.x.Stream, Method: r.Method, Status: s.Status, Try: t.made, Verdict: string(v.Action), Bytes: -1,
		Took:    c.Wall().Sub(t.at),
		Address: func() string { return publicAddress(c.redact, r.Address(), r.signed) },
	}
	if s.Err != nil {
		e.Fault = c.redact.Text(s.Err.Error())
	} else if s.rest == nil {
		e.Bytes = len(s.Held())
	}
	c.rt.Exchanged(e)
}

// try prepares and sends one request.
func (x *Endpoint) try(ctx context.Context, c *call) (*request, *sent, error) {
	r, err := x.prepare(ctx, c)
	if err != nil {
		fault, isFault := errors.AsType[*rest.Fault](err)
		if !isFault {
			return nil, nil, err
		}
		p := wire.Split(c.address)
		r = &request{Request: rest.Request{Method: x.Method, URL: &url.URL{Scheme: p.Scheme, Host: p.Host, Path: p.Path}}}
		return r, &sent{Answer: rest.Answer{Err: fault}}, nil
	}
	if err := x.announce(r); err != nil {
		return nil, nil, err
	}
	s, err := x.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	x.convert(s)
	x.strict(s)
	if x.auth.Observe != nil && s.Err == nil && !r.bare {
		x.auth.Observe(r.signed, &s.Answer)
	}
	return r, s, nil
}

// accept makes the response of an answer that was accepted; nil where it can hold no records.
func (t *attempts) accept(r *request, s *sent, v rest.Verdict) *rest.Response {
	c := t.x.client
	if v.Action == rest.Ignore {
		c.rt.Logger().Info("answer ignored", "stream", t.x.Stream, "status", s.Status,
			"address", publicAddress(c.redact, r.Address(), r.signed), "message", c.redact.Text(v.Message))
	}
	if v.EmptyPage {
		return t.emptyPage(r, s)
	}
	if !s.OK() && (s.Err != nil || !t.x.AnyStatus) {
		s.close()
		return nil
	}
	resp := &rest.Response{Status: s.Status, Header: s.Header, URL: publicAddress(c.redact, s.URL, r.signed), From: s.URL, AsSent: s.asSent, Extracted: -1, Request: &r.Request}
	if s.rest != nil {
		resp.Body = s.rest
	} else {
		resp.Hold(s.Held())
		if s.memory != nil {
			resp.Release = s.memory.release
		}
	}
	return resp
}

// emptyPage is the response of an answer that counts as a page without records.
func (t *attempts) emptyPage(r *request, s *sent) *rest.Response {
	s.close()
	resp := rest.NewResponse(s.Status, s.Header, publicAddress(t.x.client.redact, s.URL, r.signed), nil)
	resp.From, resp.Request, resp.Ignored = s.URL, &r.Request, true
	return resp
}

// pause waits before the next try, or says that there is none.
func (t *attempts) pause(ctx context.Context, r *request, s *sent, v rest.Verdict) error {
	a := &s.Answer
	if told := t.x.client.rt.RateLimited; told != nil && v.Action == rest.RateLimited {
		told(t.x.Stream)
	}
	if neverReached(a) != nil {
		return t.pauseUnreached(ctx, r, a, v)
	}
	if v.Action == rest.Retry && rest.AvoidsRetries(ctx) {
		return t.x.failure(r, a, v, "")
	}
	wait, err := t.givenWait(r, a, v)
	if err != nil {
		return err
	}
	now := t.x.client.Wall()
	most := t.most()
	maxTime := t.x.Handler.MaxTime()
	var spent bool
	switch {
	case wait > 0:
		spent = t.given.next(t.at, most, maxTime)
		s.gaveNoAnswer()
	case v.Action == rest.RateLimited:
		t.given = row{}
		wait, spent = t.refused(r, s, most)
	default:
		t.given, t.limited = row{}, row{}
		spent = t.other.next(t.at, most, maxTime)
		left := maxTime - t.at.Sub(t.other.began)
		wait = min(t.ownWait(&t.other, a, left), max(left-now.Sub(t.at), 0))
		if v.Action == rest.RefreshTokenAndRetry && t.refreshed != nil && *t.refreshed {
			wait = 0 // the new token's life runs, and nothing else was amiss
		}
	}
	if spent {
		return t.exhausted(r, a, v)
	}
	return t.wait(ctx, a, wait)
}

// wait sleeps before the next try and says why.
func (t *attempts) wait(ctx context.Context, a *rest.Answer, d time.Duration) error {
	c := t.x.client
	return c.wait(ctx, t.x.Stream, c.redact.Text(fmt.Sprintf("%s, try %d follows", reasonOf(a), t.made+1)), d)
}

// rotationWait is the pause before the same request goes out with another credential.
const rotationWait = 100 * time.Millisecond

// givenWait is the wait that the manifest gives; 0: none.
func (t *attempts) givenWait(r *request, a *rest.Answer, v rest.Verdict) (time.Duration, error) {
	if spare := t.x.auth.Spare; spare != nil && v.Action == rest.RateLimited && !r.bare && spare(r.signed) {
		return rotationWait, nil
	}
	return t.x.Handler.Backoff(a, t.made)
}

// refused is the wait after a refusal for the rate limit for which the manifest gives none: what
// the headers ask for if that is not too long, else that of a host that does not say (refusals).
// Unless somebody set the number of tries, such a host is not given up within a minute. Once it was
// given up, other requests try it once as long as it refuses.
func (t *attempts) refused(r *request, s *sent, most int) (wait time.Duration, spent bool) {
	now := t.x.client.Wall()
	spent = t.limited.next(t.at, most, 0)
	got := readHints(s.Header, now)
	asked := got.retryAfter
	if asked == 0 && got.left <= 0 {
		asked = got.reset
	}
	if asked > longestPace {
		t.ignored = max(t.ignored, asked)
	} else if asked > 0 {
		t.x.client.pace.host(r.URL.Host).refused(now, asked)
		s.gaveNoAnswer()
		return asked, spent
	}
	if s.host == nil {
		return t.limited.grow(), spent
	}
	wait, age, hopeless := s.host.refusedBare(now, s.tries)
	if _, set := t.x.Handler.MaxRetries(); !set {
		spent = spent && age >= outlasted
	}
	request := r.hash()
	if spent = spent || hopeless || s.host.again(request, now); spent {
		s.host.gaveUp(request, now)
	}
	return wait, spent
}

// hash identifies what a request asks for within this run.
func (r *request) hash() uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	_, _ = h.WriteString(r.Method + " " + r.Address())
	_, _ = h.Write(r.Body)
	return h.Sum64()
}

var hashSeed = maphash.MakeSeed()

// ownWait is the wait after any other failure where the manifest gives none: what Retry-After asks
// for if that is not too long, else one that grows.
func (t *attempts) ownWait(w *row, a *rest.Answer, longest time.Duration) time.Duration {
	if a.Err == nil {
		if asked := readHints(a.Header, t.x.client.Wall()).retryAfter; asked > 0 && asked <= longest {
			return asked
		}
	}
	return w.grow()
}

// grow is the next wait of a row: exponential with full jitter, below 1, 2, 4 … 60 seconds.
func (w *row) grow() time.Duration {
	if w.waits == nil {
		w.waits = backoff.NewExponentialBackOff(
			backoff.WithInitialInterval(500*time.Millisecond), // the jitter doubles it at most
			backoff.WithMultiplier(2),
			backoff.WithRandomizationFactor(1),
			backoff.WithMaxInterval(30*time.Second),
			backoff.WithMaxElapsedTime(0))
	}
	return w.waits.NextBackOff()
}

func reasonOf(a *rest.Answer) string {
	if a.Err != nil {
		return a.Err.Error()
	}
	return fmt.Sprintf("status %d %s", a.Status, http.StatusText(a.Status))
}

func triesText(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}

// exhausted is the error after the last try.
func (t *attempts) exhausted(r *request, a *rest.Answer, v rest.Verdict) error {
	if a.Err == nil && a.Status == http.StatusTooManyRequests {
		v.Kind = tap.Transient
	}
	asked := ""
	if t.ignored > 0 {
		asked = fmt.Sprintf(" (the API asks to wait %s; more than %s is not waited for)", t.ignored.Round(time.Second), longestPace)
	}
	return t.x.failure(r, a, v, fmt.Sprintf("gave up after %s%s: ", triesText(t.made), asked))
}

// refresh carries out RefreshTokenAndRetry, at most once a call: a token that is refused although
// it is new will not get better.
func (t *attempts) refresh(ctx context.Context, r *request, a *rest.Answer, v rest.Verdict) (rest.Verdict, error) {
	if v.Action != rest.RefreshTokenAndRetry || t.x.Auth == nil {
		return v, nil
	}
	if r.bare {
		return rest.Verdict{Action: rest.Fail, Kind: tap.Config}, nil
	}
	if t.refreshed != nil {
		last := rest.Verdict{Action: rest.Fail, Kind: tap.Transient, Message: "the API refuses the access token, and it could not be refreshed"}
		if *t.refreshed {
			last.Kind, last.Message = tap.Config, "the API refuses the access token that has just been refreshed"
		}
		return last, nil
	}
	err := t.x.renew(ctx, r)
	switch {
	case errors.Is(err, rest.ErrNoRefresh):
		return v, nil
	case err != nil && (ctx.Err() != nil || tap.KindOf(err) == tap.Config):
		return v, err
	case err != nil:
		t.x.client.rt.Logger().Warn("the access token could not be refreshed, trying again with the present one",
			"stream", t.x.Stream, "error", t.x.client.redact.Text(err.Error()))
	}
	worked := err == nil
	t.refreshed = &worked
	return v, nil
}

// renew refreshes the token that r was signed with, unless another worker has done so since.
func (x *Endpoint) renew(ctx context.Context, r *request) error {
	x.renewing.Lock()
	defer x.renewing.Unlock()
	if x.tokens.Load() != r.token {
		return nil
	}
	if err := x.Auth.Refresh(ctx); err != nil {
		return notThisAnswer(err)
	}
	x.tokens.Add(1)
	return nil
}

// gaveNoAnswer says that the answer tells nothing of the rate of a host that does not say it.
func (s *sent) gaveNoAnswer() {
	if s.host != nil {
		s.host.gaveNoAnswer(s.tries)
	}
}

func (s *sent) close() {
	if s.rest != nil {
		_ = s.rest.Close()
	}
	s.release()
}

// release gives the memory of a held body back.
func (s *sent) release() {
	if s.memory != nil {
		s.memory.release()
		s.memory = nil
		s.Hold(nil)
	}
}
