package contract

import (
	"context"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Transformer is a compiled transformation: it changes a record in place. The components of package
// transformation build it. The record selector applies the stream's transformations in order. It is
// shared by all reads, and keeps nothing between records.
type Transformer interface {
	// Bind returns the change for the records of one page. env has the page's variables: config,
	// and stream_slice if there is one, but no record. The selector calls it once for each page,
	// and the function from one goroutine, once for each record. An error ends the stream.
	Bind(env *jinja.Env) func(record *value.Dict) error
	// Touches names the members of a record that the change reads or sets; all means that it may be
	// any. The selector calls it once, while it is built, to decide when a record is searched for
	// members and when it is opened whole.
	Touches() (names []string, all bool)
}

// Filter is a compiled RecordFilter: it says which records stay. The record selector and the schema
// loaders use it, in the same way as a Transformer.
type Filter interface {
	// Bind returns the test for the records of one page; see Transformer. An error ends the stream.
	Bind(env *jinja.Env) func(record *value.Dict) (bool, error)
}

// Uploader is a compiled file_uploader: it downloads the file that a record stands for. It is
// shared by all reads.
type Uploader interface {
	// Upload stores the file and sets the record's File. The record selector calls it once for each
	// record that it gives, from many goroutines at once. An error ends the stream.
	Upload(ctx context.Context, record *tap.Record, p *rest.PageRequest) error
}
