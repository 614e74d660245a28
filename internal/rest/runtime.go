package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Runtime is what all components of one run share. Builders get it as a service of the compiler.
type Runtime struct {
	Config   *value.Dict
	Settings Settings
	// Clock tells the time; nil: the machine's does.
	Clock Clock
	// Log is the run's; nil: nothing is logged.
	Log *slog.Logger
	// Transport sends requests; one for the whole run, so that connections are kept.
	Transport http.RoundTripper
	// ConfigChanged is told of a configuration that the run itself changed (a rotated refresh
	// token, a migration), so that the front end stores it; it is called with the whole
	// configuration.
	ConfigChanged func(*value.Dict) error
	// KeepConfig makes sure that ConfigChanged can store settings: see tap.Environment.
	KeepConfig func(settings []string) (free func(), err error)
	// Waiting is told why and how long a request waits, for heartbeat logs and rate-limit statuses;
	// nil: nobody is.
	Waiting func(stream, reason string, d time.Duration)
	// RateLimited is told of each answer with the verdict RATE_LIMITED before the wait, for the
	// stream's status; nil: nobody is.
	RateLimited func(stream string)
	// Asking is told of each request before it is sent, and keeps it back with an error: see
	// tap.Environment.
	Asking func(tap.Asked) error
	// Exchanged is told of each request once its answer is judged; nil: nobody is. It must be safe
	// for concurrent use.
	Exchanged func(tap.Exchange)
	// Expected is told how many records a slice of a stream has, where an answer says it; nil:
	// nobody is. It must be safe for concurrent use.
	Expected func(stream string, records int64)
	// Paged is told how a stream's list comes: see tap.Environment.
	Paged func(stream string, p tap.Paging)
	// Report is told of an error that does not end its stream by itself, such as a job that could
	// not be created and is created anew: the reference runtime writes a trace message of it; nil:
	// it is only logged.
	Report func(stream string, err error)
	// ReadFile reads a file that the manifest names. Its error is fs.ErrNotExist where there is no
	// such file. nil: from the disk.
	ReadFile func(path string) ([]byte, error)
}

// Now is what the run takes as now; see Clock.
func (rt *Runtime) Now() time.Time { return rt.clock().Now() }

// Wall is the time by which waits and limits are measured; see Clock.
func (rt *Runtime) Wall() time.Time { return rt.clock().Wall() }

// Sleep waits; it returns early with ctx's error. See Clock.
func (rt *Runtime) Sleep(ctx context.Context, d time.Duration) error { return rt.clock().Sleep(ctx, d) }

func (rt *Runtime) clock() Clock {
	if rt.Clock == nil {
		return MachineClock{}
	}
	return rt.Clock
}

// Logger is Log, or one that drops everything.
func (rt *Runtime) Logger() *slog.Logger {
	if rt.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return rt.Log
}
