package paging

import (
	"fmt"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Split says that a window that the API refuses is read in two halves (request_window_splitting).
type Split struct {
	// FailureMessage is added to the error when no window is small enough.
	FailureMessage string
	// Floor is the span of a window that is not cut any more; 0: the cursor's granularity alone
	// decides.
	Floor value.Timedelta
}

// maxCuts bounds how often a window is halved, should a cursor's halves not get smaller.
const maxCuts = 10

// cut gives the halves of a slice that the API refused.
func (r *reading) cut(s *tap.Slice, depth, emitted int, refused *rest.ActionError) ([]*tap.Slice, error) {
	if r.Split == nil || r.abilities.Split == nil {
		return nil, &tap.Error{
			Kind:    tap.Config,
			Message: fmt.Sprintf("stream %s: the error handler asks for a smaller window, which this stream can not give", r.Stream),
			Hint:    "add request_window_splitting to the retriever (it needs a DatetimeBasedCursor with cursor_granularity), or remove SPLIT_REQUEST_WINDOW",
			Err:     refused,
		}
	}
	if emitted > 0 {
		r.log.Warn("a window was refused after some of its records were written; they come again", "stream", r.Stream, "records", emitted)
	}
	if depth >= maxCuts {
		return nil, r.tooLarge(fmt.Sprintf("the API still refuses the window %s after %d cuts", s.Key(), maxCuts), refused)
	}
	parts := r.abilities.Split(s, r.Split.Floor)
	if len(parts) == 0 {
		return nil, r.tooLarge(fmt.Sprintf("the API refuses the window %s, and it can not be cut any further", s.Key()), refused)
	}
	r.log.Info("the API refused a window; it is read in parts", "stream", r.Stream, "window", s.Key(), "parts", len(parts))
	return parts, nil
}

func (r *reading) tooLarge(message string, refused *rest.ActionError) error {
	return &tap.Error{
		Kind:    tap.Transient,
		Message: withAdvice(fmt.Sprintf("stream %s: %s", r.Stream, message), r.Split.FailureMessage),
		Err:     refused,
	}
}

// withAdvice adds what the manifest's author has to say about a failure.
func withAdvice(message, advice string) string {
	if advice = strings.TrimSpace(advice); advice != "" {
		return message + ". " + advice
	}
	return message
}
