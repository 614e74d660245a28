package exception

import (
	"errors"
	"fmt"
	"slices"
)

// Error is what a template raised while it was evaluated. Class is the name of
// the exception the reference runtime would have raised, for example
// "ValueError" or "UndefinedError".
type Error struct {
	Class string
	Msg   string
}

// Error is the class and the message.
func (e *Error) Error() string { return e.Class + ": " + e.Msg }

// New makes an error of a Python exception class.
func New(class, format string, args ...any) error {
	if len(args) == 0 {
		return &Error{Class: class, Msg: format}
	}
	return &Error{Class: class, Msg: fmt.Sprintf(format, args...)}
}

// TypeErrorf makes a TypeError.
func TypeErrorf(format string, args ...any) error {
	return New(TypeError, format, args...)
}

// ValueErrorf makes a ValueError.
func ValueErrorf(format string, args ...any) error {
	return New(ValueError, format, args...)
}

// Is reports whether err is an exception of one of the classes or of one derived from them.
func Is(err error, classes ...string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for c := e.Class; c != ""; c = parents[c] {
		if slices.Contains(classes, c) {
			return true
		}
	}
	return false
}

// Raiser is a value that raises when it is used, as the undefined value of a template does.
type Raiser interface{ Raise() error }

// Raised is what using v raises: nothing for all values but raisers.
func Raised(v any) error {
	if r, ok := v.(Raiser); ok {
		return r.Raise()
	}
	return nil
}

// parents holds the base classes that except clauses of the reference runtime
// ask for; a class that is missing here derives from Exception only.
var parents = map[string]string{
	UnicodeEncodeError: ValueError,
	UnicodeDecodeError: ValueError,
	BinasciiError:      ValueError,
	"ISO8601Error":     ValueError,
	KeyError:           "LookupError",
	IndexError:         "LookupError",
	OverflowError:      "ArithmeticError",
	ZeroDivisionError:  "ArithmeticError",
	RecursionError:     "RuntimeError",
}

// Names of Python's exceptions.
const (
	TypeError          = "TypeError"
	ValueError         = "ValueError"
	AttributeError     = "AttributeError"
	KeyError           = "KeyError"
	IndexError         = "IndexError"
	OverflowError      = "OverflowError"
	ZeroDivisionError  = "ZeroDivisionError"
	UnicodeEncodeError = "UnicodeEncodeError"
	UnicodeDecodeError = "UnicodeDecodeError"
	MemoryError        = "MemoryError"
	RecursionError     = "RecursionError"
	NameError          = "NameError"
	RegexError         = "error"
	BinasciiError      = "Error"
	SyntaxError        = "SyntaxError"
	AssertionError     = "AssertionError"
)
