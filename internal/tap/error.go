package tap

import (
	"errors"
	"fmt"
)

// Kind says who can mend an error. Its values are the failure types of Airbyte's protocol.
type Kind string

// The kinds of failure.
const (
	Config    Kind = "config_error"    // the user must act: config, credentials, permissions
	Transient Kind = "transient_error" // a later try may succeed: network, rate limit, trouble in the API
	System    Kind = "system_error"    // the manifest or the program is wrong
)

// Error is a failure with its kind, which front ends report.
type Error struct {
	Kind Kind
	// Message is for the user, one line, without secrets.
	Message string
	// Hint says what to do about it; may be empty.
	Hint string
	// Err is the cause; may be nil.
	Err error
}

// Error returns message, cause and hint in one line.
func (e *Error) Error() string {
	text := e.Message
	if e.Err != nil {
		if text != "" {
			text += ": "
		}
		text += e.Err.Error()
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind. The format may wrap a cause with %w.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// KindOf is the kind of the first *Error in err's chain; System where there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return System
}

// Refused is an error that ended a request because of what the API answered.
type Refused interface {
	error
	// Refusal is the answer's status and its text, to be looked at and not to be shown: it is as
	// the API wrote it.
	Refusal() (status int, text string)
}

// RefusesStream reports whether the API refused what a stream asked for in a way that says nothing
// of other streams: it is not there, or these credentials do not open it. A 401 says that the
// credentials themselves are wrong, also where another stream needs none.
func RefusesStream(err error) bool {
	refused, ok := errors.AsType[Refused](err)
	if !ok {
		return false
	}
	status, _ := refused.Refusal()
	switch status {
	case 402, 403, 404, 410, 422, 451: // payment, forbidden, not found, gone, unprocessable, legal reasons
		return true
	}
	return false
}

// BudgetError ends a slice early because a limit that the user set was reached. It is no failure:
// positions are kept, and the next run goes on from there.
type BudgetError struct {
	Limit string // the setting's name, e.g. "max_requests"
	Used  string // what was reached, e.g. "500 requests"
}

// LimitFlag names Selection.Limit, which is set by a flag.
const LimitFlag = "--limit"

// Error says which limit was reached.
func (e *BudgetError) Error() string { return fmt.Sprintf("%s reached: %s", e.Limit, e.Used) }

// BudgetOf is the budget that err says was reached; nil: it says something else.
func BudgetOf(err error) *BudgetError {
	b, _ := errors.AsType[*BudgetError](err)
	return b
}
