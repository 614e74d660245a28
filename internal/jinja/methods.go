package jinja

import (
	"math/big"

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
