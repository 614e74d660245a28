package rest

import (
	"errors"
	"time"

	"anytap/internal/tap"
)

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
	// EndOfList is anytap's own: the answer says that there are no more pages. It has no records.
	EndOfList Action = "END"
)

// ActionError carries a verdict that only the page loop can carry out.
type ActionError struct {
	Action  Action // ResetPagination, ReducePageSize, SplitRequestWindow or EndOfList
	Kind    tap.Kind
	Message string
}

// Error tells the action and the API's message.
func (e *ActionError) Error() string { return string(e.Action) + ": " + e.Message }

// Verdict is what an error handler decides about one answer.
type Verdict struct {
	Action Action
	// Kind is the failure's kind if the stream ends because of it; empty for Success.
	Kind tap.Kind
	// Message is the manifest's own for the user; empty: none, the answer speaks for itself.
	Message string
	// EmptyPage says, with Ignore, that the answer counts as a page without records, whatever its
	// status and its body are. Without it an ignored error ends the slice, and an ignored success
	// has its records.
	EmptyPage bool
}

// ErrorHandler judges answers. It holds no state of one request and is used by many goroutines at
// once.
type ErrorHandler interface {
	// Judge decides about an answer or a failed exchange (Answer.Err). An error means that no
	// verdict could be found (a broken template) and ends the stream.
	Judge(*Answer) (Verdict, error)
	// Backoff is how long to wait before the next try; attempt is the number of tries made, from 1.
	// Zero: the handler has no opinion. An error ends the stream.
	Backoff(a *Answer, attempt int) (time.Duration, error)
	// MaxRetries is the number of tries after the first. set says that somebody wrote it: then it
	// is also the bound for refusals (429) that do not say for how long they are, which are
	// otherwise tried for a minute.
	MaxRetries() (most int, set bool)
	// MaxTime is how long after the first try another one may begin.
	MaxTime() time.Duration
}

// The defaults of the reference runtime for tries after the first.
const (
	DefaultMaxRetries = 5
	DefaultMaxTime    = 10 * time.Minute
)

// DefaultErrorHandler judges by the default table and has no opinion on waits.
type DefaultErrorHandler struct {
	// Retries is MaxRetries; nil: DefaultMaxRetries.
	Retries *int
}

// Judge is DefaultVerdict.
func (DefaultErrorHandler) Judge(a *Answer) (Verdict, error) { return DefaultVerdict(a), nil }

// Backoff has no opinion.
func (DefaultErrorHandler) Backoff(*Answer, int) (time.Duration, error) { return 0, nil }

// MaxRetries is Retries.
func (h DefaultErrorHandler) MaxRetries() (most int, set bool) {
	if h.Retries == nil {
		return DefaultMaxRetries, false
	}
	return *h.Retries, true
}

// MaxTime is DefaultMaxTime.
func (DefaultErrorHandler) MaxTime() time.Duration { return DefaultMaxTime }

var _ ErrorHandler = DefaultErrorHandler{}

// byStatus is the default table: what is done about a status that no filter names. The actions and
// kinds are the reference runtime's.
var byStatus = map[int]Verdict{
	400: {Action: Fail, Kind: tap.System},
	401: {Action: Fail, Kind: tap.Config},
	403: {Action: Fail, Kind: tap.Config},
	404: {Action: Fail, Kind: tap.System},
	405: {Action: Fail, Kind: tap.System},
	408: {Action: Retry, Kind: tap.Transient},
	429: {Action: RateLimited, Kind: tap.Transient},
	500: {Action: Retry, Kind: tap.Transient},
	502: {Action: Retry, Kind: tap.Transient},
	503: {Action: Retry, Kind: tap.Transient},
	504: {Action: Retry, Kind: tap.Transient},
}

// TableVerdict is the default table's verdict on a status; ok is false where the table has none.
func TableVerdict(status int) (v Verdict, ok bool) {
	v, ok = byStatus[status]
	return v, ok
}

// DefaultVerdict judges without filters: below 400 is success, the rest by the default table, and
// what the table does not know is tried again.
func DefaultVerdict(a *Answer) Verdict {
	if a.Err != nil {
		return faultVerdict(a.Err)
	}
	if a.OK() {
		return Verdict{Action: Success}
	}
	if v, ok := byStatus[a.Status]; ok {
		return v
	}
	return Verdict{Action: Retry, Kind: tap.System}
}

// faultVerdict follows the reference runtime: an address with another scheme can not become better,
// nor can a proxy, a redirect or a host that is refused, nor an answer that is too large;
// everything else may.
func faultVerdict(err error) Verdict {
	fault, ok := errors.AsType[*Fault](err)
	switch {
	case !ok:
		return Verdict{Action: Retry, Kind: tap.System}
	case fault.Kind == BadScheme, fault.Kind == BadProxy, fault.Kind == Foreign, fault.Kind == OutOfReach:
		return Verdict{Action: Fail, Kind: tap.Config}
	case fault.Kind == TooLarge:
		return Verdict{Action: Fail, Kind: tap.System}
	case fault.Kind == BadURL:
		return Verdict{Action: Retry, Kind: tap.Transient}
	default:
		return Verdict{Action: Retry, Kind: tap.System}
	}
}
