package contract

import (
	"context"

	"anytap/internal/value"
)

// SchemaLoader finds the JSON schema of a stream's records. The components of package schemaloader
// build it, and the stream keeps what the loader found.
type SchemaLoader interface {
	// Schema returns the schema. It may ask the API. An empty dict means that there is no schema.
	// The result is shared and must not be changed. It is called for the catalog and before the
	// first page of a read, until it succeeds; an error fails the catalog, or the read of the
	// stream.
	Schema(context.Context) (*value.Dict, error)
}
