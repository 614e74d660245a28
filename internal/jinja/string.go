package jinja

import (
	"slices"
	"strings"
	"sync/atomic"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/literal"
	"anytap/internal/value"
)

// source is a template with the component's parameters. All classes of templates embed it.
type source struct {
	t      *template
	params any // bound to "parameters"; nil: not bound
	fixed  any // typed value of a constant template
}

// unsupported is a name that templates must not contain any more.
const unsupported = "stream_state"

// newSource compiles a template. If bind is set, "parameters" is an empty dict for a component
// without any.
func newSource(src string, params *value.Dict, bind bool) (source, error) {
	s := source{}
	switch {
	case params != nil:
		s.params = params
	case bind:
		s.params = value.NewDict(0)
	}
	var err error
	s.t, err = compile(src)
	if strings.Contains(src, unsupported) {
		s.t.static = exception.New(unsupportedUse, "`%s` is no longer supported for interpolation; use `stream_interval` instead", unsupported)
	}
	if s.constant() && s.t.text != "" {
		s.fixed = literal.Typed(s.t.text, nil)
	}
	return s, err
}

// constant reports whether the template always has the same result.
func (s *source) constant() bool { return s.t.fixed && s.t.static == nil }

// Source is the text of the template.
func (s *source) Source() string { return s.t.src }

// Roots lists the variables that the template reads, sorted, by their names in an Env. It omits
// "parameters" if the component has them.
func (s *source) Roots() []string {
	var names []string
	for _, name := range s.t.undeclared {
		name = canonical(name)
		if (name != "parameters" || s.params == nil) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Paths lists the parts of variables that the template reads. A path begins with the name of a
// variable and ends before the first step that is not constant.
func (s *source) Paths() [][]string {
	var paths [][]string
	for _, u := range s.t.roots {
		path := append([]string{canonical(u.path[0])}, u.path[1:]...)
		if path[0] != "parameters" || s.params == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// eval renders the template and reads the text as a literal. empty reports that the text is empty.
func (s *source) eval(e *Env, valid []string) (v any, empty bool, err error) {
	return s.result(e, valid, true)
}

// look is eval without a copy: a container in the result may belong to a variable and must not be
// kept or changed.
func (s *source) look(e *Env) (v any, empty bool, err error) {
	return s.result(e, nil, false)
}

// result evaluates the template. If own is set, a container in the result is a copy.
func (s *source) result(e *Env, valid []string, own bool) (v any, empty bool, err error) {
	if s.constant() {
		if len(valid) == 0 && own {
			return value.Clone(s.fixed), s.t.text == "", nil
		}
		if len(valid) == 0 {
			return s.fixed, s.t.text == "", nil
		}
		return literal.Typed(s.t.text, valid), s.t.text == "", nil
	}
	st := newState(s.t, e, s.params)
	v, err = s.render(st, own)
	if err == nil {
		err = e.spend(st.Steps(), st.made+textBytes(v, st.Steps()))
	}
	st.release()
	if err != nil {
		if !exception.Is(err, exception.TypeError) {
			return nil, false, err
		}
		// The CDK takes a TypeError as a sign that the text is not a template.
		v = s.t.src
	}
	return typedValue(v, valid)
}

// render evaluates the template to its text, or to the value that the text would be read as.
func (s *source) render(st *state, own bool) (any, error) {
	t := s.t
	if t.static != nil {
		return nil, t.static
	}
	if err := t.declared(st); err != nil {
		return nil, err
	}
	if t.single != nil {
		v, err := t.single(st)
		if err != nil {
			return nil, err
		}
		most := python.MaxSteps - st.Steps()
		left := most
		if !literal.RoundTrips(v, 0, &left) {
			return python.Str(&st.Thread, v)
		}
		if n := most - left; n > 1 {
			st.made = n * elementBytes
		}
		if own {
			return value.Clone(v), nil
		}
		return v, nil
	}
	if err := t.run(st); err != nil {
		return nil, err
	}
	return string(st.out), nil
}

// mostElements is how many elements a literal may have. Each takes some 50 bytes.
const mostElements = 2_000_000

// textOf is Python's str(v) outside of an evaluation.
func textOf(v any) (string, error) { return python.Str(new(python.Thread), v) }

// typedValue reads a rendered text as a literal. v is the text, or already its value.
func typedValue(v any, valid []string) (any, bool, error) {
	s, ok := v.(string)
	switch {
	case ok && s == "":
		return nil, true, nil
	case ok && !literal.MayBe(s):
		return v, false, nil
	case ok && strings.Count(s, ",") > mostElements:
		return nil, false, exception.New(exception.MemoryError, "result of the template is too large to be read as a literal")
	case ok:
		return literal.Typed(s, valid), false, nil
	case literal.HasType(v, valid):
		return v, false, nil
	}
	s, err := textOf(v)
	if err != nil {
		return nil, false, err
	}
	return literal.Typed(s, valid), s == "", nil
}

// String is a template whose result may have any type, the CDK's InterpolatedString.
type String struct {
	source
	plain any // the template's text
	state atomic.Uint32
}

// States of a String. If the first result of a template is its own text, the CDK treats it as plain
// text from then on.
const (
	unknownText uint32 = iota
	plainText
	templateText
)

// CompileString compiles a template. params are the component's $parameters. If the error is a
// *SyntaxError, the result can still be used: its evaluations raise the error, as in the CDK.
func CompileString(src string, params *value.Dict) (*String, error) {
	s, err := newSource(src, params, true)
	return &String{source: s, plain: src}, err
}

// Eval renders the template and reads the text as a Python literal. Text that is not a literal is
// the result itself.
func (t *String) Eval(e *Env) (any, error) { return t.EvalTypes(e) }

// EvalTypes is Eval, but the result stays text if its Python type is not in valid. Without valid,
// every type is valid.
func (t *String) EvalTypes(e *Env, valid ...string) (any, error) {
	if t.state.Load() == plainText {
		return t.plain, nil
	}
	v, empty, err := t.eval(e, valid)
	if err == nil && empty && t.t.mutates {
		// The CDK's default for an empty result is the template itself, which it evaluates again.
		// The second result can differ only if the template changes its variables.
		v, empty, err = t.eval(e, valid)
	}
	if err != nil {
		return nil, err
	}
	if empty {
		v = ""
	}
	if t.state.Load() == unknownText {
		next := templateText
		if s, ok := v.(string); ok && s == t.t.src {
			next = plainText
		}
		t.state.CompareAndSwap(unknownText, next)
	}
	return v, nil
}

// Given is the template, or nil where it is nil or empty.
func (t *String) Given() *String {
	if t == nil || t.Source() == "" {
		return nil
	}
	return t
}

// Text is Python's str() of the result of Eval.
func (t *String) Text(e *Env) (string, error) {
	v, err := t.Eval(e)
	if err != nil {
		return "", err
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	return textOf(v)
}

// Const returns the value of a template without variables; ok is false for any other template.
func (t *String) Const() (v any, ok bool) {
	if !t.constant() {
		return nil, false
	}
	v, err := t.Eval(nil)
	return v, err == nil
}
