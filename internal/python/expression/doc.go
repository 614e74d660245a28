// Package expression reads Python's expressions: a text becomes a tree of nodes that know where
// they stand. It does not evaluate them; package simpleeval does.
//
//	lexer.go    tokens; text.go the literals of texts, with f-strings
//	tree.go     the nodes
//	parser.go   operators by their precedence; atom.go names, literals, calls, brackets
//
// It reads what Python 3.12 reads as an expression, but for yield, await, := and complex numbers,
// which are errors that say so.
package expression

import "fmt"

// Error says what is wrong in an expression.
type Error struct {
	Offset int // in bytes
	Msg    string
}

// Error is the message alone; callers know how they show the position.
func (e *Error) Error() string { return e.Msg }

func errorAt(offset int, format string, args ...any) error {
	return &Error{Offset: offset, Msg: fmt.Sprintf(format, args...)}
}
