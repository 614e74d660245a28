package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// How large a body may be to be held in memory whole before it is judged, so that one that breaks off is asked for again. Larger
// ones are read as they come.
const (
	holdLimit      = 8 << 20
	holdStreamed   = 1 << 20
	holdErrorLimit = 1 << 20
)

// mostRedirects is what requests follows.
const mostRedirects = 30

// sent is one try's answer with its body: held, or what is left of it still to be read.
type sent struct {
	Answer
	rest   io.ReadCloser // nil: the body is held
	memory *memory       // of the held body
	asSent bool          // the body is not what its Content-Encoding says
}

var errSilence = errors.New("nothing came for too long")

// send performs one try. What goes wrong below HTTP is in the answer's Err; the returned error is the context's.
func (x *Exchange) send(ctx context.Context, r *request) (*sent, error) {
	s := &sent{}
	resp, u, err := x.follow(ctx, r)
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
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		*s = sent{Answer: Answer{Err: err}}
	}
	return s, nil
}

// hold reads the body up to the limit.
func (x *Exchange) hold(ctx context.Context, s *sent, resp *http.Response) error {
	limit := holdLimit
	if x.Streams {
		limit = holdStreamed
	}
	if s.Status >= 400 {
		limit = holdErrorLimit
	}
	decoded, err := x.client.decompress(resp, x.Streams && s.Status < 400)
	if err != nil {
		return err
	}
	_, s.asSent = decoded.(*asSent)
	decoded = x.through(ctx, resp, decoded)
	m := x.client.memories.take(sizeHint(resp))
	held, ended, err := readUpTo(decoded, limit, m.bytes[:0])
	m.bytes = held
	if err != nil {
		m.release()
		return err
	}
	s.body, s.loaded = held, true
	if ended || s.Status >= 400 {
		s.memory = m
		return decoded.Close()
	}
	rest := &prefixed{head: held, tail: decoded}
	s.rest, s.loaded, s.body = rest, false, nil
	s.load = func() ([]byte, error) {
		all, err := io.ReadAll(rest)
		_ = decoded.Close()
		s.rest = nil
		return all, err
	}
	return nil
}

// prefixed is a body whose beginning has been read.
type prefixed struct {
	head []byte
	tail io.ReadCloser
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.head) > 0 {
		n := copy(b, p.head)
		if p.head = p.head[n:]; len(p.head) == 0 {
			p.head = nil // its memory is not needed for as long as the rest takes
		}
		return n, nil
	}
	return p.tail.Read(b)
}

func (p *prefixed) Close() error { return p.tail.Close() }

// sizeHint is the body's size where it is known, plus one for the read that finds its end.
func sizeHint(resp *http.Response) int {
	switch {
	case resp.ContentLength < 0:
		return 16 << 10
	case resp.Header.Get("Content-Encoding") != "":
		return int(min(4*resp.ContentLength, holdLimit)) + 512
	}
	return int(min(resp.ContentLength, holdLimit)) + 1
}

// readUpTo adds to data until the end or a bit more than limit; ended says which.
func readUpTo(r io.Reader, limit int, data []byte) (_ []byte, ended bool, err error) {
	for {
		if len(data) == cap(data) {
			if len(data) > limit {
				return data, false, nil
			}
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, true, nil
		}
		if err != nil {
			return data, false, err
		}
	}
}

