package yaml11

import (
	"math/big"
	"strconv"

	"anytap/internal/value"
)

// Describe says what the node is, for messages: "map", "list", `text "a"`, "whole number 5".
func (n *Node) Describe() string {
	if n.Kind != Scalar {
		return n.Kind.String()
	}
	switch v := n.Value.(type) {
	case string:
		return "text " + Quote(v)
	case bool, int64, float64:
		return typeWord(v) + " " + value.Str(v)
	}
	return typeWord(n.Value)
}

// Quote quotes a text for a message and cuts it to 40 characters: manifests hold texts of any
// length.
func Quote(s string) string {
	const most = 40
	if chars := []rune(s); len(chars) > most {
		s = string(chars[:most]) + "…"
	}
	return strconv.Quote(s)
}

// typeWord names a value's type in words.
func typeWord(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "boolean"
	case int64, *big.Int:
		return "whole number"
	case float64:
		return "number"
	case *value.Dict:
		return "map"
	case *value.List, value.Tuple:
		return "list"
	case value.Date:
		return "date (put it in quotes to make it text)"
	case value.Datetime:
		return "date and time (put it in quotes to make it text)"
	}
	return value.TypeName(v)
}
