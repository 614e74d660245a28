package jinja

import (
	"math/big"
	"strings"

	"anytap/internal/value"
)

// methodsOf returns the methods of a value's type.
func methodsOf(v any) map[string]*builtin {
	switch v.(type) {
	case string:
		return strMethods
	case *value.Dict:
		return dictMethods
	case *value.List:
		return listMethods
	case int64, *big.Int, bool:
		return intMethods
	case float64:
		return floatMethods
	case markup:
		return strMethods
	case value.Tuple:
		return tupleMethods
	case value.Datetime:
		return datetimeMethods
	case value.Date:
		return dateMethods
	case value.Timedelta:
		return timedeltaMethods
	case value.Bytes:
		return bytesMethods
	case *value.Set:
		return setMethods
	case *dictView:
		return viewMethods
	case *Duration:
		return durationMethods
	case *zone:
		return zoneMethods
	case *iterator:
		return iteratorMethods
	case mapping:
		return mappingMethods
	}
	return nil
}

// attribute is Python's getattr: a property or a bound method.
func attribute(st *thread, v any, name string) (any, bool, error) {
	if err := raised(v); err != nil {
		if isDunder(name) {
			return missing, hasDunder(v, name), nil
		}
		return nil, false, err
	}
	if b, ok := st.hooks.methods(v)[name]; ok {
		return &boundMethod{recv: v, b: b}, true, nil
	}
	if o, ok := v.(object); ok {
		if x, ok, err := o.attribute(name); ok || err != nil {
			return x, ok, err
		}
	} else if x, ok := st.hooks.property(v, name); ok {
		return x, true, nil
	}
	if d, ok := v.(delegating); ok {
		return attribute(st, d.delegate(), name)
	}
	if isDunder(name) && hasDunder(v, name) {
		return missing, true, nil
	}
	return nil, false, nil
}

// object is a value with attributes of its own.
type object interface {
	attribute(name string) (v any, found bool, err error)
}

// delegating is an object whose other attributes are those of another value: it has __getattr__.
type delegating interface{ delegate() any }

// property is a value's attribute that is not a method.
func property(v any, name string) (any, bool) {
	switch v := v.(type) {
	case bool:
		return intProperty(bigInt(v), name)
	case int64:
		return intProperty(bigInt(v), name)
	case *big.Int:
		return intProperty(v, name)
	case float64:
		switch name {
		case "real":
			return v, true
		case "imag":
			return 0.0, true
		}
	case value.Datetime:
		return datetimeProperty(v, name)
	case value.Date:
		return dateProperty(v, name)
	case value.Timedelta:
		return timedeltaProperty(v, name)
	case *dictView:
		if name == "mapping" {
			return v.d, true
		}
	}
	return nil, false
}

func intProperty(n *big.Int, name string) (any, bool) {
	switch name {
	case "real", "numerator":
		return value.Integer(n), true
	case "imag":
		return int64(0), true
	case "denominator":
		return int64(1), true
	}
	return nil, false
}

func isDunder(name string) bool {
	return len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__")
}

// getAttr is the template's "v.name": the attribute, else the item.
func getAttr(st *thread, v any, name string) (any, error) {
	x, found, err := attribute(st, v, name)
	if err != nil {
		return nil, err
	}
	if found {
		return safe(v, name, x), nil
	}
	x, err = subscript(v, name)
	if err == nil {
		return x, nil
	}
	if isAny(err, typeError, "LookupError") {
		return &undefined{name: name, of: v, member: true}, nil
	}
	return nil, err
}

// safe withholds private attributes, as the sandbox does.
func safe(v any, name string, x any) any {
	if !strings.HasPrefix(name, "_") || name == "_partition" {
		return x
	}
	return &undefined{
		hint: "access to attribute " + value.Repr(name) + " of '" + value.TypeName(v) + "' object is unsafe.",
		name: name, of: v, member: true, class: securityError,
	}
}

// getItem is the template's "v[arg]": the item, else for text the attribute.
func getItem(st *thread, v, arg any) (any, error) {
	x, err := subscript(v, arg)
	if err == nil {
		return x, nil
	}
	if !isAny(err, typeError, "LookupError") {
		return nil, err
	}
	if name, ok := text(arg); ok {
		x, found, err := attribute(st, v, name)
		if err != nil {
			return nil, err
		}
		if found {
			return safe(v, name, x), nil
		}
	}
	return &undefined{name: arg, of: v, member: true}, nil
}
