package jinja

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// undefined is Jinja's Undefined, the value of a name that does not exist. It can be printed,
// tested and iterated over. It implements exception.Raiser, so any other use raises.
type undefined struct {
	hint   string // the error message; empty: made of the other fields
	name   any    // the name or key that does not exist
	of     any    // the value in which name was looked up
	member bool   // name was looked up in a value, not in the context
	class  string // exception to raise; empty: UndefinedError
}

// TypeName is part of value.Object.
func (u *undefined) TypeName() string { return "Undefined" }

// Repr is part of value.Object.
func (u *undefined) Repr() string { return "Undefined" }

// Str is part of value.Object.
func (u *undefined) Str() string { return "" }

// Truth is part of value.Object.
func (u *undefined) Truth() bool { return false }

// Raise is part of exception.Raiser.
func (u *undefined) Raise() error {
	class := u.class
	if class == "" {
		class = undefinedError
	}
	return &exception.Error{Class: class, Msg: u.message()}
}

func (u *undefined) message() string {
	if u.hint != "" {
		return u.hint
	}
	if !u.member {
		return python.Brief(u.name) + " is undefined"
	}
	of := "None"
	if u.of != nil {
		of = value.TypeName(u.of) + " object"
	}
	if s, ok := u.name.(string); ok {
		return value.Repr(of) + " has no attribute " + value.Repr(s)
	}
	return of + " has no element " + python.Brief(u.name)
}

// Iterator is part of python.Iterable. It is empty.
func (u *undefined) Iterator() *python.Iterator { return python.IteratorOf("generator", nil) }

func (u *undefined) Len() (int, error) { return 0, nil }

func (u *undefined) Equal(_ *value.Meter, v any) bool { return isUndefined(v) }

// undefinedKey is the key of all undefined values: they are equal.
type undefinedKey struct{}

func (u *undefined) HashKey() any { return undefinedKey{} }

func isUndefined(v any) bool {
	_, ok := v.(*undefined)
	return ok
}
