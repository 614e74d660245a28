package errorhandler

import (
	"time"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// CompositeDefinition configures an error handler that asks several others in turn.
//
//	type: CompositeErrorHandler
//	error_handlers: [{type: DefaultErrorHandler, …}, {type: DefaultErrorHandler, …}]
type CompositeDefinition struct {
	Handlers []*manifest.Node `manifest:"error_handlers,required,of=CompositeErrorHandler|DefaultErrorHandler|CustomErrorHandler" doc:"Asked in turn; max_retries is the first one's."`
}

// BuildComposite builds a CompositeErrorHandler.
func BuildComposite(c *manifest.Compiler, n *manifest.Node) (*Composite, error) {
	var def CompositeDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Handlers) == 0 {
		return nil, n.Problem("error_handlers is empty, expected at least one error handler")
	}
	handlers, err := manifest.BuildAll[rest.ErrorHandler](c, def.Handlers)
	if err != nil {
		return nil, err
	}
	return &Composite{handlers: handlers}, nil
}

// Composite asks handlers in turn. The first verdict that accepts, ignores or retries the answer
// counts, or hands it on to the page loop. Where there is none, the last verdict counts.
type Composite struct{ handlers []rest.ErrorHandler }

var _ rest.ErrorHandler = (*Composite)(nil)

// Judge asks the handlers.
func (h *Composite) Judge(a *rest.Answer) (v rest.Verdict, err error) {
	for _, handler := range h.handlers {
		if v, err = handler.Judge(a); err != nil {
			return v, err
		}
		switch v.Action {
		case rest.Success, rest.Retry, rest.Ignore, rest.ResetPagination, rest.ReducePageSize, rest.SplitRequestWindow, rest.EndOfList:
			return v, nil
		}
	}
	return v, nil
}

// Backoff is the first opinion of any handler, whichever judged.
func (h *Composite) Backoff(a *rest.Answer, attempt int) (time.Duration, error) {
	for _, handler := range h.handlers {
		if d, err := handler.Backoff(a, attempt); d > 0 || err != nil {
			return d, err
		}
	}
	return 0, nil
}

// MaxRetries is the first handler's.
func (h *Composite) MaxRetries() (most int, set bool) { return h.handlers[0].MaxRetries() }

// MaxTime is the longest of all handlers.
func (h *Composite) MaxTime() time.Duration {
	var longest time.Duration
	for _, handler := range h.handlers {
		longest = max(longest, handler.MaxTime())
	}
	return longest
}
