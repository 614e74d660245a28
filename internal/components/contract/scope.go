package contract

import (
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
)

// Scope is what a component tells those below it while they are being built. The compiler hands it
// down by value: a component changes its own copy and builds its children with that.
type Scope struct {
	// Stream is the name of the stream that is being built, for names, logs and schema files.
	Stream string
	// PrimaryKey are the stream's key paths, as tap.Stream has them.
	PrimaryKey [][]string
	// CursorField is the path of the stream's cursor field; empty: none.
	CursorField []string
	// URLBase gives the requester's base address (url, else url_base): what relative next links and
	// the authenticators' own requests start from. Nil outside a retriever.
	URLBase func(*jinja.Env) (string, error)
	// Decoder is the retriever's decoder, for components that look into answers (paginators, authenticators); nil: JSON.
	Decoder rest.Decoder
	// Looks are the paths below `response` that the paginator's templates read. Where they are known and
	// none leads to the records, large answers are not held in memory; nil: unknown.
	Looks [][]string
	// Transformations are the stream's; its record selector applies them.
	Transformations []Transformer
	// Schema finds the schema that the record selector casts values by; nil: none.
	Schema SchemaLoader
	// ClientSide says that the stream is_client_side_incremental: its selector transforms before it filters
	// unless the manifest says otherwise.
	ClientSide bool
	// Upload fetches the file that a record stands for; nil: records are no files.
	Upload Uploader
	// UseCache makes requesters below keep answers for the run, whatever they say themselves (parent
	// streams, endpoints that many slices ask).
	UseCache bool
	// NoStore keeps answers out of the cache between runs, because they hold secrets: set by authenticators for the
	// requesters that log in for them.
	NoStore bool
	// AnyStatus makes requesters below give answers with an error status, where they are accepted or ignored, to those who
	// read something of them all the same (the state of a job, a file).
	AnyStatus bool
	// NoPages says that requests below are for something without pages, such as "a login". Their error handlers then refuse
	// the actions that only the pages of a stream can carry out. Empty: they are for pages.
	NoPages string
	// Sync is the stream's incremental_sync; nil: none. The retriever lets it add to requests and follows its DataFeed.
	Sync IncrementalSync
	// RequestTimeout is the silence after which a try of the stream's requests has failed (x-anytap); 0: as the requester says.
	RequestTimeout time.Duration
	// Pages are the stream's settings of the page loop (x-anytap).
	Pages paging.Settings
	// FileUploader says that a file is downloaded with each record, which some retriever settings do not go with.
	FileUploader bool
}
