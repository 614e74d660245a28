package jinja

import (
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Bool is a condition, the CDK's InterpolatedBoolean.
type Bool struct{ source }

// CompileBool compiles a condition. params are the component's $parameters. For the error see
// CompileString.
func CompileBool(cond string, params *value.Dict) (*Bool, error) {
	s, err := newSource(cond, params, true)
	return &Bool{s}, err
}

// Eval reports whether the condition holds. It does not if its value is zero, an empty container,
// None, False or one of the texts that stand for them, see isFalse, or if it is undefined.
func (t *Bool) Eval(e *Env) (bool, error) {
	v, empty, err := t.look(e)
	if err != nil {
		if exception.Is(err, undefinedError) {
			return false, nil
		}
		return false, err
	}
	return !empty && !isFalse(v), nil
}

// Const returns the value of a condition without variables; ok is false for any other condition.
func (t *Bool) Const() (holds, ok bool) {
	if !t.constant() {
		return false, false
	}
	return t.t.text != "" && !isFalse(t.fixed), true
}

// isFalse reports whether the CDK treats a value as false. It has a rule of its own: some texts are
// false.
func isFalse(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case int64:
		return v == 0
	case float64:
		return v == 0
	case string:
		switch v {
		case "False", "false", "{}", "[]", "()", "", "0", "0.0":
			return true
		}
		return false
	case *value.Dict, *value.List, value.Tuple, *value.Set:
		return !value.Truth(v)
	}
	return false
}
