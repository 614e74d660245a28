package jinja

import (
	"sync"
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Env holds the variables of an evaluation. Making an Env and deriving a child is cheap. Several
// goroutines may read it at once, but not while a variable is set.
//
// Templates can change the containers in variables, with append or update for example, as in the
// CDK. The variables config, parameters and stream_slice are shared by all evaluations; a template
// that changes values gets copies of them.
type Env struct {
	parent *Env
	now    func() time.Time
	still  bool   // see Still
	page   *spent // of the evaluations that belong together; nil: each is on its own; see OfPage
	vars   []binding
	inline [6]binding // storage of the first vars, so that a small Env is one allocation
}

type binding struct {
	name string
	val  any
	lazy *lazyVar // nil: val is the value
}

// lazyVar is a variable whose value is computed when a template first reads it.
type lazyVar struct {
	once sync.Once
	make func() any
	val  any
}

// NewEnv returns an Env without variables. now is the clock of macros such as now_utc; nil is
// time.Now.
func NewEnv(now func() time.Time) *Env {
	if now == nil {
		now = time.Now
	}
	e := &Env{now: now}
	e.vars = e.inline[:0]
	return e
}

// Set sets a variable and returns e.
func (e *Env) Set(name string, v any) *Env {
	return e.bind(binding{name: name, val: v})
}

// SetLazy sets a variable whose value f computes when a template first reads it. It returns e.
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

// Child returns an Env that has the variables of e and its own. Setting a variable of the child
// does not change e.
func (e *Env) Child() *Env {
	c := &Env{parent: e, now: e.now, still: e.still, page: e.page}
	c.vars = c.inline[:0]
	return c
}

// Still returns a child in which templates give the same in every run: its clock stands still, and
// nothing is random.
func (e *Env) Still() *Env {
	c := e.Child()
	c.now, c.still = func() time.Time { return stillAt }, true
	return c
}

var stillAt = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Get returns the value of a variable, and whether it is set.
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

// Now reads the clock.
func (e *Env) Now() time.Time { return e.now() }

// aliases maps deprecated names of variables to current ones.
var aliases = map[string]string{
	"stream_interval":  "stream_slice",
	"stream_partition": "stream_slice",
}

// canonical returns the current name of a variable.
func canonical(name string) string {
	if c, ok := aliases[name]; ok {
		return c
	}
	return name
}

// Function makes a callable value of a Go function. It takes positional arguments. Its error is
// raised as a ValueError.
func Function(name string, f func(args []any) (any, error)) any {
	return python.Def(name, "*args", func(_ *python.Thread, a []any) (any, error) {
		args, _ := a[0].(value.Tuple)
		v, err := f(args)
		if err != nil {
			return nil, exception.ValueErrorf("%v", err)
		}
		return v, nil
	})
}
