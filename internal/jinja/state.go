package jinja

import (
	"sync"

	"anytap/internal/python"
	"anytap/internal/python/method"
	"anytap/internal/value"
)

// tables holds the names that templates can use.
type tables struct {
	filters, tests map[string]*python.Builtin
	globals        map[string]any
}

// library holds the names that all templates can use. Filters reach it through the state, to avoid
// a cycle of initialization.
var library = &tables{filters: filterTable, tests: testTable, globals: globalTable}

// templateHooks let str.format look up attributes and items as templates do.
var templateHooks = &python.Hooks{Methods: method.Of, Property: method.Property, Attr: getAttr, Item: getItem}

// expr is a compiled expression.
type expr func(*state) (any, error)

// maxCalls limits how deeply macros and recursive loops call each other.
const maxCalls = 400

// code is a compiled statement. It writes to the output of the state.
type code func(*state) error

// state is an evaluation in progress.
type state struct {
	python.Thread
	env      *Env
	params   any // of the component, bound to "parameters"; nil: not bound
	out      []byte
	locals   *locals
	vars     map[string]any // variables of the top level, for blocks
	clones   map[string]any // copies of shared variables, for a template that may change them
	tmpl     *template
	lib      *tables
	captured []any // texts of open filter blocks and macros of open call blocks, innermost last
	escape   bool  // automatic escaping is on
	made     int   // bytes of a container that is the result
	calls    int   // depth of calls of macros, blocks and recursive loops
}

// stateOf returns the evaluation that a thread belongs to.
func stateOf(th *python.Thread) *state { return th.Host.(*state) }

// locals are the variables of a running function: the template, a macro, a block or a recursive
// loop.
type locals struct {
	vals   []any
	parent *locals
}

// states keeps finished states for reuse.
var states = sync.Pool{New: func() any { return new(state) }}

func newState(t *template, e *Env, params any) *state {
	s := states.Get().(*state)
	s.env, s.tmpl, s.params, s.lib = e, t, params, library
	s.Start(s, templateHooks)
	if e != nil {
		s.Clock = e.now
	}
	return s
}

// release returns s to the pool. It drops a large output buffer.
func (s *state) release() {
	if cap(s.out) > 64<<10 {
		s.out = nil
	}
	s.Thread.Reset()
	*s = state{Thread: s.Thread, out: s.out[:0]}
	states.Put(s)
}

// lookup resolves a variable of the context and reports whether it is set.
func (s *state) lookup(name string) (any, bool) {
	if s.vars != nil {
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return s.context(name)
}

func (s *state) context(name string) (any, bool) {
	name = canonical(name)
	if s.env != nil {
		if s.tmpl.mutates && sharedNames[name] {
			if v, ok := s.clones[name]; ok {
				return v, true
			}
		}
		if v, ok := s.env.Get(name); ok {
			return s.guard(name, v), true
		}
	}
	if name == "parameters" && s.params != nil {
		return s.guard(name, s.params), true
	}
	if g, ok := s.lib.globals[name]; ok {
		return g, true
	}
	return missing, false
}

// sharedNames are the variables that evaluations share.
var sharedNames = map[string]bool{"config": true, "parameters": true, "stream_slice": true}

// guard copies a shared variable if the template may change it.
func (s *state) guard(name string, v any) any {
	if !s.tmpl.mutates || !sharedNames[name] {
		return v
	}
	if s.clones == nil {
		s.clones = map[string]any{}
	}
	v = value.Clone(v) // once an evaluation, and nothing in it occurs twice
	s.clones[name] = v
	return v
}

// bound reports whether the context has a variable.
func (s *state) bound(name string) bool {
	return s.env.find(name) != nil || name == "parameters" && s.params != nil
}

// missingMark is the type of missing.
type missingMark struct{}

// missing marks a local variable that has no value.
var missing any = missingMark{}
