package simpleeval

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/value"
)

// name compiles a variable: one of the comprehensions around it, of the host, or a function.
func (c *compiler) name(n *expression.Name) code {
	var slots []int // the innermost first
	for i := len(c.scopes) - 1; i >= 0; i-- {
		if slot, ok := c.scopes[i][n.Name]; ok {
			slots = append(slots, slot)
		}
	}
	name := n.Name
	missing := &Error{n.Pos(), exception.New(NameNotDefined, "%s is not defined", value.Repr(name))}
	free := func(e *Evaluator) (any, error) {
		if v, ok := e.names(name); ok {
			return v, nil
		}
		if f, ok := functions[name]; ok {
			return f, nil
		}
		return nil, missing
	}
	if len(slots) == 0 {
		c.free = append(c.free, name)
		return free
	}
	return func(e *Evaluator) (any, error) {
		for _, slot := range slots {
			if v := e.slots[slot]; v != unset {
				return v, nil
			}
		}
		return free(e)
	}
}

// unsetMark is the type of unset.
type unsetMark struct{}

// unset marks a variable of a comprehension that has no value yet.
var unset any = unsetMark{}
