package jinja

import (
	"strings"
)

// attribute is Python's getattr: a property or a bound method.
func attribute(st *thread, v any, name string) (any, bool, error) {
	if err := raised(v); err != nil {
		if isDunder(name) {
			return specialAttribute{}, hasDunder(v, name), nil
		}
		return nil, false, err
	}
	if b, ok := st.hooks.methods(v)[name]; ok {
		return bind(b, v), true, nil
	}
	if o, ok := v.(object); ok {
		if x, ok, err := o.Attribute(name); ok || err != nil {
			return x, ok, err
		}
	} else if x, ok := st.hooks.property(v, name); ok {
		return x, true, nil
	}
	if d, ok := v.(delegating); ok {
		return attribute(st, d.Delegate(), name)
	}
	if isDunder(name) && hasDunder(v, name) {
		return specialAttribute{}, true, nil
	}
	return nil, false, nil
}

// specialAttribute stands for an attribute such as __class__: it exists, and can not be used.
type specialAttribute struct{}

// object is a value with attributes of its own.
type object interface {
	Attribute(name string) (v any, found bool, err error)
}

// delegating is an object whose other attributes are those of another value: it has __getattr__.
type delegating interface{ Delegate() any }

func isDunder(name string) bool {
	return len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__")
}
