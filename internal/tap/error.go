package tap

import (
	"errors"
	"fmt"
)

// Kind says who can mend an error; its values are Airbyte's failure types.
type Kind string

// The kinds of failure.
const (
	Config    Kind = "config_error"    // the user must act: config, credentials, permissions
	Transient Kind = "transient_error" // a later try may do: network, rate limit, the API's own trouble
	System    Kind = "system_error"    // the manifest or the program is wrong
)

// Error is a failure that a front end reports with its kind.
type Error struct {
	Kind Kind
	// Message is for the user, one line, without secrets.
	Message string
	// Hint says what to do about it; may be empty.
	Hint string
	// Err is the cause; may be nil.
	Err error
}

// Error gives message, cause and hint in one line.
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

// Errorf makes an Error of a kind; the format may wrap a cause with %w.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// KindOf tells an error's kind: that of the first *Error in its chain, else System.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return System
}

// BudgetError ends a slice early because the user set a limit. It is no failure: the
// positions are kept and the next run goes on from there.
type BudgetError struct {
	Limit string // the setting's name, e.g. "max_requests"
	Used  string // what was reached, e.g. "500 requests"
}

// Error says which limit was reached.
func (e *BudgetError) Error() string { return fmt.Sprintf("%s reached: %s", e.Limit, e.Used) }
