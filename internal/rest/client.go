package rest

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"anytap/internal/tap"
)

// Settings are what a run says about all of its requests. The zero value sets no limits.
type Settings struct {
	// Rate is never exceeded in any window of its length; zero: no limit.
	Rate Rate
	// Budget are the manifest's call rates; nil: none.
	Budget *Budget
	// MaxRequests ends the run early with a tap.BudgetError; 0: no limit.
	MaxRequests int
	// MaxCredits ends the run early, before it would have spent more of the API's credits; 0: no limit.
	MaxCredits float64
	// MaxRetries is the number of tries after the first where the manifest does not say; nil: DefaultMaxRetries.
	MaxRetries *int
	// Prefetch bounds how many pages of one slice are asked for at a time; 1: one after the other, 0: as many as the stream says
	// and the read has slots for.
	Prefetch int
	// Cache keeps answers between runs; nil: none.
	Cache *DiskCache
	// ConnectTimeout and ReadTimeout bound the time until a connection stands and the silence before
	// the answer or between two parts of it; 0: DefaultConnectTimeout and DefaultReadTimeout.
	ConnectTimeout, ReadTimeout time.Duration
	// StrictJSON tries again when an answer that says it is JSON is not; the reference runtime takes it for an empty page.
	StrictJSON bool
	// UserAgent is sent with requests that do not set one; empty: DefaultUserAgent.
	UserAgent string
	// Secrets are kept out of errors and logs: the values of config keys that the specification marks as secret.
	Secrets []string
}

// DefaultUserAgent is what the reference runtime sends: there are APIs that answer by it, and a manifest was tried with it.
const DefaultUserAgent = "python-requests/2.34.2"

// The timeouts where nothing else is said. The reference runtime has none and would wait for ever.
const (
	DefaultConnectTimeout = 30 * time.Second
	DefaultReadTimeout    = 5 * time.Minute
)

// Client is what all exchanges of a run share: connections, limits, caches and secrets. It is safe for concurrent use.
type Client struct {
	rt       *Runtime
	settings Settings
	redact   *Redactor
	rate     *limiter
	pace     *pacer
	requests atomic.Int64
	credits  ledger
	// userAgent is the header's value, made once.
	userAgent []string
	kept      *runCache
	unzip     sync.Pool // of *unzipper
	memories  memories
}

// NewClient makes the client of a run and sets it in the runtime. A runtime without a Transport gets NewTransport's.
func NewClient(rt *Runtime, s Settings) *Client {
	if rt.Transport == nil {
		rt.Transport = NewTransport()
	}
	if s.ConnectTimeout == 0 {
		s.ConnectTimeout = DefaultConnectTimeout
	}
	if s.ReadTimeout == 0 {
		s.ReadTimeout = DefaultReadTimeout
	}
	if s.UserAgent == "" {
		s.UserAgent = DefaultUserAgent
	}
	c := &Client{rt: rt, settings: s, userAgent: []string{s.UserAgent}, redact: NewRedactor(s.Secrets...), kept: newRunCache()}
	c.unzip.New = newUnzipper
	c.pace = newPacer()
	c.credits.most = s.MaxCredits
	if s.Rate.Calls > 0 {
		c.rate = newLimiter([]Rate{s.Rate})
	}
	rt.Client = c
	return c
}

// ClientOf returns the runtime's client, made without limits when there is none yet. It is called while components are
// built, by one goroutine.
func ClientOf(rt *Runtime) *Client {
	if rt.Client == nil {
		NewClient(rt, Settings{})
	}
	return rt.Client
}

// SetBudget sets the manifest's call rates, before any request is made.
func (c *Client) SetBudget(b *Budget) { c.settings.Budget = b }

// Redactor keeps the run's secrets out of texts.
func (c *Client) Redactor() *Redactor { return c.redact }

// DefaultRetries is the number of tries after the first where the manifest does not say.
func (c *Client) DefaultRetries() int {
	return DefaultErrorHandler{Retries: c.settings.MaxRetries}.MaxRetries()
}

// MostRetries is the number of tries after the first where a reference runtime's component has no bound of its own: what the
// configuration sets, else as good as none.
func (c *Client) MostRetries() int {
	if c.settings.MaxRetries == nil {
		return math.MaxInt32
	}
	return *c.settings.MaxRetries
}

// Requests counts the requests that were sent, tries included.
func (c *Client) Requests() int { return int(c.requests.Load()) }

// Close drops what the run kept of answers and closes idle connections.
func (c *Client) Close() error {
	if t, ok := c.rt.Transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
	return c.kept.close()
}

// count counts one request, or refuses it when the run's limit is reached.
func (c *Client) count() error {
	n := c.requests.Add(1)
	if most := int64(c.settings.MaxRequests); most > 0 && n > most {
		c.requests.Add(-1)
		return &tap.BudgetError{Limit: "max_requests", Used: fmt.Sprintf("%d requests", most)}
	}
	return nil
}

// now is the time on the wall, which moves on while the run's own clock may stand still.
func (c *Client) now() time.Time {
	if c.rt.Wall != nil {
		return c.rt.Wall()
	}
	return time.Now()
}

// noticeEvery is how often a wait is told of while it lasts.
const noticeEvery = 30 * time.Second

// quietWait is what a limit may hold back a request for without a word.
const quietWait = 2 * time.Second

// wait sleeps and tells why: at once and every noticeEvery while it lasts.
func (c *Client) wait(ctx context.Context, stream, reason string, d time.Duration) error {
	for d > 0 {
		if c.rt.Waiting != nil {
			c.rt.Waiting(stream, reason, d)
		}
		part := min(d, noticeEvery)
		if err := c.sleep(ctx, part); err != nil {
			return err
		}
		d -= part
	}
	return ctx.Err()
}

// waitQuietly is wait without a word where it is short.
func (c *Client) waitQuietly(ctx context.Context, stream, reason string, d time.Duration) error {
	if d < quietWait {
		return c.sleep(ctx, d)
	}
	return c.wait(ctx, stream, reason, d)
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.rt.Sleep != nil {
		return c.rt.Sleep(ctx, d)
	}
	return Sleep(ctx, d)
}

// Sleep waits in real time; it returns early with ctx's error.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