// follow sends a request and goes where redirects lead, as Python's requests does.
func (x *Exchange) follow(ctx context.Context, r *request) (*http.Response, *url.URL, error) {
	for hops := 0; ; hops++ {
		resp, err := x.limited(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		x.keepCookies(r.url, resp.Header)
		location := resp.Header.Get("Location")
		if !isRedirect(resp.StatusCode) || location == "" {
			return resp, r.url, nil
		}
		_, _ = io.CopyN(io.Discard, resp.Body, holdErrorLimit)
		_ = resp.Body.Close()
		if hops >= mostRedirects {
			return nil, nil, &Fault{Redirects, fmt.Errorf("more than %d redirects", mostRedirects)}
		}
		if r, err = x.redirected(r, resp.StatusCode, location); err != nil {
			return nil, nil, err
		}
	}
}

// redirected is the request that a redirect asks for.
func (x *Exchange) redirected(r *request, status int, location string) (*request, error) {
	to, err := parseTarget(resolve(r.url.String(), location))
	if err != nil {
		return nil, &Fault{BadURL, fmt.Errorf("redirect: %w", err)}
	}
	next := *r
	next.method, next.url, next.header = redirectMethod(r.method, status), to.url, r.header.Clone()
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
		next.body = nil
		next.header.Del("Content-Type")
	}
	next.header.Del("Cookie")
	if dropsCredentials(r.url, to.url) {
		next.header.Del("Authorization")
	}
	x.addCookies(next.header, to.url)
	return &next, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func redirectMethod(method string, status int) string {
	switch {
	case (status == http.StatusSeeOther || status == http.StatusFound) && method != http.MethodHead,
		status == http.StatusMovedPermanently && method == http.MethodPost:
		return http.MethodGet
	}
	return method
}

// dropsCredentials reports whether a redirect leads to another host, other than from http to https on the usual ports.
func dropsCredentials(from, to *url.URL) bool {
	if from.Hostname() != to.Hostname() {
		return true
	}
	if from.Scheme == "http" && to.Scheme == "https" && portOf(from) == "80" && portOf(to) == "443" {
		return false
	}
	return from.Scheme != to.Scheme || portOf(from) != portOf(to)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// errLimit marks what kept a request from being sent at all: the run's own limits.
type errLimit struct{ error }

func (e errLimit) Unwrap() error { return e.error }

// limited sends one request when the run's limits let it through, and tells them what the answer says.
func (x *Exchange) limited(ctx context.Context, r *request) (*http.Response, error) {
	c := x.client
	budget := c.settings.Budget
	if x.NoBudget {
		budget = nil
	}
	policy, weight := budget.policy(r)
	pace := c.pace.host(r.url.Host)
	free := func() {}
	var err error
	switch {
	case policy != nil:
		free, err = policy.acquire(ctx, c, x.Stream, weight)
	default:
		err = pace.acquire(ctx, c, x.Stream)
	}
	if err != nil {
		return nil, errLimit{err}
	}
	defer free()
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
	switch {
	case policy != nil:
		budget.learn(policy, c.now(), resp)
	case resp.StatusCode < 400:
		pace.learn(c.now(), readHints(resp.Header, c.now()))
	}
	return resp, nil
}

// one sends one request without following.
func (x *Exchange) one(ctx context.Context, r *request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	silence := &watch{cancel: cancel, limit: x.ReadTimeout}
	silence.timer = time.AfterFunc(x.ConnectTimeout, silence.expired)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { silence.timer.Reset(x.ReadTimeout) },
	})
	req := (&http.Request{Method: r.method, URL: r.url, Header: r.header, Host: r.header.Get("Host"), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if len(r.body) > 0 {
		req.ContentLength = int64(len(r.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.body)), nil }
		req.Body, _ = req.GetBody()
	}
	resp, err := x.client.rt.Transport.RoundTrip(req)
	if err != nil {
		silence.stop()
		return nil, classify(err, context.Cause(ctx))
	}
	silence.timer.Stop() // it runs again while the body is being read
	resp.Body = &watchedBody{ReadCloser: resp.Body, watch: silence, ctx: ctx}
	return resp, nil
}

// watch ends an exchange in which nothing comes for too long.
type watch struct {
	timer  *time.Timer
	cancel context.CancelCauseFunc
	limit  time.Duration
}

func (w *watch) expired() { w.cancel(errSilence) }

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}

// watchedBody gives every read of a body its own time, however long its reader takes between two, and names what breaks it off.
type watchedBody struct {
	io.ReadCloser
	watch *watch
	ctx   context.Context
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.watch.timer.Reset(b.watch.limit)
	n, err := b.ReadCloser.Read(p)
	b.watch.timer.Stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	switch cause := context.Cause(b.ctx); {
	case errors.Is(cause, errSilence):
		err = &Fault{TimedOut, cause}
	case cause == nil:
		err = &Fault{CutBody, fmt.Errorf("the answer broke off: %w", err)}
	}
	return n, err
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	b.watch.stop()
	return err
}

// classify names what kept an answer from coming.
func classify(err, cause error) error {
	var net net.Error
	switch {
	case errors.Is(cause, errSilence):
		return &Fault{TimedOut, cause}
	case errors.As(err, &net) && net.Timeout():
		return &Fault{TimedOut, err}
	case strings.Contains(err.Error(), "unsupported protocol scheme"):
		return &Fault{BadScheme, err}
	}
	return &Fault{NoAnswer, err}
}
