// Package resttest stands in for APIs, clocks and transports in the tests of what reads over HTTP.
package resttest

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// Start is where a Clock begins.
var Start = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// Clock is a rest.Clock for tests: it only goes on when somebody sleeps on it, and then at once.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

// NewClock makes a Clock at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Wall is the same as Now.
func (c *Clock) Wall() time.Time { return c.Now() }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on by d and remembers it.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.now = c.now.Add(d)
		c.sleeps = append(c.sleeps, d)
	}
	return nil
}

// Sleeps lists what was slept.
func (c *Clock) Sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.sleeps...)
}

// Slept is the sum of Sleeps.
func (c *Clock) Slept() time.Duration {
	var sum time.Duration
	for _, d := range c.Sleeps() {
		sum += d
	}
	return sum
}

// Runtime makes a runtime that asks transport, on clock, without a log.
func Runtime(transport http.RoundTripper, clock *Clock) *rest.Runtime {
	return &rest.Runtime{
		Config:    value.NewDict(0),
		Clock:     clock,
		Log:       slog.New(slog.DiscardHandler),
		Transport: transport,
	}
}
