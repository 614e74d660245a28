package simpleeval

import (
	"errors"

	"anytap/internal/python"
	"anytap/internal/python/expression"
	"anytap/internal/python/method"
)

// Expression is compiled. It is not changed by evaluations.
type Expression struct {
	code  code
	slots int // variables of comprehensions
	free  []string
}

// Free are the variables that the expression takes from the host, and functions that it does not
// call; one can occur twice.
func (x *Expression) Free() []string { return x.free }

// code is a compiled node.
type code func(e *Evaluator) (any, error)

// Names gives variables their values; ok is false for one that is not defined.
type Names func(name string) (v any, ok bool)

// Evaluator evaluates expressions, one at a time.
type Evaluator struct {
	python.Thread
	names Names
	slots []any // variables of the comprehensions that run; unset where they have no value yet
	items int   // elements that comprehensions went through
}

// hooks let methods find the attributes of values.
var hooks = &python.Hooks{Methods: method.Of, Property: method.Property}

// Error is what went wrong in an expression, and where.
type Error struct {
	Offset int // in bytes
	Err    error
}

// Error is the message without the position.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause: an exception, if the expression was evaluated.
func (e *Error) Unwrap() error { return e.Err }

// Compile reads an expression. Its errors are of type *Error.
func Compile(text string) (*Expression, error) {
	n, err := expression.Parse(text)
	if err != nil {
		var bad *expression.Error
		if errors.As(err, &bad) {
			return nil, &Error{bad.Offset, err}
		}
		return nil, &Error{0, err}
	}
	c := &compiler{}
	run := c.node(n)
	return &Expression{code: run, slots: c.slots, free: c.free}, nil
}

// Eval gives the expression's value. Its errors are of type *Error. What the value is made from may
// be shared with the names' values.
func (e *Evaluator) Eval(x *Expression, names Names) (any, error) {
	e.Reset()
	e.Start(e, hooks)
	e.names, e.items = names, 0
	if cap(e.slots) < x.slots {
		e.slots = make([]any, x.slots)
	}
	e.slots = e.slots[:x.slots]
	v, err := x.code(e)
	clear(e.slots)
	return v, err
}

// at adds the position to an error that has none.
func at(n expression.Node, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &Error{n.Pos(), err}
}
