package jinja

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

func (e *Error) Error() string { return e.Class + ": " + e.Msg }

// raise makes an error of a Python exception class.
func raise(class, format string, args ...any) error {
	if len(args) == 0 {
		return &Error{Class: class, Msg: format}
	}
	return &Error{Class: class, Msg: fmt.Sprintf(format, args...)}
}

func raiseType(format string, args ...any) error {
	return raise(typeError, format, args...)
}

func raiseValue(format string, args ...any) error {
	return raise(valueError, format, args...)
}

// isClass reports whether err is an exception of one of the classes or of one derived from them.
func isClass(err error, classes ...string) bool {
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

// raiser is a value that raises when it is used, as the undefined value of a template does.
type raiser interface{ Raise() error }

// raised is what using v raises: nothing for all values but raisers.
func raised(v any) error {
	if r, ok := v.(raiser); ok {
		return r.Raise()
	}
	return nil
}

// parents holds the base classes that except clauses of the reference runtime
// ask for; a class that is missing here derives from Exception only.
var parents = map[string]string{
	unicodeEncode:  valueError,
	unicodeDecode:  valueError,
	binasciiError:  valueError,
	"ISO8601Error": valueError,
	keyError:       "LookupError",
	indexError:     "LookupError",
	overflowError:  "ArithmeticError",
	zeroDivision:   "ArithmeticError",
	recursionError: "RuntimeError",
}

// Names of Python's exceptions.
const (
	typeError       = "TypeError"
	valueError      = "ValueError"
	attributeError  = "AttributeError"
	keyError        = "KeyError"
	indexError      = "IndexError"
	overflowError   = "OverflowError"
	zeroDivision    = "ZeroDivisionError"
	unicodeEncode   = "UnicodeEncodeError"
	unicodeDecode   = "UnicodeDecodeError"
	memoryError     = "MemoryError"
	recursionError  = "RecursionError"
	nameError       = "NameError"
	regexError      = "error"
	binasciiError   = "Error"
	pythonSyntax    = "SyntaxError"
	pythonAssertion = "AssertionError"
)
