package value

import "math/big"

// Truth is Python's bool(v). None, zeros and empty values are false.
func Truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int64:
		return v != 0
	case float64:
		return v != 0
	case *Dict:
		return !v.Empty()
	case *List:
		return !v.Empty()
	}
	return truthOfOthers(v)
}

// truthOfOthers is Truth of the rarer types.
func truthOfOthers(v any) bool {
	switch v := plainGo(v).(type) {
	case nil:
		return false
	case *big.Int:
		return v.Sign() != 0
	case Tuple:
		return len(v) > 0
	case *Set:
		return v.Len() > 0
	case Bytes:
		return len(v) > 0
	case Timedelta:
		return v != 0
	case Object:
		return v.Truth()
	case bool, string, int64, float64, *Dict, *List: // what plainGo made of another type of Go
		return Truth(v)
	}
	return true
}

// TypeName is Python's type(v).__name__.
func TypeName(v any) string {
	switch v := plainGo(v).(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case int64, *big.Int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case *Dict:
		return "dict"
	case *List:
		return "list"
	case Tuple:
		return "tuple"
	case *Set:
		return "set"
	case Bytes:
		return "bytes"
	case Datetime:
		return "datetime"
	case Date:
		return "date"
	case Timedelta:
		return "timedelta"
	case Object:
		return v.TypeName()
	}
	return "object"
}

// messageName is the name of the type in Python's error messages.
func messageName(v any) string {
	switch v.(type) {
	case Datetime, Date, Timedelta:
		return "datetime." + TypeName(v)
	}
	return TypeName(v)
}
