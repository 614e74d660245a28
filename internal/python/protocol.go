package python

import "anytap/internal/value"

// The interfaces of this file stand for Python's special methods. A value.Object implements those
// that its Python class has. An operation that needs another one raises a TypeError, as in Python.
// An object that raises whenever it is used is an exception.Raiser.

// Callable is an object that has __call__.
type Callable interface {
	Call(th *Thread, pos []any, kw []Keyword) (any, error)
}

// Attributed is an object with attributes of its own. found is false for a name that it does not
// have.
type Attributed interface {
	Attribute(name string) (v any, found bool, err error)
}

// Delegating is an object that has __getattr__: it looks up the attributes that it lacks in another
// value.
type Delegating interface{ Delegate() any }

// Iterable is an object that has __iter__.
type Iterable interface{ Iterator() *Iterator }

// Sized is an object that has __len__.
type Sized interface{ Len() (int, error) }

// Indexable is an object that has __getitem__.
type Indexable interface{ Item(arg any) (any, error) }

// Comparable is an object that has __eq__. Its work counts in m.
type Comparable interface {
	Equal(m *value.Meter, v any) bool
}

// Hashable is an object that has __hash__. Two objects are the same key of a dict if their keys are
// equal in Go.
type Hashable interface{ HashKey() any }

// Mapping is an object that acts as a dict without being one.
type Mapping interface {
	value.Object
	Attributed
	Dict() *value.Dict
}

// TupleLike is a tuple whose elements have names.
type TupleLike interface{ Tuple() value.Tuple }

// Holder is an object whose repr contains another value. Thread.Weigh counts that value too.
type Holder interface{ Held() any }
