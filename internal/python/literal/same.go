package literal

import (
	"math/big"

	"anytap/internal/python/number"
	"anytap/internal/value"
)

// RoundTrips reports whether Typed(str(v)) certainly gives v again, so that callers can skip both.
// It reports false if it cannot tell, for example if v consists of more than budget values. depth
// is 0 for a value that is not inside a container.
func RoundTrips(v any, depth int, budget *int) bool {
	if *budget--; *budget < 0 || depth > maxBrackets {
		return false
	}
	switch x := v.(type) {
	case nil, bool, int64:
		return true
	case string:
		// str quotes a text inside a container. A text alone stays as it is, so it might be read as
		// another literal.
		return depth > 0 || x != "" && !MayBe(x)
	case *big.Int:
		return x.BitLen() <= number.MaxDecimalBits
	case float64:
		return x-x == 0
	case *value.Dict:
		if raw, ok := x.Untouched(); ok {
			return plainJSON(raw, depth)
		}
		for k, e := range x.AllKeys() {
			if !RoundTrips(k, depth+1, budget) || !RoundTrips(e, depth+1, budget) {
				return false
			}
		}
		return true
	case *value.List:
		if raw, ok := x.Untouched(); ok {
			return plainJSON(raw, depth)
		}
		for _, e := range x.All() {
			if !RoundTrips(e, depth+1, budget) {
				return false
			}
		}
		return true
	case value.Tuple:
		for _, e := range x {
			if !RoundTrips(e, depth+1, budget) {
				return false
			}
		}
		return true
	}
	return false
}

// maxPlainDigits is a number of digits at which a float is still finite and an int still has fewer
// than number.MaxDigits.
const maxPlainDigits = 300

// plainJSON reports whether all numbers in a JSON text are small enough and it is not nested too
// deeply.
func plainJSON(raw []byte, depth int) bool {
	run := 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c >= '0' && c <= '9':
			if run++; run > maxPlainDigits {
				return false
			}
			continue
		case c == 'e' || c == 'E' || c == 'N' || c == 'I':
			if run > 0 || c == 'N' || c == 'I' {
				return false
			}
		case c == '{' || c == '[':
			if depth++; depth > maxBrackets {
				return false
			}
		case c == '}' || c == ']':
			depth--
		case c == '"':
			for i++; i < len(raw) && raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		}
		run = 0
	}
	return true
}
