package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/spelling"
)

// Table holds the component types by their names in Airbyte's component schema.
type Table map[string]Entry

// Entry is one component type.
type Entry struct {
	Build Builder
	// Definition gives a zero definition struct (or a pointer to one), from which fields are
	// checked and documented.
	Definition func() any
	// Type is what a manifest writes as the type, when that is not the entry's name.
	Type string
	// Like is for a component that Airbyte's schema does not have: it may stand wherever the schema
	// allows the component that Like names. Empty for all others.
	Like string
}

// Builder makes the run-time form of a component from its node. It runs once, before any request.
// Its errors are Problems or an *UnsupportedError.
type Builder func(*Compiler, *Node) (any, error)

// As makes a Builder of a typed function.
func As[T any](build func(*Compiler, *Node) (T, error)) Builder {
	return func(c *Compiler, n *Node) (any, error) { return build(c, n) }
}

// Build makes the component that n describes by the table's entry for its type. Errors name n's
// place: an unknown type, a component that is not what the caller needs, a Custom component
// (*UnsupportedError).
func Build[T any](c *Compiler, n *Node) (T, error) { return BuildAs[T](c, n, "") }

// BuildAs is Build for a component whose type a manifest does not write: it is built by the entry
// name. With the name "" the component's own type decides.
func BuildAs[T any](c *Compiler, n *Node, name string) (T, error) {
	var zero T
	if n == nil {
		return zero, errors.New("a component is missing")
	}
	if name == "" {
		var err error
		if name, err = c.entryName(n); err != nil {
			return zero, err
		}
	}
	e, ok := c.Table[name]
	if !ok || e.Build == nil {
		return zero, n.problem("%s", c.unknownType(name))
	}
	built, err := e.Build(c, n)
	if err != nil {
		return zero, placed(n, err)
	}
	v, ok := built.(T)
	if !ok {
		return zero, n.problem("a %s can not stand here", name)
	}
	return v, nil
}

// BuildAll builds a list of components and stops at the first that can not be built.
func BuildAll[T any](c *Compiler, nodes []*Node) ([]T, error) {
	out := make([]T, 0, len(nodes))
	for _, n := range nodes {
		v, err := Build[T](c, n)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// BuildOptional is Build that gives the zero value for a component that is not there (a nil node).
func BuildOptional[T any](c *Compiler, n *Node) (T, error) {
	if n == nil {
		var zero T
		return zero, nil
	}
	return Build[T](c, n)
}

// placed gives an error the place of n, unless it has one.
func placed(n *Node, err error) error {
	var unsupported *UnsupportedError
	if AsProblems(err) != nil || errors.As(err, &unsupported) {
		return err
	}
	return &placedError{problem: n.problem("%s", err.Error()), err: err}
}

// placedError is a builder's own error with the place of its component.
type placedError struct {
	problem *Problem
	err     error
}

func (e *placedError) Error() string   { return e.problem.Error() }
func (e *placedError) Unwrap() []error { return []error{e.problem, e.err} }

// entryName finds the table's entry for n's type.
func (c *Compiler) entryName(n *Node) (string, error) {
	typ := n.Type()
	if name, ok := c.run.entries[typ]; ok {
		return name, nil
	}
	if _, ok := c.Table[typ]; ok {
		return typ, nil
	}
	switch {
	case n.Kind != Map:
		return "", n.problem("expected a component, found %s", n.raw.Describe())
	case n.Get("type") == nil:
		return "", n.problem("the component has no type")
	case strings.HasPrefix(typ, "Custom"):
		return "", unsupported(n)
	}
	return "", n.problem("%s", c.unknownType(typ))
}

func unsupported(n *Node) *UnsupportedError {
	class, _ := n.Get("class_name").Text()
	if class == "" {
		class = n.Type()
	}
	return &UnsupportedError{Class: class, Node: n}
}

func (c *Compiler) unknownType(typ string) string {
	if slices.Contains(TypeNames, typ) {
		return fmt.Sprintf("the type %q is not supported", typ)
	}
	msg := fmt.Sprintf("unknown type %q", typ)
	names := slices.Clone(TypeNames)
	for name, e := range c.Table {
		names = append(names, name)
		if e.Type != "" {
			names = append(names, e.Type)
		}
	}
	if near := spelling.Nearest(typ, names); near != "" {
		msg += fmt.Sprintf(", did you mean %q?", near)
	}
	return msg
}
