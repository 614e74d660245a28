package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"anytap/internal/rest"
)

// one sends one request without following.
func (x *Endpoint) one(ctx context.Context, r *request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	silence := &watch{cancel: cancel, limit: x.ReadTimeout, speed: x.client.settings.MinSpeed}
	silence.timer = time.AfterFunc(x.ConnectTimeout, silence.expired)
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			connected.Store(true)
			silence.timer.Reset(x.ReadTimeout)
		},
	})
	req := (&http.Request{Method: r.Method, URL: r.URL, Header: r.Header, Host: r.Header.Get("Host"), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if len(r.Body) > 0 {
		req.ContentLength = int64(len(r.Body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
		req.Body, _ = req.GetBody()
	}
	transport := x.client.rt.Transport
	if r.bare {
		transport = x.client.bare
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		silence.stop()
		if cause := context.Cause(ctx); connected.Load() && !clientRefused(err) || !noConnection(err, cause) {
			return nil, classify(err, cause)
		} else {
			return nil, x.client.unreached(r.URL, err, cause)
		}
	}
	silence.timer.Stop() // it runs again while the body is being read
	resp.Body = &watchedBody{ReadCloser: resp.Body, watch: silence, ctx: ctx}
	return resp, nil
}

// watch ends an exchange in which nothing comes for too long, or too little.
type watch struct {
	timer  *time.Timer
	cancel context.CancelCauseFunc
	limit  time.Duration
	speed  float64       // bytes a second
	read   int64         // bytes of the body that came
	waited time.Duration // for them
}

// slow is the error of a body that comes too slowly; nil: it does not.
func (w *watch) slow() error {
	if late := (w.waited - w.limit).Seconds(); late <= 0 || late*w.speed <= float64(w.read) {
		return nil
	}
	return fmt.Errorf("the answer comes too slowly: %d bytes in %s, expected at least %g bytes a second after %s (min_speed, request_timeout)",
		w.read, w.waited.Round(time.Millisecond), w.speed, w.limit)
}

func (w *watch) expired() { w.cancel(silence{w.limit}) }

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}

// watchedBody gives every read of a body its own time, however long its reader takes between two,
// and all of them the time that is due to their bytes. It names what breaks it off.
type watchedBody struct {
	io.ReadCloser
	watch *watch
	ctx   context.Context
}

func (b *watchedBody) Read(p []byte) (int, error) {
	began := time.Now()
	b.watch.timer.Reset(b.watch.limit)
	n, err := b.ReadCloser.Read(p)
	b.watch.timer.Stop()
	b.watch.read += int64(n)
	b.watch.waited += time.Since(began)
	if err == nil {
		if err = b.watch.slow(); err == nil {
			return n, nil
		}
		return n, &rest.Fault{Kind: rest.TimedOut, Err: err}
	}
	if err == io.EOF {
		return n, err
	}
	switch cause := context.Cause(b.ctx); {
	case errors.Is(cause, errSilence):
		err = &rest.Fault{Kind: rest.TimedOut, Err: cause}
	case cause == nil:
		err = &rest.Fault{Kind: rest.CutBody, Err: fmt.Errorf("the answer broke off: %w", err)}
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
	if fault, ok := errors.AsType[*rest.Fault](err); ok {
		return fault
	}
	switch {
	case errors.Is(cause, errSilence):
		return &rest.Fault{Kind: rest.TimedOut, Err: cause}
	case errors.Is(err, io.EOF):
		return &rest.Fault{Kind: rest.NoAnswer, Err: fmt.Errorf("the server closed the connection before an answer came: %w", err)}
	case errors.As(err, &net) && net.Timeout():
		return &rest.Fault{Kind: rest.TimedOut, Err: err}
	case strings.Contains(err.Error(), "unsupported protocol scheme"):
		return &rest.Fault{Kind: rest.BadScheme, Err: err}
	}
	return &rest.Fault{Kind: rest.NoAnswer, Err: err}
}
