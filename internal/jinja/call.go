package jinja

import (
	"strings"

	"anytap/internal/value"
)

// callable is an object that can be called.
type callable interface {
	Call(st *thread, pos []any, kw []kwarg) (any, error)
}

// call calls any value.
func call(st *thread, fn any, pos []any, kw []kwarg) (any, error) {
	if f, ok := fn.(callable); ok {
		return f.Call(st, pos, kw)
	}
	if err := raised(fn); err != nil {
		return nil, err
	}
	return nil, raiseType("'%s' object is not callable", value.TypeName(fn))
}

// boundMethod is a method together with what it is applied to.
type boundMethod struct {
	plain
	recv any
	b    *builtin
}

// bind makes the method b of a value.
func bind(b *builtin, self any) *boundMethod { return &boundMethod{recv: self, b: b} }

// TypeName is part of value.Object.
func (m *boundMethod) TypeName() string { return "builtin_function_or_method" }

// Repr is part of value.Object.
func (m *boundMethod) Repr() string {
	switch m.recv.(type) {
	case markup, mapping:
		class := value.TypeName(m.recv)
		return "<bound method " + class[strings.LastIndexByte(class, '.')+1:] + "." + m.b.name + " of " + value.Repr(m.recv) + ">"
	}
	return "<built-in method " + m.b.name + " of " + value.TypeName(m.recv) + " object at " + address(m) + ">"
}

// Str is part of value.Object.
func (m *boundMethod) Str() string { return m.Repr() }

func (m *boundMethod) Call(st *thread, pos []any, kw []kwarg) (any, error) {
	base := len(st.stack)
	st.stack = append(append(st.stack, m.recv), pos...)
	v, err := m.b.Call(st, st.stack[base:], kw)
	st.stack = st.stack[:base]
	return v, err
}
