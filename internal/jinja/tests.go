package jinja

import (
	"math/big"

	"anytap/internal/value"
)

// testTable holds the tests, which stand behind "is".
var testTable = table(
	simpleTest("boolean", func(v any) bool { _, ok := v.(bool); return ok }),
	simpleTest("callable", isCallable),
	simpleTest("defined", func(v any) bool { return !isUndefined(v) }),
	simpleTest("escaped", func(v any) bool { _, ok := v.(markup); return ok }),
	simpleTest("false", func(v any) bool { return v == false }),
	simpleTest("float", func(v any) bool { _, ok := v.(float64); return ok }),
	simpleTest("integer", isInteger),
	simpleTest("iterable", isIterable),
	simpleTest("mapping", func(v any) bool { _, ok := asDict(v); return ok }),
	simpleTest("none", func(v any) bool { return v == nil }),
	simpleTest("number", func(v any) bool { _, ok := number(v); return ok }),
	simpleTest("sequence", isSequence),
	simpleTest("string", func(v any) bool { _, ok := text(v); return ok }),
	simpleTest("true", func(v any) bool { return v == true }),
	simpleTest("undefined", isUndefined),
	def("lower", "value", func(_ *thread, a []any) (any, error) {
		s, err := str(a[0])
		return caseIs(s, isLowerRune), err
	}),
	def("upper", "value", func(_ *thread, a []any) (any, error) {
		s, err := str(a[0])
		return caseIs(s, isUpperRune), err
	}),
	def("odd", "value", func(st *thread, a []any) (any, error) { return remainder(st, a[0], int64(2), 1) }),
	def("even", "value", func(st *thread, a []any) (any, error) { return remainder(st, a[0], int64(2), 0) }),
	def("divisibleby", "value, num", func(st *thread, a []any) (any, error) { return remainder(st, a[0], a[1], 0) }),
	def("sameas", "value, other", func(_ *thread, a []any) (any, error) { return sameAs(a[0], a[1]), nil }),
	def("in", "value, seq", func(st *thread, a []any) (any, error) { return contains(st, a[1], a[0]) }),
	def("filter", "value", func(st *thread, a []any) (any, error) { return isNamed(stateOf(st).lib.filters, a[0]) }),
	def("test", "value", func(st *thread, a []any) (any, error) { return isNamed(stateOf(st).lib.tests, a[0]) }),
	compareTest("==", Eq), compareTest("eq", Eq), compareTest("equalto", Eq),
	compareTest("!=", Ne), compareTest("ne", Ne),
	compareTest(">", Gt), compareTest("gt", Gt), compareTest("greaterthan", Gt),
	compareTest(">=", Ge), compareTest("ge", Ge),
	compareTest("<", Lt), compareTest("lt", Lt), compareTest("lessthan", Lt),
	compareTest("<=", Le), compareTest("le", Le),
)

func simpleTest(name string, fn func(any) bool) *builtin {
	return def(name, "value", func(_ *thread, a []any) (any, error) { return fn(a[0]), nil })
}

func compareTest(name string, op Comparison) *builtin {
	return def(name, "a, b, /", func(st *thread, a []any) (any, error) { return compareOp(st, op, a[0], a[1]) })
}

func isInteger(v any) bool {
	switch v.(type) {
	case int64, *big.Int:
		return true
	}
	return false
}

func isIterable(v any) bool {
	_, err := iterate(v)
	return err == nil
}

// isSequence reports what has a length and items.
func isSequence(v any) bool {
	switch v.(type) {
	case *value.Set, *dictView, *loopVar:
		return false
	}
	_, err := pyLen(v)
	return err == nil
}

func isCallable(v any) bool {
	_, ok := v.(callable)
	return ok || isUndefined(v)
}

// remainder reports whether v % n is the wanted number.
func remainder(st *thread, v, n any, want int64) (any, error) {
	r, err := binaryOp(st, Mod, v, n)
	if err != nil {
		return nil, err
	}
	return equal(r, want), nil
}

func isNamed(table map[string]*builtin, v any) (any, error) {
	if _, ok := key(v); !ok {
		return nil, unhashable(v)
	}
	name, ok := text(v)
	return ok && table[name] != nil, nil
}
