package simpleeval

import (
	"crypto/md5" //nolint:gosec // a digest that people compare, no protection
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/method"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// functions are what expressions can call, and the modules.
var functions = map[string]any{
	"int":      &class{name: "int", make: python.Def("int", "x=0, /, base=None", newInt), of: int64(0)},
	"float":    &class{name: "float", make: python.Def("float", "x=0.0, /", newFloat), of: 0.0},
	"str":      &class{name: "str", make: python.Def("str", "object='', encoding=None, errors='strict'", newStr), of: ""},
	"bool":     &class{name: "bool", make: python.Def("bool", "x=False, /", newBool), of: false},
	"list":     &class{name: "list", make: python.Def("list", "*args", newList), of: value.NewList()},
	"tuple":    &class{name: "tuple", make: python.Def("tuple", "*args", newTuple), of: value.Tuple{}},
	"set":      &class{name: "set", make: python.Def("set", "*args", newSet), of: value.NewSet()},
	"dict":     &class{name: "dict", make: python.Def("dict", "*args, **kwargs", python.NewDict), of: value.NewDict(0), bound: []string{"fromkeys"}},
	"rand":     python.Def("random", "", func(*python.Thread, []any) (any, error) { return rand.Float64(), nil }),
	"randint":  python.Def("random_int", "top", randomInt),
	"md5":      python.Def("md5", "string", digest(func(b []byte) []byte { sum := md5.Sum(b); return sum[:] })), //nolint:gosec // see above
	"sha256":   python.Def("sha256", "string", digest(func(b []byte) []byte { sum := sha256.Sum256(b); return sum[:] })),
	"datetime": &module{members: datetimeModule},
	"json":     &module{members: map[string]any{"dumps": jsonDumps, "loads": jsonLoads}},
}

// class is a type that can be called to make a value.
type class struct {
	python.Truthy
	name    string
	make    *python.Builtin
	of      any            // a value of the class
	bound   []string       // its methods that belong to the class itself
	members map[string]any // further attributes
}

// TypeName is part of value.Object.
func (*class) TypeName() string { return "type" }

// Repr is part of value.Object.
func (c *class) Repr() string { return "<class '" + c.name + "'>" }

// Str is part of value.Object.
func (c *class) Str() string { return c.Repr() }

// Call is part of python.Callable.
func (c *class) Call(th *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	return c.make.Call(th, pos, kw)
}

// Attribute is part of python.Attributed: a method of the class, as str.lower.
func (c *class) Attribute(name string) (any, bool, error) {
	if v, ok := c.members[name]; ok {
		return v, true, nil
	}
	m, ok := method.Of(c.of)[name]
	if !ok {
		return nil, false, nil
	}
	for _, b := range c.bound {
		if b == name {
			return python.Bind(m, c.of), true, nil
		}
	}
	return &unbound{c, m}, true, nil
}

// unbound is a method that takes its receiver as its first argument.
type unbound struct {
	class  *class
	method *python.Builtin
}

// TypeName is part of value.Object.
func (*unbound) TypeName() string { return "method_descriptor" }

// Repr is part of value.Object.
func (u *unbound) Repr() string {
	return "<method '" + u.method.Name + "' of '" + u.class.name + "' objects>"
}

// Str is part of value.Object.
func (u *unbound) Str() string { return u.Repr() }

// Truth is part of value.Object.
func (*unbound) Truth() bool { return true }

// Call is part of python.Callable.
func (u *unbound) Call(th *python.Thread, pos []any, kw []python.Keyword) (any, error) {
	if len(pos) == 0 || method.Of(pos[0])[u.method.Name] != u.method {
		return nil, exception.TypeErrorf("%s.%s needs a '%s' as its first argument", u.class.name, u.method.Name, u.class.name)
	}
	return u.method.Call(th, pos, kw)
}

// module is a module with the attributes that it has here.
type module struct {
	python.Truthy
	members map[string]any
}

// TypeName is part of value.Object.
func (*module) TypeName() string { return "ModuleWrapper" }

// Repr is part of value.Object.
func (m *module) Repr() string {
	return "<simpleeval.ModuleWrapper object at " + python.Address(m) + ">"
}

// Str is part of value.Object.
func (m *module) Str() string { return m.Repr() }

// Attribute is part of python.Attributed.
func (m *module) Attribute(name string) (any, bool, error) {
	v, ok := m.members[name]
	return v, ok, nil
}

func newInt(_ *python.Thread, a []any) (any, error) {
	if a[1] == nil {
		return number.Int(a[0])
	}
	base, err := number.IntArg(a[1])
	if err != nil {
		return nil, err
	}
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("int() can't convert non-string with explicit base")
	}
	if base != 0 && base < 2 || base > 36 {
		return nil, exception.ValueErrorf("int() base must be >= 2 and <= 36, or 0")
	}
	return number.ParseInt(s, base)
}

func newFloat(_ *python.Thread, a []any) (any, error) { return wrap(number.Float(a[0])) }

// wrap makes a value of a Go one.
func wrap[T any](v T, err error) (any, error) { return v, err }

func newStr(th *python.Thread, a []any) (any, error) {
	if a[1] == nil {
		return wrap(python.Str(th, a[0]))
	}
	b, ok := a[0].(value.Bytes)
	if !ok {
		return nil, exception.TypeErrorf("decoding to str: need a bytes-like object, %s found", value.TypeName(a[0]))
	}
	return method.Of(b)["decode"].Call(th, []any{b, a[1], a[2]}, nil)
}

func newBool(_ *python.Thread, a []any) (any, error) { return value.Truth(a[0]), nil }

// itemsOf are those of the only argument, if there is one.
func itemsOf(th *python.Thread, name string, a []any) ([]any, error) {
	args := a[0].(value.Tuple)
	if len(args) > 1 {
		return nil, exception.TypeErrorf("%s expected at most 1 argument, got %d", name, len(args))
	}
	if len(args) == 0 {
		return nil, nil
	}
	return python.Collect(th, args[0])
}

func newList(th *python.Thread, a []any) (any, error) {
	items, err := itemsOf(th, "list", a)
	return python.ListOf(items), err
}

func newTuple(th *python.Thread, a []any) (any, error) {
	items, err := itemsOf(th, "tuple", a)
	return value.Tuple(items), err
}

func newSet(th *python.Thread, a []any) (any, error) {
	items, err := itemsOf(th, "set", a)
	if err != nil {
		return nil, err
	}
	return setOf(th, items)
}

// randomInt is int(random() * top).
func randomInt(_ *python.Thread, a []any) (any, error) {
	n, ok := number.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("can't multiply '%s' by a float", value.TypeName(a[0]))
	}
	top, err := number.ToFloat(n)
	if err != nil {
		return nil, err
	}
	return number.Trunc(rand.Float64() * top) //nolint:gosec // simpleeval's is none for secrets either
}

// digest is a function that gives the digest of a text's UTF-8 in hexadecimal.
func digest(sum func([]byte) []byte) func(*python.Thread, []any) (any, error) {
	return func(_ *python.Thread, a []any) (any, error) {
		s, ok := pytext.Of(a[0])
		if !ok {
			return nil, exception.New(exception.AttributeError, "'%s' object has no attribute 'encode': it takes a text, so write str(…) around it", value.TypeName(a[0]))
		}
		if err := pytext.Encodable(s); err != nil {
			return nil, err
		}
		return hex.EncodeToString(sum([]byte(s))), nil
	}
}
