package tap

import (
	"context"
	"log/slog"
	"time"

	"anytap/internal/value"
)

// Connector is a system before its configuration is known: the built-in ones together, or one manifest.
type Connector struct {
	Name        string // e.g. "anytap", or the manifest's own name
	Description string // one sentence for people
	Spec        func() (*Spec, error)
	// Open compiles the source for a configuration. It makes no request. Its errors are *Error of kind
	// Config where the user can mend them, and name file, field and what was expected.
	Open func(ctx context.Context, config *value.Dict, e Environment) (*Source, error)
}

// Spec says what a configuration may hold.
type Spec struct {
	Connection       *value.Dict // JSON Schema of the configuration
	DocumentationURL string      // empty: none
	AdvancedAuth     *value.Dict // Airbyte's advanced_auth; nil: none
}

// Environment is what a run offers to the source that it opens.
type Environment struct {
	Now func() time.Time
	Log *slog.Logger
	// Discovering says that only the catalog is wanted: a configuration that lacks what only requests need is accepted.
	Discovering bool
	// Report is told of an error that a later try may still mend, and that the user should see all the same.
	Report func(stream string, err error)
	// Configured gives the JSON schema under which the catalog of a read asks for a stream; nil: there is no catalog.
	Configured func(stream string) *value.Dict
	// ConfigFile names the configuration in error messages.
	ConfigFile string
	// ConfigChanged stores a configuration that the run itself changed (a rotated refresh token, a migration).
	ConfigChanged func(*value.Dict) error
	// Waiting is told, at once and then every 30 s, for which stream (empty: all), why and how much longer a request waits.
	Waiting func(stream, reason string, d time.Duration)
	// RateLimited is told of each answer that the system gives because it was asked too much. stream may also name
	// what no catalog has: a parent, a login, one of the jobs of a stream.
	RateLimited func(stream string)
}
