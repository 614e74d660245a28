package method

import (
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// Of gives the methods of a value's type by name; nil if it has none.
func Of(v any) map[string]*python.Builtin {
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
	case pytext.Markup:
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
	case *python.DictView:
		return viewMethods
	case *pytime.Duration:
		return durationMethods
	case *zone:
		return zoneMethods
	case *python.Iterator:
		return iteratorMethods
	case python.Mapping:
		return mappingMethods
	}
	return nil
}

// Property gives an attribute of a value that is not a method.
func Property(v any, name string) (any, bool) {
	switch v := v.(type) {
	case bool:
		return intProperty(number.Big(v), name)
	case int64:
		return intProperty(number.Big(v), name)
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
	case *python.DictView:
		if name == "mapping" {
			return v.D, true
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
