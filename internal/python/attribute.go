package python

import (
	"strings"

	"anytap/internal/python/exception"
)

// GetAttr is Python's getattr(v, name): a property or a bound method. found is false if v has no
// such attribute. The value of a special attribute such as __class__ is a placeholder.
func GetAttr(th *Thread, v any, name string) (x any, found bool, err error) {
	if err := exception.Raised(v); err != nil {
		if isDunder(name) {
			return specialAttribute{}, hasDunder(v, name), nil
		}
		return nil, false, err
	}
	if b, ok := th.Hooks.Methods(v)[name]; ok {
		return Bind(b, v), true, nil
	}
	if o, ok := v.(Attributed); ok {
		if x, ok, err := o.Attribute(name); ok || err != nil {
			return x, ok, err
		}
	} else if x, ok := th.Hooks.Property(v, name); ok {
		return x, true, nil
	}
	if d, ok := v.(Delegating); ok {
		return GetAttr(th, d.Delegate(), name)
	}
	if isDunder(name) && hasDunder(v, name) {
		return specialAttribute{}, true, nil
	}
	return nil, false, nil
}

// specialAttribute stands for an attribute such as __class__, which exists but cannot be used.
type specialAttribute struct{}

func isDunder(name string) bool {
	return len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__")
}
