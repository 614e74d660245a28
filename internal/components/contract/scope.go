package contract

import (
	"sync/atomic"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
)

// Scope is what a component tells the components below it while they are built. It is a value: a
// component changes a copy, and builds its parts with that (manifest.With). Outside of a stream it
// is empty.
type Scope struct {
	// Stream is the name of the stream, for messages, logs and schema files.
	Stream string
	// PrimaryKey is the stream's; see tap.Stream.
	PrimaryKey [][]string
	// URLBase evaluates the requester's base address (url, else url_base), for relative next links
	// and for the requests of authenticators. The requester sets it; nil: there is no requester.
	URLBase func(*jinja.Env) (string, error)
	// Decoder is the retriever's, for components that look into answers (paginators,
	// authenticators); nil: JSON.
	Decoder rest.Decoder
	// Looks are the paths below response that the paginator's templates read; nil: not known. If
	// none leads to the records, large answers are not held in memory.
	Looks [][]string
	// Transformations are the stream's, which its record selector applies.
	Transformations []Transformer
	// Schema loads the schema to which the record selector casts values; nil: there is none.
	Schema SchemaLoader
	// ClientSide says that the stream is_client_side_incremental. Then the record selector
	// transforms before it filters, unless the manifest says otherwise.
	ClientSide bool
	// Upload is the stream's file_uploader; nil: there is none. Some settings of retrievers do not
	// go with one.
	Upload Uploader
	// UseCache makes requesters keep their answers for the run, unless they have a use_cache of
	// their own. It is set for parent streams, and for endpoints that many slices ask.
	UseCache bool
	// NoStore keeps answers out of the cache between runs. Authenticators set it for the requesters
	// that log in, since their answers have secrets.
	NoStore bool
	// AnyStatus makes requesters return answers with an error status too, if the error handler
	// accepts or ignores them. It is set where such an answer is read all the same: the state of a
	// job, a file.
	AnyStatus bool
	// NoPages says what requests below are for if it has no pages, such as "a login". Their error
	// handlers then refuse the actions that only the pages of a stream can carry out. Empty: they
	// are for pages.
	NoPages string
	// Sync is the stream's incremental_sync; nil: there is none.
	Sync IncrementalSync
	// RequestTimeout is how long a request may be silent before it fails (x-anytap); 0: as the
	// requester says.
	RequestTimeout time.Duration
	// Pattern is the stream's; see tap.Stream.
	Pattern *atomic.Pointer[rawjson.Pattern]
	// Rows says how records are made of what is no object (x-anytap).
	Rows Rows
	// Pages are the stream's settings of the page loop (x-anytap).
	Pages paging.Settings
}
