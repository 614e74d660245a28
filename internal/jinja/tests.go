package jinja

import (
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// testTable holds the tests: the names that can follow "is".
var testTable = python.Table(
	simpleTest("boolean", func(v any) bool { _, ok := v.(bool); return ok }),
	simpleTest("callable", isCallable),
	simpleTest("defined", func(v any) bool { return !isUndefined(v) }),
	simpleTest("escaped", func(v any) bool { _, ok := v.(pytext.Markup); return ok }),
	simpleTest("false", func(v any) bool { return v == false }),
	simpleTest("float", func(v any) bool { _, ok := v.(float64); return ok }),
	simpleTest("integer", isInteger),
	simpleTest("iterable", isIterable),
	simpleTest("mapping", func(v any) bool { _, ok := python.AsDict(v); return ok }),
	simpleTest("none", func(v any) bool { return v == nil }),
	simpleTest("number", func(v any) bool { _, ok := number.Of(v); return ok }),
	simpleTest("sequence", isSequence),
	simpleTest("string", func(v any) bool { _, ok := pytext.Of(v); return ok }),
	simpleTest("true", func(v any) bool { return v == true }),
	simpleTest("undefined", isUndefined),
	python.Def("lower", "value", func(th *python.Thread, a []any) (any, error) {
		s, err := python.Str(th, a[0])
		return pytext.HasCase(s, pytext.IsLower), err
	}),
	python.Def("upper", "value", func(th *python.Thread, a []any) (any, error) {
		s, err := python.Str(th, a[0])
		return pytext.HasCase(s, pytext.IsUpper), err
	}),
	python.Def("odd", "value", func(th *python.Thread, a []any) (any, error) { return remainder(th, a[0], int64(2), 1) }),
	python.Def("even", "value", func(th *python.Thread, a []any) (any, error) { return remainder(th, a[0], int64(2), 0) }),
	python.Def("divisibleby", "value, num", func(th *python.Thread, a []any) (any, error) { return remainder(th, a[0], a[1], 0) }),
	python.Def("sameas", "value, other", func(_ *python.Thread, a []any) (any, error) { return python.Is(a[0], a[1]), nil }),
	python.Def("in", "value, seq", func(th *python.Thread, a []any) (any, error) { return python.Contains(th, a[1], a[0]) }),
	python.Def("filter", "value", func(th *python.Thread, a []any) (any, error) { return isNamed(th, stateOf(th).lib.filters, a[0]) }),
	python.Def("test", "value", func(th *python.Thread, a []any) (any, error) { return isNamed(th, stateOf(th).lib.tests, a[0]) }),
	compareTest("==", python.Eq), compareTest("eq", python.Eq), compareTest("equalto", python.Eq),
	compareTest("!=", python.Ne), compareTest("ne", python.Ne),
	compareTest(">", python.Gt), compareTest("gt", python.Gt), compareTest("greaterthan", python.Gt),
	compareTest(">=", python.Ge), compareTest("ge", python.Ge),
	compareTest("<", python.Lt), compareTest("lt", python.Lt), compareTest("lessthan", python.Lt),
	compareTest("<=", python.Le), compareTest("le", python.Le),
)

func simpleTest(name string, fn func(any) bool) *python.Builtin {
	return python.Quick(python.Def(name, "value", func(_ *python.Thread, a []any) (any, error) { return fn(a[0]), nil }))
}

func compareTest(name string, op python.Comparison) *python.Builtin {
	return python.Def(name, "a, b, /", func(th *python.Thread, a []any) (any, error) { return python.Compare(th, op, a[0], a[1]) })
}

func isInteger(v any) bool {
	switch v.(type) {
	case int64, *big.Int:
		return true
	}
	return false
}

func isIterable(v any) bool {
	_, err := python.Iter(v)
	return err == nil
}

// isSequence reports whether a value has a length and items.
func isSequence(v any) bool {
	switch v.(type) {
	case *value.Set, *python.DictView, *loopVar:
		return false
	}
	_, err := python.Len(v)
	return err == nil
}

func isCallable(v any) bool {
	_, ok := v.(python.Callable)
	return ok || isUndefined(v)
}

// remainder reports whether v % n is want.
func remainder(th *python.Thread, v, n any, want int64) (any, error) {
	r, err := operator.Binary(th, python.Mod, v, n)
	if err != nil {
		return nil, err
	}
	return python.Equal(th, r, want)
}

// isNamed reports whether v is a name in the table.
func isNamed(th *python.Thread, table map[string]*python.Builtin, v any) (any, error) {
	if _, err := python.Key(th, v); err != nil {
		return nil, err
	}
	name, ok := pytext.Of(v)
	return ok && table[name] != nil, nil
}
