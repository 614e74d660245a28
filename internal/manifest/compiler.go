package manifest

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// Builder makes a component's run-time form of its node. It runs once, before any request. Its errors are Problems, or
// an *UnsupportedError.
type Builder func(*Compiler, *Node) (any, error)

// As makes a Builder of a typed function.
func As[T any](build func(*Compiler, *Node) (T, error)) Builder {
	return func(c *Compiler, n *Node) (any, error) { return build(c, n) }
}

// Table says which component types there are. Its keys are the names of Airbyte's component schema.
type Table map[string]Entry

// Entry is one component type.
type Entry struct {
	Build Builder
	// Definition gives a zero definition struct (or a pointer to one), from which fields are checked and documented.
	Definition func() any
	// Type is what a manifest writes as the type, when that is not the entry's name.
	Type string
	// Like is for a component that Airbyte's schema does not have: it may stand wherever the schema
	// allows the component that Like names. Empty for all others.
	Like string
}

// Compiler builds components. The exported fields are the same for all components of a run; With makes a copy that
// hands a value down to the children built with it. A Compiler is used by one goroutine at a time.
type Compiler struct {
	Table  Table
	Config *value.Dict
	Now    func() time.Time
	Log    *slog.Logger
	// Strict makes an error of what the reference runtime would notice only at run time, such as a template that can
	// not be compiled.
	Strict bool

	shared *shared
	scope  *scope
}

// shared is what all copies of a compiler have together.
type shared struct {
	mu       sync.Mutex
	services map[reflect.Type]any
	plans    map[reflect.Type]*plan
	byText   map[string]string // type text → entry, where they differ
	warnings Problems
	warned   map[string]bool
}

// scope is a chain of values handed down.
type scope struct {
	up    *scope
	typ   reflect.Type
	value any
}

// NewCompiler makes a compiler with the wall clock and the default logger.
func NewCompiler(table Table, config *value.Dict) *Compiler {
	c := &Compiler{Table: table, Config: config, Now: time.Now, Log: slog.Default()}
	c.common()
	return c
}

func (c *Compiler) common() *shared {
	if c.shared == nil {
		c.shared = &shared{services: map[reflect.Type]any{}, plans: map[reflect.Type]*plan{}, warned: map[string]bool{}}
		c.shared.byText = map[string]string{}
		for name, e := range c.Table {
			if e.Type != "" {
				c.shared.byText[e.Type] = name
			}
		}
	}
	return c.shared
}

// ConfigEnv makes an Env for templates that are evaluated before any request: it holds the configuration (empty where
// there is none) and nothing else.
func (c *Compiler) ConfigEnv() *jinja.Env {
	config := c.Config
	if config == nil {
		config = value.NewDict(0)
	}
	return jinja.NewEnv(c.Now).Set("config", config)
}

// Provide stores a service that all components of the run share, such as a cache or the state; one of each Go type.
func Provide[T any](c *Compiler, v T) {
	s := c.common()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.services[reflect.TypeFor[T]()] = v
}

// Service finds the service of a Go type.
func Service[T any](c *Compiler) (T, bool) {
	s := c.common()
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.services[reflect.TypeFor[T]()].(T)
	return v, ok
}

// With returns a compiler that hands v down: what is built with it finds v by its Go type, so give each thing handed
// down a type of its own (type StreamName string). An inner value of the same type hides an outer one.
func With[T any](c *Compiler, v T) *Compiler {
	c.common()
	out := *c
	out.scope = &scope{up: c.scope, typ: reflect.TypeFor[T](), value: v}
	return &out
}

// Scoped finds the value of a Go type that was handed down with With.
func Scoped[T any](c *Compiler) (T, bool) {
	want := reflect.TypeFor[T]()
	for s := c.scope; s != nil; s = s.up {
		if s.typ == want {
			v, ok := s.value.(T)
			return v, ok
		}
	}
	var zero T
	return zero, false
}

// WithConfig returns a compiler whose components see another config.
func (c *Compiler) WithConfig(config *value.Dict) *Compiler {
	c.common()
	out := *c
	out.Config = config
	return &out
}

// Build makes the component that n describes by the table's entry for its type. Errors name n's place: an unknown
// type, a component that is not what the caller needs, a Custom component (*UnsupportedError).
func Build[T any](c *Compiler, n *Node) (T, error) { return BuildAs[T](c, n, "") }

// BuildAs is Build for a component whose type a manifest does not write; it is built as the table's entry name, which
// n's own type, if it has one, overrules when name is "".
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

// placed gives an error a place when it has none yet.
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
	if name, ok := c.common().byText[typ]; ok {
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
	if near := nearest(typ, names); near != "" {
		msg += fmt.Sprintf(", did you mean %q?", near)
	}
	return msg
}

// warn records a warning once.
func (c *Compiler) warn(p *Problem) {
	s := c.common()
	s.mu.Lock()
	defer s.mu.Unlock()
	if text := p.Error(); !s.warned[text] {
		s.warned[text] = true
		p.Warning = true
		s.warnings = append(s.warnings, p)
	}
}

// Warnings are the remarks that Decode and Validate made so far, such as fields that no component knows.
func (c *Compiler) Warnings() Problems {
	s := c.common()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.warnings.Sorted()
}

func (c *Compiler) planOf(t reflect.Type) (*plan, error) {
	s := c.common()
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.plans[t]; ok {
		return p, nil
	}
	p, err := newPlan(t)
	if err == nil {
		s.plans[t] = p
	}
	return p, err
}
