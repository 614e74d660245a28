package value

import (
	"math/big"
	"strconv"
)

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

// KindName is a type of JSON Schema in plain words: "a text".
func KindName(jsonType string) string {
	switch jsonType {
	case "null":
		return "null"
	case "boolean":
		return "true or false"
	case "integer":
		return "a whole number"
	case "number":
		return "a number"
	case "string":
		return "a text"
	case "array":
		return "a list"
	}
	return "an object"
}

// Describe says in plain words what a value is, for messages: "a text", "the number 5". It never
// tells what a text says.
func Describe(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64, float64, *big.Int:
		return "the number " + string(Append(nil, v))
	}
	return KindName(JSONType(v))
}
