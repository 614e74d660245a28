package contract

import (
	"context"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Transformer changes a record in place. It is stateless and used by many goroutines at once. An error
// ends the stream.
type Transformer interface {
	// Bind makes the change with the variables of one page: env holds config, and stream_slice where
	// there is one, but no record. The function belongs to one goroutine.
	Bind(env *jinja.Env) func(record *value.Dict) error
	// Touches names the members of a record that are read or set. all says that it may be any.
	Touches() (names []string, all bool)
}

// Filter says which records stay. It is stateless and used by many goroutines at once.
type Filter interface {
	// Bind makes the test with the variables of one page, which hold no record. The function belongs to one goroutine.
	Bind(env *jinja.Env) func(record *value.Dict) (bool, error)
}

// SchemaLoader finds a stream's JSON schema.
type SchemaLoader interface {
	// Schema gives the schema; it may ask the API. An empty dict stands for no schema. The result is
	// shared and must not be changed.
	Schema(context.Context) (*value.Dict, error)
}

// Uploader fetches the file that a record stands for. It is used by many goroutines at once.
type Uploader interface {
	// Upload stores the record's file and sets its File.
	Upload(ctx context.Context, record *tap.Record, p *rest.PageRequest) error
}
