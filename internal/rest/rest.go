package rest

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// PageRequest is what one page is asked with: the variables of its templates and injections.
type PageRequest struct {
	Slice *tap.Slice
	// Token is the page's token as the paginator made it; nil on the first page where there is no first token.
	Token any
	// PageSize overrides the paginator's page size; 0: no override.
	PageSize int
	// Properties are the query properties of this chunk; nil: none.
	Properties []string
	// Keep is the cursor's test whether a record lies inside its bounds; nil: all do.
	Keep func(*tap.Slice, *value.Dict) bool
	// Env holds config, stream_slice (and its aliases) and next_page_token for templates.
	Env *jinja.Env
}

// Options are the parts of a request that components fill. A nil Dict is an empty one.
type Options struct {
	Params  *value.Dict // query parameters; a list value repeats its parameter
	Headers *value.Dict
	Form    *value.Dict // form fields (request_body_data as a mapping)
	Text    string      // a body as it is (request_body_data as text)
	JSON    *value.Dict // request_body_json
	// Mark is an authenticator's own note on what it signed, for Observe and Spare. It is not sent.
	Mark any
}

// Injector adds to a request's options: a partition router, a cursor, a paginator's size and token, an authenticator.
// Two injectors that write one key are a collision, reported by Merge.
type Injector interface {
	Inject(*Options, *PageRequest) error
}

// Requester performs one page's exchange with everything around it: options, signing, limits, verdict, retries, cache.
type Requester interface {
	// Send asks for the page. path, if not empty, replaces the requester's own path (a whole address is
	// taken as it is). extra is merged into the requester's own options. A nil Response without an
	// error means that the error handler ignored the answer: no records, no next page.
	// Errors are *tap.Error, or *ActionError where the verdict is for the page loop.
	Send(ctx context.Context, p *PageRequest, path string, extra *Options) (*Response, error)
}

// Response is an accepted answer. Body is read at most once, by the decoder,
// through Bytes (held, for the small) or Reader (streamed).
type Response struct {
	Status int
	Header http.Header
	URL    string // as sent, after redirects, without secrets
	// Body is the decompressed body. Close it.
	Body io.ReadCloser
	// AsSent says that the body is no gzip although its Content-Encoding says so. It is told to decoders that
	// stream; for others such an answer is broken and asked for again.
	AsSent bool
	// Release, if not nil, gives the memory of the body and of the records made of it back. It is called once,
	// when neither is used any more; who may still hold one does not call it.
	Release func()
	// Extracted counts the records that the extractor found, before any filter; -1: not counted.
	Extracted int
	// Value gives what templates know as `response`: set by the decoder; nil before.
	Value func() (any, error)
	// FromCache says that no request was made for it.
	FromCache bool

	request *request // that brought it; nil: not known
	pledged float64  // credits that were set aside for it and are not settled yet
	held    []byte
	isHeld  bool
}

// Authenticator signs requests.
type Authenticator interface {
	// Sign adds headers, parameters or body fields to the options; it may fetch or refresh a token first.
	// It is called for each try. Errors never hold secrets.
	Sign(ctx context.Context, o *Options) error
	// Refresh forces a new token after the API refused the present one (REFRESH_TOKEN_THEN_RETRY). It
	// returns ErrNoRefresh where there is nothing to refresh. An error of kind Config means that
	// the credentials themselves were refused; any other may pass.
	Refresh(ctx context.Context) error
}

// ErrNoRefresh is returned by the Refresh of an authenticator that has nothing to refresh.
var ErrNoRefresh = errors.New("the authenticator has no token to refresh")

// Observer is an Authenticator that wants to see what came of the requests it signed (a quota per
// token). It is called for each answer that the API gave; signed is what its Sign had added.
type Observer interface {
	Observe(signed *Options, a *Answer)
}

// Rotator is an Authenticator with several credentials: Spare says whether a request signed now would use another
// one than signed did, so that a rate limit need not be waited for.
type Rotator interface {
	Spare(signed *Options) bool
}

