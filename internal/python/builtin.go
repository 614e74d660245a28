package python

import (
	"strconv"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Keyword is a keyword argument.
type Keyword struct {
	Name string
	Val  any
}

// param is a parameter of a builtin.
type param struct {
	name     string
	def      any
	optional bool
	posOnly  bool
	kwOnly   bool
}

// Builtin is a function or method written in Go.
type Builtin struct {
	Name     string
	Mutates  bool // the method changes its receiver
	Volatile bool // the result must not be computed ahead of time
	Quick    bool // the work does not grow with the arguments and the result
	// Fn receives the arguments in the order of the parameters, with defaults filled in. If the
	// signature has them, a value.Tuple of the remaining positional arguments and a *value.Dict of
	// the remaining keyword arguments follow. A method's first argument is its receiver. Fn must
	// not keep the slice.
	Fn      func(th *Thread, a []any) (any, error)
	params  []param
	varargs bool
	varkw   bool
}

// TypeName is part of value.Object.
func (b *Builtin) TypeName() string { return "function" }

// Repr is part of value.Object.
func (b *Builtin) Repr() string { return "<function " + b.Name + " at " + Address(b) + ">" }

// Str is part of value.Object.
func (b *Builtin) Str() string { return b.Repr() }

// Truth is part of value.Object.
func (b *Builtin) Truth() bool { return true }

// Def makes a Builtin. The signature is written as in Python, for example "a, b=1, /, *, c=None,
// **kwargs". Defaults are literals: None, True, False, a number, or a text in single quotes.
func Def(name, signature string, fn func(th *Thread, a []any) (any, error)) *Builtin {
	b := &Builtin{Name: name, Fn: fn}
	kwOnly := false
	for _, p := range splitParams(signature) {
		p = strings.TrimSpace(p)
		switch {
		case p == "":
		case p == "/":
			for i := range b.params {
				b.params[i].posOnly = true
			}
		case p == "*":
			kwOnly = true
		case strings.HasPrefix(p, "**"):
			b.varkw = true
		case strings.HasPrefix(p, "*"):
			b.varargs, kwOnly = true, true
		default:
			name, dflt, optional := strings.Cut(p, "=")
			q := param{name: name, optional: optional, kwOnly: kwOnly}
			if optional {
				q.def = defaultValue(dflt)
			}
			b.params = append(b.params, q)
		}
	}
	return b
}

// splitParams splits a signature at the commas outside quotes.
func splitParams(s string) []string {
	quoted := false
	return strings.FieldsFunc(s, func(r rune) bool {
		if r == '\'' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
}

func defaultValue(s string) any {
	switch s {
	case "None":
		return nil
	case "True":
		return true
	case "False":
		return false
	}
	if s[0] == '\'' {
		return s[1 : len(s)-1]
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return f
}

// Mutating marks a method as changing its receiver.
func Mutating(b *Builtin) *Builtin {
	b.Mutates = true
	return b
}

// Volatile marks a function whose result must not be computed ahead of time, such as the present
// time.
func Volatile(b *Builtin) *Builtin {
	b.Volatile = true
	return b
}

// Quick marks a function whose work does not grow with its arguments and its result, so that they
// are not counted.
func Quick(b *Builtin) *Builtin {
	b.Quick = true
	return b
}

// Call binds the arguments to the parameters and calls Fn.
func (b *Builtin) Call(th *Thread, pos []any, kw []Keyword) (any, error) {
	if err := th.Step(1); err != nil {
		return nil, err
	}
	if len(kw) == 0 && len(pos) == len(b.params) && !b.varargs && !b.varkw && (len(pos) == 0 || !b.params[len(pos)-1].kwOnly) {
		return b.result(th, pos)
	}
	base := len(th.Stack)
	defer func() { th.Stack = th.Stack[:base] }()
	for i := range b.params {
		v, err := b.bind(i, pos, kw)
		if err != nil {
			return nil, err
		}
		th.Stack = append(th.Stack, v)
	}
	if err := b.rest(th, pos, kw); err != nil {
		return nil, err
	}
	return b.result(th, th.Stack[base:])
}

// result calls Fn. It counts the work by the sizes of arguments and result. Functions that go into
// nested values or whose work grows faster count the rest themselves.
func (b *Builtin) result(th *Thread, args []any) (any, error) {
	if b.Quick {
		return b.Fn(th, args)
	}
	for _, v := range args {
		if err := th.Spend(v); err != nil {
			return nil, err
		}
	}
	v, err := b.Fn(th, args)
	if err != nil {
		return v, err
	}
	if s, ok := v.(string); ok {
		err = Room(len(s))
	}
	if err == nil {
		err = th.Spend(v)
	}
	return v, err
}

// bind gives the value of parameter i: its argument, or else its default.
func (b *Builtin) bind(i int, pos []any, kw []Keyword) (any, error) {
	p := &b.params[i]
	given := i < len(pos) && !p.kwOnly
	if !p.posOnly {
		for _, k := range kw {
			if k.Name != p.name {
				continue
			}
			if given {
				return nil, exception.TypeErrorf("%s() got multiple values for argument '%s'", b.Name, p.name)
			}
			return k.Val, nil
		}
	}
	if given {
		return pos[i], nil
	}
	if !p.optional {
		return nil, exception.TypeErrorf("%s() missing required argument: '%s'", b.Name, p.name)
	}
	return p.def, nil
}

// rest pushes the arguments that no parameter takes: a tuple of positional and a dict of keyword
// arguments. It fails if the signature does not allow them.
func (b *Builtin) rest(th *Thread, pos []any, kw []Keyword) error {
	n := 0
	for n < len(b.params) && !b.params[n].kwOnly {
		n++
	}
	switch {
	case b.varargs:
		extra := value.Tuple{}
		if len(pos) > n {
			extra = append(extra, pos[n:]...)
		}
		th.Stack = append(th.Stack, extra)
	case len(pos) > n:
		return exception.TypeErrorf("%s() takes %d positional arguments but %d were given", b.Name, n, len(pos))
	}
	if len(kw) == 0 && !b.varkw {
		return nil
	}
	extra := value.NewDict(0)
	for _, k := range kw {
		if b.named(k.Name) {
			continue
		}
		if !b.varkw {
			return exception.TypeErrorf("%s() got an unexpected keyword argument '%s'", b.Name, k.Name)
		}
		extra.Set(k.Name, k.Val)
	}
	if b.varkw {
		th.Stack = append(th.Stack, extra)
	}
	return nil
}

func (b *Builtin) named(name string) bool {
	for i := range b.params {
		if b.params[i].name == name && !b.params[i].posOnly {
			return true
		}
	}
	return false
}

// Table makes a lookup table of builtins.
func Table(bs ...*Builtin) map[string]*Builtin {
	m := make(map[string]*Builtin, len(bs))
	for _, b := range bs {
		m[b.Name] = b
	}
	return m
}
