package simpleeval

import (
	"errors"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/expression"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// compiler turns nodes into code.
type compiler struct {
	scopes []map[string]int // variables of the comprehensions around a node, with their slots
	slots  int
	free   []string // the other variables
}

// NameNotDefined is the class of the exception for a variable that is not defined.
const NameNotDefined = "NameNotDefined"

// The classes of simpleeval's other exceptions.
const (
	notAvailable  = "FeatureNotAvailable"
	noFunction    = "FunctionNotDefined"
	noOperator    = "OperatorNotDefined"
	noAttribute   = "AttributeDoesNotExist"
	tooLong       = "IterableTooLong"
	numberTooHigh = "NumberTooHigh"
)

// fails is the code of a node that can not be evaluated. That counts only where it is reached.
func fails(n expression.Node, class, format string, args ...any) code {
	err := &Error{n.Pos(), exception.New(class, format, args...)}
	return func(*Evaluator) (any, error) { return nil, err }
}

func (c *compiler) node(n expression.Node) code {
	switch n := n.(type) {
	case *expression.Constant:
		return constant(n)
	case *expression.Name:
		return c.name(n)
	case *expression.Attribute:
		return c.attribute(n)
	case *expression.Subscript:
		return c.subscript(n)
	case *expression.Slice:
		return c.slice(n)
	case *expression.Call:
		return c.call(n)
	case *expression.Unary:
		return c.unary(n)
	case *expression.Binary:
		return c.binary(n)
	case *expression.Logic:
		return c.logic(n)
	case *expression.Compare:
		return c.compare(n)
	case *expression.Conditional:
		return c.conditional(n)
	case *expression.Sequence:
		return c.sequence(n)
	case *expression.Dict:
		return c.dict(n)
	case *expression.Joined:
		return c.joined(n)
	case *expression.Comprehension:
		return c.comprehension(n)
	case *expression.Lambda:
		return fails(n, notAvailable, "lambda is not available")
	}
	return fails(n, notAvailable, "* is not available here")
}

func (c *compiler) nodes(ns []expression.Node) []code {
	all := make([]code, len(ns))
	for i, n := range ns {
		all[i] = c.node(n)
	}
	return all
}

// maxText is the length in characters that texts, bytes and lists may have.
const maxText = 100_000

func constant(n *expression.Constant) code {
	v := n.Val
	size := 0
	switch x := v.(type) {
	case string:
		size = pytext.Len(x)
	case value.Bytes:
		size = len(x)
	}
	if size > maxText {
		return fails(n, tooLong, "the literal has %d characters, of %d that are allowed", size, maxText)
	}
	return func(*Evaluator) (any, error) { return v, nil }
}

func (c *compiler) subscript(n *expression.Subscript) code {
	of, index := c.node(n.Of), c.node(n.Index)
	return func(e *Evaluator) (any, error) {
		o, err := of(e)
		if err != nil {
			return nil, err
		}
		k, err := index(e)
		if err != nil {
			return nil, err
		}
		v, err := python.GetItem(&e.Thread, o, k)
		if err != nil {
			err = at(n, lookupError(err, o, k))
		}
		return v, err
	}
}

// lookupError names what was not found, which the errors of package python do not.
func lookupError(err error, of, k any) error {
	switch {
	case errors.Is(err, python.ErrNoKey):
		return exception.New(exception.KeyError, "%s", python.Brief(k))
	case errors.Is(err, python.ErrNoItems):
		return exception.TypeErrorf("'%s' object is not subscriptable", value.TypeName(of))
	case errors.Is(err, python.ErrNoIndex):
		return exception.New(exception.IndexError, "%s index out of range", value.TypeName(of))
	}
	return err
}

func (c *compiler) slice(n *expression.Slice) code {
	parts := make([]code, 3)
	for i, part := range []expression.Node{n.Low, n.High, n.Step} {
		parts[i] = func(*Evaluator) (any, error) { return nil, nil }
		if part != nil {
			parts[i] = c.node(part)
		}
	}
	return func(e *Evaluator) (any, error) {
		var vs [3]any
		for i, part := range parts {
			var err error
			if vs[i], err = part(e); err != nil {
				return nil, err
			}
		}
		return &python.Slice{Start: vs[0], Stop: vs[1], Step: vs[2]}, nil
	}
}

func (c *compiler) conditional(n *expression.Conditional) code {
	test, then, otherwise := c.node(n.Test), c.node(n.Then), c.node(n.Else)
	return func(e *Evaluator) (any, error) {
		v, err := test(e)
		switch {
		case err != nil:
			return nil, err
		case value.Truth(v):
			return then(e)
		}
		return otherwise(e)
	}
}

// sequence compiles a list, a tuple or a set. *x is available in lists alone.
func (c *compiler) sequence(n *expression.Sequence) code {
	items := make([]code, len(n.Items))
	star := make([]bool, len(n.Items))
	for i, item := range n.Items {
		if s, ok := item.(*expression.Starred); ok && n.Kind == '[' {
			item, star[i] = s.X, true
		}
		items[i] = c.node(item)
	}
	return func(e *Evaluator) (any, error) {
		var vs []any
		for i, item := range items {
			v, err := item(e)
			if err != nil {
				return nil, err
			}
			if !star[i] {
				vs = append(vs, v)
				continue
			}
			more, err := python.Collect(&e.Thread, v)
			if err != nil {
				return nil, at(n, err)
			}
			vs = append(vs, more...)
		}
		switch n.Kind {
		case '[':
			return python.ListOf(vs), nil
		case '(':
			return value.Tuple(vs), nil
		}
		v, err := setOf(&e.Thread, vs)
		return v, at(n, err)
	}
}

// setOf is Python's set(items).
func setOf(th *python.Thread, items []any) (any, error) {
	set := value.NewSet()
	for _, v := range python.SetOrder(items) {
		if _, err := python.Key(th, v); err != nil {
			return nil, err
		}
		set.Add(v)
	}
	return set, nil
}

func (c *compiler) dict(n *expression.Dict) code {
	keys, vals := make([]code, len(n.Keys)), c.nodes(n.Vals)
	for i, k := range n.Keys {
		if k != nil {
			keys[i] = c.node(k)
		}
	}
	return func(e *Evaluator) (any, error) {
		d := value.NewDict(len(keys))
		for i, key := range keys {
			var k any
			var err error
			if key != nil {
				if k, err = key(e); err != nil {
					return nil, err
				}
			}
			v, err := vals[i](e)
			if err != nil {
				return nil, err
			}
			if key == nil {
				err = python.UpdateDict(&e.Thread, d, v)
			} else {
				err = python.SetItem(&e.Thread, d, k, v)
			}
			if err != nil {
				return nil, at(n, err)
			}
		}
		return d, nil
	}
}

// private reports whether simpleeval hides an attribute.
func private(name string) bool {
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, "func_") {
		return true
	}
	switch name {
	case "format", "format_map", "mro", "tb_frame", "gi_frame", "ag_frame", "cr_frame", "exec":
		return true
	}
	return false
}
