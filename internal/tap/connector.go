package tap

import (
	"context"
	"log/slog"
	"time"

	"anytap/internal/value"
)

// Connector is a system before its configuration is known: the built-in ones together, or one
// manifest.
type Connector struct {
	Name        string // e.g. "anytap", or the manifest's own name
	Description string // one sentence for people
	Spec        func() (*Spec, error)
	// Open compiles the source for a configuration. It makes no request. Where the user can mend
	// what is wrong, the error is an *Error of kind Config that names the file, the field, and what
	// was expected.
	Open func(ctx context.Context, config *value.Dict, e Environment) (*Source, error)
}

// Spec says what a configuration may hold.
type Spec struct {
	Connection       *value.Dict // JSON Schema of the configuration
	DocumentationURL string      // empty: none
	AdvancedAuth     *value.Dict // Airbyte's advanced_auth; nil: none
}

// Environment is what a run gives to the source that it opens.
type Environment struct {
	Now func() time.Time
	Log *slog.Logger
	// Discovering means that only the catalog is wanted. The configuration may then lack what only
	// requests need.
	Discovering bool
	// Report is told of an error that will be tried again and that the user should see
	// nevertheless.
	Report func(stream string, err error)
	// Configured returns the JSON schema that the configured catalog has for a stream; nil where it
	// has none. The function is nil where there is no catalog.
	Configured func(stream string) *value.Dict
	// ConfigFile names the configuration in error messages.
	ConfigFile string
	// Secrets are texts of the configuration that are secret wherever they stand, by names for
	// them.
	Secrets map[string]string
	// ConfigChanged stores a configuration that the run itself changed (a rotated refresh token, a
	// migration).
	ConfigChanged func(*value.Dict) error
	// KeepConfig makes sure that ConfigChanged can store settings, before the run uses a token
	// that works only once. free gives up what is not needed after all; nil: nothing has to be
	// made sure.
	KeepConfig func(settings []string) (free func(), err error)
	// Waiting is told which stream waits (empty: all of them), why, and for how much longer: when a
	// wait begins, and every 30 s after.
	Waiting func(stream, reason string, d time.Duration)
	// RateLimited is told of each answer that says that a rate limit was hit. stream may also name
	// something that no catalog has: a parent, a login, a job of a stream.
	RateLimited func(stream string)
	// Asking is told of each request before it is sent, and keeps it back with an error; nil: all
	// are sent.
	Asking func(Asked) error
	// Exchanged is told of each request once its answer is judged, by several goroutines at once;
	// nil: nobody asks.
	Exchanged func(Exchange)
	// Expected is told how many records a slice of a stream has, where an answer says it, by
	// several goroutines at once; nil: nobody asks. It is what the API says, which may be wrong.
	Expected func(stream string, records int64)
	// Paged is told how a stream's list comes where the configuration leaves that to be found, by
	// several goroutines at once; nil: nobody asks.
	Paged func(stream string, p Paging)
}

// Paging is how a list comes, as it was found by looking at its answers.
type Paging struct {
	// Records are the names that lead to the records in an answer; none where it is the list.
	Records []string
	// Pagination is as a stream's configuration states it; nil: the list is one page.
	Pagination *value.Dict
}

// Exchange is a request and what came of it.
type Exchange struct {
	// Stream asks for it. As with RateLimited, it may be something that no catalog has.
	Stream string
	Method string
	// Address gives the address that was asked for, without secrets.
	Address func() string
	Status  int    // 0: no answer came
	Fault   string // why none came, without secrets; empty: one did
	Try     int    // of the same request, from 1
	Verdict string // what is done about the answer, e.g. SUCCESS or RETRY
	Took    time.Duration
	Bytes   int // of a body that was read whole, decompressed; -1: it arrives while it is read
}

// Source is one configured system.
type Source struct {
	// Name is the name of the system. It is written into positions, so that those of one system are
	// not taken for another's.
	Name string
	// Check finds out whether the system can be read with this configuration. What the system
	// answered is in the Availability. An error means that it could not be asked: the manifest, the
	// program, or (kind Config) the configuration is wrong.
	Check func(context.Context) (Availability, error)
	// Streams lists what can be read. It may ask the API, where streams are made at run time.
	Streams func(context.Context) ([]*Stream, error)
	// Settings are those that the configuration or the manifest makes. The front end sets Source,
	// Now and Log.
	Settings ReadSettings
	// Hide takes what is secret out of a message: texts of the configuration, and tokens that were
	// fetched since; nil: nothing is secret.
	Hide func(text string) string
	// Close frees what the source holds; nil: nothing.
	Close func() error
}

// Availability is the outcome of a check.
type Availability struct {
	OK     bool
	Reason string // why not, for the user; without secrets
}
