package exchange

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/tap"
)

// Client is what all exchanges of a run share: connections, limits, caches and secrets. It is safe
// for concurrent use.
type Client struct {
	rt       *rest.Runtime
	bare     http.RoundTripper // sends what carries no credentials
	identity string            // of the client certificate; empty: there is none
	settings rest.Settings
	redact   *redact.Redactor
	rate     *limiter
	pace     *pacer
	budget   *Budget    // nil: no call rates
	cache    *DiskCache // nil: none
	requests atomic.Int64
	// userAgent is the header's value, made once.
	userAgent []string
	kept      *runCache
	handover  handover
	unzip     sync.Pool // of *unzipper
	memories  memories
	trusted   []TrustedHost
	origins   sync.Map // of the configuration's addresses: origin to true
	warned    sync.Map // hosts that it was said of that credentials do not go there: origin to true
}

// NewClient makes the client of a run, under the runtime's Settings. A runtime without a Transport
// gets NewTransport's.
func NewClient(rt *rest.Runtime) *Client {
	if rt.Transport == nil {
		rt.Transport = NewTransport()
	}
	s := rt.Settings
	s.ConnectTimeout = cmp.Or(s.ConnectTimeout, rest.DefaultConnectTimeout)
	s.ReadTimeout = cmp.Or(s.ReadTimeout, rest.DefaultReadTimeout)
	s.MinSpeed = cmp.Or(s.MinSpeed, rest.DefaultMinSpeed)
	s.UserAgent = cmp.Or(s.UserAgent, rest.DefaultUserAgent)
	c := &Client{rt: rt, settings: s, userAgent: []string{s.UserAgent}, redact: redact.New(s.Secrets...), kept: newRunCache()}
	c.bare = rt.Transport
	if t, ok := rt.Transport.(*Transport); ok && t.bare != nil {
		c.bare, c.identity = t.bare, t.identity
	}
	c.unzip.New = newUnzipper
	c.pace = newPacer()
	for i, name := range s.SecretNames {
		c.redact.Name(name, s.Secrets[i])
	}
	for _, host := range s.TrustedHosts {
		if h, err := ParseTrustedHost(host); err == nil {
			c.trusted = append(c.trusted, h)
		}
	}
	if s.Rate.Calls > 0 {
		c.rate = newLimiter([]rest.Rate{s.Rate})
	}
	return c
}

// SetBudget sets the manifest's call rates, before any request is made.
func (c *Client) SetBudget(b *Budget) { c.budget = b }

// SetCache sets what keeps answers between runs, before any request is made.
func (c *Client) SetCache(d *DiskCache) { c.cache = d }

// KeepsAnswers reports whether answers are kept between runs.
func (c *Client) KeepsAnswers() bool { return c.cache != nil }

// Redactor keeps the run's secrets out of texts.
func (c *Client) Redactor() *redact.Redactor { return c.redact }

// TokenRetries is the number of tries after the first for a request to a token endpoint.
func (c *Client) TokenRetries() int {
	if c.settings.MaxRetries != nil {
		return *c.settings.MaxRetries
	}
	return cmp.Or(c.settings.TokenRetries, math.MaxInt32)
}

// Requests counts the requests that were sent, tries included.
func (c *Client) Requests() int { return int(c.requests.Load()) }

// Close drops what the run kept of answers and closes idle connections.
func (c *Client) Close() error {
	if t, ok := c.rt.Transport.(*Transport); ok {
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

// noticeEvery is how often Runtime.Waiting is told while a wait lasts.
const noticeEvery = 30 * time.Second

// quietWait is the longest wait for a limit that Runtime.Waiting is not told of.
const quietWait = 2 * time.Second

// longestWait is how long a run waits at most, whoever asks for it.
const longestWait = 25 * time.Hour

// wait sleeps and tells why: at once and every noticeEvery while it lasts. A wait for longer than
// longestWait is an error instead.
func (c *Client) wait(ctx context.Context, stream, reason string, d time.Duration) error {
	if d > longestWait {
		return tap.Errorf(tap.Transient, "a wait until %s is asked for (%s), and no run waits longer than %s: run again then",
			c.Wall().Add(d).UTC().Format(time.RFC3339), reason, longestWait)
	}
	for d > 0 {
		if c.rt.Waiting != nil {
			c.rt.Waiting(stream, reason, d)
		}
		part := min(d, noticeEvery)
		if err := c.rt.Sleep(ctx, part); err != nil {
			return err
		}
		d -= part
	}
	return ctx.Err()
}

// waitQuietly is wait, but tells nobody of a short wait.
func (c *Client) waitQuietly(ctx context.Context, stream, reason string, d time.Duration) error {
	if d < quietWait {
		return c.rt.Sleep(ctx, d)
	}
	return c.wait(ctx, stream, reason, d)
}

// Rated reports whether the run's requests are held to a rate.
func (c *Client) Rated() bool {
	return c.settings.Rate.Calls > 0 || c.budget != nil
}

// Strained reports whether requests are counted, or the API says that few are left.
func (c *Client) Strained() bool {
	return c.settings.MaxRequests > 0 || c.settings.MaxCredits > 0 || c.pace.strained(c.Wall())
}

// Wait sleeps on the run's clock of waits. Unless the wait is short it tells why: at once and every
// 30 s while it lasts. It returns early with ctx's error.
func (c *Client) Wait(ctx context.Context, stream, reason string, d time.Duration) error {
	return c.waitQuietly(ctx, stream, c.redact.Text(reason), d)
}

// Wall is the time on the run's clock of waits, which goes on while the run's own clock may stand
// still.
func (c *Client) Wall() time.Time { return c.rt.Wall() }
