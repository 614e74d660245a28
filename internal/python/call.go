package python

import (
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Call is Python's fn(*pos, **kw).
func Call(th *Thread, fn any, pos []any, kw []Keyword) (any, error) {
	if f, ok := fn.(Callable); ok {
		return f.Call(th, pos, kw)
	}
	if err := exception.Raised(fn); err != nil {
		return nil, err
	}
	return nil, exception.TypeErrorf("'%s' object is not callable", value.TypeName(fn))
}

// BoundMethod is a method together with its receiver.
type BoundMethod struct {
	Truthy
	recv any
	b    *Builtin
}

// Bind binds the method b to its receiver.
func Bind(b *Builtin, self any) *BoundMethod { return &BoundMethod{recv: self, b: b} }

// TypeName is part of value.Object.
func (m *BoundMethod) TypeName() string { return "builtin_function_or_method" }

// Repr is part of value.Object.
func (m *BoundMethod) Repr() string {
	switch m.recv.(type) {
	case pytext.Markup, Mapping:
		class := value.TypeName(m.recv)
		return "<bound method " + class[strings.LastIndexByte(class, '.')+1:] + "." + m.b.Name + " of " + value.Repr(m.recv) + ">"
	}
	return "<built-in method " + m.b.Name + " of " + value.TypeName(m.recv) + " object at " + Address(m) + ">"
}

// Held is part of Holder.
func (m *BoundMethod) Held() any { return m.recv }

// Str is part of value.Object.
func (m *BoundMethod) Str() string { return m.Repr() }

// Call is part of Callable.
func (m *BoundMethod) Call(th *Thread, pos []any, kw []Keyword) (any, error) {
	base := len(th.Stack)
	th.Stack = append(append(th.Stack, m.recv), pos...)
	v, err := m.b.Call(th, th.Stack[base:], kw)
	th.Stack = th.Stack[:base]
	return v, err
}
