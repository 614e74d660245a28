package jinja

import (
	"strconv"
	"strings"

	"anytap/internal/value"
)

// kwarg is a keyword argument.
type kwarg struct {
	name string
	val  any
}

// param is a parameter of a builtin.
type param struct {
	name     string
	def      any
	optional bool
	posOnly  bool
	kwOnly   bool
}

// builtin is a function, filter, test or method written in Go. It gets its
// arguments in the order of its parameters, defaults filled in, then, if it
// takes them, a tuple of further arguments and a dict of further keywords. Of
// a method and a filter the first argument is what it is applied to. It must
// not keep the argument slice.
type builtin struct {
	name     string
	params   []param
	varargs  bool
	varkw    bool
	mutates  bool // changes its receiver
	volatile bool // result must not be computed ahead
	fn       func(st *thread, a []any) (any, error)
}

// TypeName is part of value.Object.
func (b *builtin) TypeName() string { return "function" }

// Repr is part of value.Object.
func (b *builtin) Repr() string { return "<function " + b.name + " at " + address(b) + ">" }

// Str is part of value.Object.
func (b *builtin) Str() string { return b.Repr() }

// Truth is part of value.Object.
func (b *builtin) Truth() bool { return true }

// def makes a builtin. Its signature is written as in Python: "a, b=1, /, *,
// c=None" with "*" and "**" for further arguments.
func def(name, signature string, fn func(st *thread, a []any) (any, error)) *builtin {
	b := &builtin{name: name, fn: fn}
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

// splitParams divides a signature at the commas that are not quoted.
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

// changing marks a method that changes its receiver.
func changing(b *builtin) *builtin {
	b.mutates = true
	return b
}

// late marks what must not be computed while the template is compiled.
func late(b *builtin) *builtin {
	b.volatile = true
	return b
}

// call binds arguments to parameters and runs the builtin.
func (b *builtin) Call(st *thread, pos []any, kw []kwarg) (any, error) {
	if err := st.step(1); err != nil {
		return nil, err
	}
	if len(kw) == 0 && len(pos) == len(b.params) && !b.varargs && !b.varkw && (len(pos) == 0 || !b.params[len(pos)-1].kwOnly) {
		return b.result(st, pos)
	}
	base := len(st.stack)
	defer func() { st.stack = st.stack[:base] }()
	for i := range b.params {
		v, err := b.bind(i, pos, kw)
		if err != nil {
			return nil, err
		}
		st.stack = append(st.stack, v)
	}
	if err := b.rest(st, pos, kw); err != nil {
		return nil, err
	}
	return b.result(st, st.stack[base:])
}

func (b *builtin) result(st *thread, args []any) (any, error) {
	v, err := b.fn(st, args)
	if err == nil {
		err = st.spend(v)
	}
	return v, err
}

// bind finds the value of parameter i.
func (b *builtin) bind(i int, pos []any, kw []kwarg) (any, error) {
	p := &b.params[i]
	given := i < len(pos) && !p.kwOnly
	if !p.posOnly {
		for _, k := range kw {
			if k.name != p.name {
				continue
			}
			if given {
				return nil, raiseType("%s() got multiple values for argument '%s'", b.name, p.name)
			}
			return k.val, nil
		}
	}
	if given {
		return pos[i], nil
	}
	if !p.optional {
		return nil, raiseType("%s() missing required argument: '%s'", b.name, p.name)
	}
	return p.def, nil
}

// rest collects what no parameter takes.
func (b *builtin) rest(st *thread, pos []any, kw []kwarg) error {
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
		st.stack = append(st.stack, extra)
	case len(pos) > n:
		return raiseType("%s() takes %d positional arguments but %d were given", b.name, n, len(pos))
	}
	if len(kw) == 0 && !b.varkw {
		return nil
	}
	extra := value.NewDict(0)
	for _, k := range kw {
		if b.named(k.name) {
			continue
		}
		if !b.varkw {
			return raiseType("%s() got an unexpected keyword argument '%s'", b.name, k.name)
		}
		extra.Set(k.name, k.val)
	}
	if b.varkw {
		st.stack = append(st.stack, extra)
	}
	return nil
}

func (b *builtin) named(name string) bool {
	for i := range b.params {
		if b.params[i].name == name && !b.params[i].posOnly {
			return true
		}
	}
	return false
}

// table makes a lookup table of builtins.
func table(bs ...*builtin) map[string]*builtin {
	m := make(map[string]*builtin, len(bs))
	for _, b := range bs {
		m[b.name] = b
	}
	return m
}
