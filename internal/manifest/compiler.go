package manifest

import (
	"log/slog"
	"reflect"
	"sync"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// Compiler builds components. The exported fields are the same for all components of a run; With
// makes a copy that hands a value down to the children built with it. A Compiler is used by one
// goroutine at a time.
type Compiler struct {
	Table  Table
	Config *value.Dict
	Now    func() time.Time
	Log    *slog.Logger
	// Strict makes an error of what the reference runtime would notice only at run time, such as a
	// template that can not be compiled.
	Strict bool

	run   *run
	scope *scope
}

// run is what a compiler and all its copies have together.
type run struct {
	mu          sync.Mutex
	services    map[reflect.Type]any
	definitions map[reflect.Type]*definition
	entries     map[string]string // entry names by the type that a manifest writes, where they differ
	warnings    Problems
	warned      map[string]bool
}

// scope is a chain of values handed down.
type scope struct {
	up    *scope
	typ   reflect.Type
	value any
}

// NewCompiler makes a compiler with the wall clock and the default logger.
func NewCompiler(table Table, config *value.Dict) *Compiler {
	r := &run{
		services:    map[reflect.Type]any{},
		definitions: map[reflect.Type]*definition{},
		entries:     map[string]string{},
		warned:      map[string]bool{},
	}
	for name, e := range table {
		if e.Type != "" {
			r.entries[e.Type] = name
		}
	}
	return &Compiler{Table: table, Config: config, Now: time.Now, Log: slog.Default(), run: r}
}

// ConfigEnv makes an Env for templates that are evaluated before any request: it holds the
// configuration (empty where there is none) and nothing else.
func (c *Compiler) ConfigEnv() *jinja.Env {
	config := c.Config
	if config == nil {
		config = value.NewDict(0)
	}
	return jinja.NewEnv(c.Now).Set("config", config)
}

// Provide stores a service for all components of the run, such as a cache or the state. There is
// one of each Go type.
func Provide[T any](c *Compiler, v T) {
	c.run.mu.Lock()
	defer c.run.mu.Unlock()
	c.run.services[reflect.TypeFor[T]()] = v
}

// Service finds the service of a Go type.
func Service[T any](c *Compiler) (T, bool) {
	c.run.mu.Lock()
	defer c.run.mu.Unlock()
	v, ok := c.run.services[reflect.TypeFor[T]()].(T)
	return v, ok
}

// With returns a compiler that hands v down: Scoped finds v by its Go type in all that is built
// with it. So give each thing that is handed down a type of its own (type StreamName string). An
// inner value hides an outer one of its type.
func With[T any](c *Compiler, v T) *Compiler {
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
	out := *c
	out.Config = config
	return &out
}

// warn records a warning once.
func (c *Compiler) warn(p *Problem) {
	c.run.mu.Lock()
	defer c.run.mu.Unlock()
	if text := p.Error(); !c.run.warned[text] {
		c.run.warned[text] = true
		p.Warning = true
		c.run.warnings = append(c.run.warnings, p)
	}
}

// Warnings are those that Decode gave so far, such as fields that no definition has.
func (c *Compiler) Warnings() Problems {
	c.run.mu.Lock()
	defer c.run.mu.Unlock()
	return c.run.warnings.Sorted()
}

// definitionOf gives the definition that is a struct type.
func (c *Compiler) definitionOf(t reflect.Type) (*definition, error) {
	c.run.mu.Lock()
	defer c.run.mu.Unlock()
	if d, ok := c.run.definitions[t]; ok {
		return d, nil
	}
	d, err := newDefinition(t)
	if err == nil {
		c.run.definitions[t] = d
	}
	return d, err
}

// entryDefinition gives the definition of an entry.
func (c *Compiler) entryDefinition(e Entry) (*definition, error) {
	t := reflect.TypeOf(e.Definition())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return c.definitionOf(t)
}