// Paginator finds the next page. It holds no state: all slices share it.
type Paginator interface {
	// First is the token of a slice's first page; nil: none is sent.
	First() (any, error)
	// Inject adds token and page size to the request.
	Inject(*Options, *PageRequest) error
	// Path is the address that the token stands for; empty: the requester's own.
	Path(*PageRequest) (string, error)
	// Next gives the next page's token, nil when this page is the last. size counts the page's records
	// after filters (as the reference runtime does; Response.Extracted counts before), last is the last of them (nil: none).
	Next(r *Response, size int, last *value.Dict, p *PageRequest) (any, error)
	// PageSize is the size asked for; 0: none.
	PageSize() (int, error)
	// Kind says what tokens are, for positions.
	Kind() state.Kind
	// Sequential paginators derive the next token from the present one alone (page numbers, offsets), so that pages can be asked for ahead:
	// Ahead gives the token that follows a full page, or nil where only the answer can tell.
	Ahead(token any) any
}

// Decoder turns a body into values.
type Decoder interface {
	// Decode yields the values of the body: one for JSON, one a line for JSONL, one a row for CSV.
	// An error is yielded last.
	Decode(r *Response) iter.Seq2[any, error]
	// Streams says that bodies should not be held in memory whole.
	Streams() bool
}

// Selector makes records of a response: decode, extract, filter, transform, normalise.
type Selector interface {
	// Select yields the response's records in order, in batches: one for a body that is held, several for
	// one that is streamed. An empty batch says that nothing more has come for a while. What could be made before an error is yielded with or before it. It sets r.Extracted at the end.
	Select(ctx context.Context, r *Response, p *PageRequest) iter.Seq2[[]tap.Record, error]
}

// Action is what an error handler decides.
type Action string

// The actions, by the names that manifests use.
const (
	Success              Action = "SUCCESS"
	Retry                Action = "RETRY"
	Fail                 Action = "FAIL"
	Ignore               Action = "IGNORE"
	RateLimited          Action = "RATE_LIMITED"
	ResetPagination      Action = "RESET_PAGINATION"
	RefreshTokenAndRetry Action = "REFRESH_TOKEN_THEN_RETRY"
	ReducePageSize       Action = "REDUCE_PAGE_SIZE"
	SplitRequestWindow   Action = "SPLIT_REQUEST_WINDOW"
)

// ActionError carries a verdict that only the page loop can carry out.
type ActionError struct {
	Action  Action // ResetPagination, ReducePageSize or SplitRequestWindow
	Kind    tap.Kind
	Message string
}

// Error tells the action and the API's message.
func (e *ActionError) Error() string { return string(e.Action) + ": " + e.Message }

// Runtime is what all components of one run share. Package manifest hands it to builders as a service.
type Runtime struct {
	Config *value.Dict
	// Now is what the run takes as now: what templates and windows see. It may stand still.
	Now func() time.Time
	// Wall and Sleep are the clock of waits and limits, which goes on; nil: the machine's. Sleep returns early with ctx's error.
	Wall  func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger
	// Transport sends requests; one for the whole run, so that connections are kept.
	Transport http.RoundTripper
	// ConfigChanged is told of a configuration that the run itself changed (a rotated refresh token, a
	// migration), so that the front end stores it; it is called with the whole configuration.
	ConfigChanged func(*value.Dict) error
	// Waiting is told why and how long a request waits, for heartbeat logs and rate-limit statuses.
	Waiting func(stream, reason string, d time.Duration)
	// RateLimited is told, before the wait, of each answer that was taken for RATE_LIMITED, for the stream's status; nil: nobody is.
	RateLimited func(stream string)
	// Report is told of an error that does not end its stream by itself, such as a job that could not be created and
	// is created anew: the reference runtime writes a trace message of it; nil: it is only logged.
	Report func(stream string, err error)
	// ReadFile reads a file that the manifest names, an error being fs.ErrNotExist's where there is none; nil: from the disk.
	ReadFile func(path string) ([]byte, error)
	// Client is shared by all exchanges of the run; nil until NewClient or ClientOf made it.
	Client *Client
}
