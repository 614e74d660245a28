package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// getAttr is the template's "v.name": the attribute or, if there is none, the item.
func getAttr(th *python.Thread, v any, name string) (any, error) {
	x, found, err := python.GetAttr(th, v, name)
	if err != nil {
		return nil, err
	}
	if found {
		return safe(v, name, x), nil
	}
	x, err = python.GetItem(th, v, name)
	if err == nil {
		return x, nil
	}
	if exception.Is(err, exception.TypeError, "LookupError") {
		return &undefined{name: name, of: v, member: true}, nil
	}
	return nil, err
}

// safe replaces a private attribute by an undefined value, as Jinja's sandbox does. The private
// attribute _partition of a stream slice is allowed.
func safe(v any, name string, x any) any {
	_, class := v.(classVal)
	if !strings.HasPrefix(name, "_") && !(class && name == "mro") || name == "_partition" {
		return x
	}
	return &undefined{
		hint: "access to attribute " + value.Repr(name) + " of '" + value.TypeName(v) + "' object is unsafe.",
		name: name, of: v, member: true, class: securityError,
	}
}

// getItem is the template's "v[arg]": the item or, if there is none and arg is text, the attribute.
func getItem(th *python.Thread, v, arg any) (any, error) {
	x, err := python.GetItem(th, v, arg)
	if err == nil {
		return x, nil
	}
	if !exception.Is(err, exception.TypeError, "LookupError") {
		return nil, err
	}
	if name, ok := pytext.Of(arg); ok {
		x, found, err := python.GetAttr(th, v, name)
		if err != nil {
			return nil, err
		}
		if found {
			return safe(v, name, x), nil
		}
	}
	return &undefined{name: arg, of: v, member: true}, nil
}

// attributeMissing is the AttributeError for a method that a value does not have.
func attributeMissing(v any, name string) error {
	if err := exception.Raised(v); err != nil {
		return err
	}
	return exception.New(exception.AttributeError, "'%s' object has no attribute '%s'", value.TypeName(v), name)
}
