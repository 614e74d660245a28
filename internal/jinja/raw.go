package jinja

import (
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Raw is a template without a default: what is empty or undefined is None.
type Raw struct{ source }

// CompileRaw compiles a template. With nil params the variable "parameters"
// does not exist. Of the error the same holds as of CompileString's.
func CompileRaw(src string, params *value.Dict) (*Raw, error) {
	s, err := newSource(src, params, false)
	return &Raw{s}, err
}

// Eval renders the template and types the text as a Python literal of one of
// the valid types; no valid types means all.
func (t *Raw) Eval(e *Env, valid ...string) (any, error) { return t.orNone(e, valid) }

// Const returns the value of a template that needs no variables.
func (t *Raw) Const() (any, bool) {
	if !t.constant() {
		return nil, false
	}
	return value.Clone(t.fixed), true
}

// orNone evaluates without a default.
func (s *source) orNone(e *Env, valid []string) (any, error) {
	v, empty, err := s.eval(e, valid)
	if err != nil && !exception.Is(err, undefinedError) || err == nil && !empty {
		return v, err
	}
	return nil, nil
}
