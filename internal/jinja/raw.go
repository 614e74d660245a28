package jinja

import (
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Raw is a template without a default, the CDK's JinjaInterpolation. An empty or undefined result
// is None.
type Raw struct{ source }

// CompileRaw compiles a template. If params is nil, there is no variable "parameters". For the
// error see CompileString.
func CompileRaw(src string, params *value.Dict) (*Raw, error) {
	s, err := newSource(src, params, false)
	return &Raw{s}, err
}

// Eval renders the template and reads the text as a literal. The value stays text if its Python
// type is not in valid; without valid, every type is valid.
func (t *Raw) Eval(e *Env, valid ...string) (any, error) { return t.orNone(e, valid) }

// Const returns the value of a template without variables; ok is false for any other template.
func (t *Raw) Const() (v any, ok bool) {
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
