package jinja

import (
	"sync"
	"time"
)

// Env holds the variables of one evaluation. Making one and deriving a child
// is cheap. It may be read by several goroutines, but not while it is set.
//
// Templates may change the containers they are given (append, update …), as in
// the reference runtime, except for config, parameters and stream_slice, which
// all evaluations share: of these such a template gets a copy.
type Env struct {
	parent *Env
	now    func() time.Time
	vars   []binding
	inline [6]binding
}

type binding struct {
	name string
	val  any
	lazy *lazyVar
}

// lazyVar is a variable that is made when a template first asks for it.
type lazyVar struct {
	once sync.Once
	make func() any
	val  any
}

// NewEnv returns an Env without variables. now is the clock of macros such as
// now_utc; nil means time.Now.
func NewEnv(now func() time.Time) *Env {
	if now == nil {
		now = time.Now
	}
	e := &Env{now: now}
	e.vars = e.inline[:0]
	return e
}

// Set binds a variable and returns e.
func (e *Env) Set(name string, v any) *Env {
	return e.bind(binding{name: name, val: v})
}

// SetLazy binds a variable that f makes, at most once, when a template asks
// for its value.
func (e *Env) SetLazy(name string, f func() any) *Env {
	return e.bind(binding{name: name, lazy: &lazyVar{make: f}})
}

func (e *Env) bind(b binding) *Env {
	for i := range e.vars {
		if e.vars[i].name == b.name {
			e.vars[i] = b
			return e
		}
	}
	e.vars = append(e.vars, b)
	return e
}

// Child returns an Env whose own variables come before those of e; setting
// them leaves e as it is.
func (e *Env) Child() *Env {
	c := &Env{parent: e, now: e.now}
	c.vars = c.inline[:0]
	return c
}

// Get returns a variable's value, and whether it is bound.
func (e *Env) Get(name string) (any, bool) {
	b := e.find(name)
	if b == nil {
		return nil, false
	}
	if b.lazy == nil {
		return b.val, true
	}
	b.lazy.once.Do(func() { b.lazy.val = b.lazy.make() })
	return b.lazy.val, true
}

func (e *Env) find(name string) *binding {
	for ; e != nil; e = e.parent {
		for i := range e.vars {
			if e.vars[i].name == name {
				return &e.vars[i]
			}
		}
	}
	return nil
}

// Now is the time of the Env's clock.
func (e *Env) Now() time.Time { return e.now() }

// aliases maps deprecated variable names to those that contexts hold.
var aliases = map[string]string{
	"stream_interval":  "stream_slice",
	"stream_partition": "stream_slice",
}

// canonical is the name under which an Env holds a template's variable.
func canonical(name string) string {
	if c, ok := aliases[name]; ok {
		return c
	}
	return name
}
