package value

import "math/big"

// JSONType is the name that JSON Schema has for the type of a value.
func JSONType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int64, *big.Int:
		return "integer"
	case float64:
		return "number"
	case string:
		return "string"
	case *List:
		return "array"
	}
	return "object"
}
