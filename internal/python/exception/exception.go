package exception

import (
	"errors"
	"fmt"
	"slices"
)

// Names of exception classes. RegexError is re.error and BinasciiError binascii.Error, whose names
// carry no module.
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

// Error is a raised exception.
type Error struct {
	Class string // the name of its class, for example "ValueError"
	Msg   string // str(exception)
}

// Error gives the class and the message, as a traceback does.
func (e *Error) Error() string { return e.Class + ": " + e.Msg }

// New makes an exception of a class. The format is used only if there are arguments.
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

// Raiser is an object that raises whenever it is used. Every operation on it fails with the error
// of Raise.
type Raiser interface{ Raise() error }

// Raised gives the error of a Raiser, nil for any other value.
func Raised(v any) error {
	if r, ok := v.(Raiser); ok {
		return r.Raise()
	}
	return nil
}

// parents gives the base classes that callers of Is ask for. A class that is not listed derives
// from Exception directly.
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
