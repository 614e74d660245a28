package yaml11

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"anytap/internal/value"
)

// The two plain texts that have a meaning of their own in YAML 1.1, as keys only.
const (
	mergeKey = "<<"
	valueKey = "="
)

// resolvePlain gives the value of an unquoted scalar by the rules of YAML 1.1
// (https://yaml.org/type/) as PyYAML has them: its forms of floats and timestamps are narrower.
func resolvePlain(s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
		return resolveNumber(s)
	case c > '~' || c < '0' && c != '<' && c != '=' && c != '!' && c != '&' && c != '*':
		return s, nil
	}
	switch s {
	case "~", "null", "Null", "NULL":
		return nil, nil
	case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return true, nil
	case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return false, nil
	case mergeKey, valueKey, "!", "&", "*":
		return nil, fmt.Errorf("%q can not be a value; put it in quotes", s)
	}
	return s, nil
}

func resolveNumber(s string) (any, error) {
	switch {
	case isFloat(s):
		return parseFloat(s)
	case isInt(s):
		return parseInt(s)
	}
	if len(s) >= 8 && s[0] >= '0' && s[0] <= '9' && strings.IndexByte(s, '-') == 4 {
		if t, ok := scanTimestamp(s); ok && (t.hasTime || len(s) == 10) {
			return t.value(s)
		}
	}
	return s, nil
}

// span returns how many leading bytes of s are in the set.
func span(s string, in func(byte) bool) int {
	i := 0
	for i < len(s) && in(s[i]) {
		i++
	}
	return i
}

func digit(c byte) bool      { return c >= '0' && c <= '9' }
func digitOrBar(c byte) bool { return digit(c) || c == '_' }

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

// isFloat follows PyYAML: a float needs a point, its exponent needs a sign, and ".5" takes no sign.
func isFloat(s string) bool {
	u := unsigned(s)
	switch u {
	case ".inf", ".Inf", ".INF":
		return true
	}
	switch s {
	case ".nan", ".NaN", ".NAN":
		return true
	case "":
		return false
	}
	if s[0] == '.' {
		return len(s) > 1 && digit(s[1]) && isExponent(s[1+span(s[1:], digitOrBar):])
	}
	if u == "" || !digit(u[0]) {
		return false
	}
	rest := u[span(u, digitOrBar):]
	if rest == "" {
		return false
	}
	if rest[0] == '.' {
		return isExponent(rest[1+span(rest[1:], digitOrBar):])
	}
	if rest = skipSixties(rest); len(rest) == len(u) || rest == "" || rest[0] != '.' {
		return false
	}
	return span(rest[1:], digitOrBar) == len(rest)-1
}

func isExponent(s string) bool {
	if s == "" {
		return true
	}
	return len(s) > 2 && (s[0] == 'e' || s[0] == 'E') && (s[1] == '-' || s[1] == '+') && span(s[2:], digit) == len(s)-2
}

// skipSixties drops leading groups such as ":59" of a base-60 number. Without any it gives "".
func skipSixties(s string) string {
	start := len(s)
	for len(s) > 1 && s[0] == ':' && digit(s[1]) {
		n := 2
		if len(s) > 2 && s[1] <= '5' && digit(s[2]) {
			n = 3
		}
		s = s[n:]
	}
	if len(s) == start {
		return ""
	}
	return s
}

func isInt(s string) bool {
	u := unsigned(s)
	switch {
	case u == "" || !digit(u[0]):
		return false
	case strings.HasPrefix(u, "0b"):
		return len(u) > 2 && span(u[2:], func(c byte) bool { return c == '0' || c == '1' || c == '_' }) == len(u)-2
	case strings.HasPrefix(u, "0x"):
		return len(u) > 2 && span(u[2:], func(c byte) bool {
			return digitOrBar(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		}) == len(u)-2
	case u[0] == '0':
		return span(u, func(c byte) bool { return c >= '0' && c <= '7' || c == '_' }) == len(u)
	}
	n := span(u, digitOrBar)
	return n == len(u) || u[n] == ':' && endsSixties(u[n:])
}

// endsSixties tells whether s consists of base-60 groups.
func endsSixties(s string) bool {
	for s != "" {
		if len(s) < 2 || s[0] != ':' || !digit(s[1]) {
			return false
		}
		n := 2
		if len(s) > 2 && digit(s[2]) {
			if s[1] > '5' {
				return false
			}
			n = 3
		}
		s = s[n:]
	}
	return true
}

// mostDigits is how many digits a whole number may have, as in Python.
const mostDigits = 4300

func parseInt(s string) (any, error) {
	u := strings.ReplaceAll(unsigned(s), "_", "")
	if len(u) > mostDigits {
		return nil, fmt.Errorf("a whole number has more than %d digits", mostDigits)
	}
	negative := s[0] == '-'
	base, digits := 10, u
	switch {
	case u == "0":
	case strings.HasPrefix(u, "0b"):
		base, digits = 2, u[2:]
	case strings.HasPrefix(u, "0x"):
		base, digits = 16, u[2:]
	case u != "" && u[0] == '0':
		base = 8
	case strings.Contains(u, ":"):
		return sexagesimalInt(u, negative)
	}
	if negative {
		digits = "-" + digits
	}
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return n, nil
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return nil, fmt.Errorf("%q is no whole number", s)
	}
	return n, nil
}

func sexagesimalInt(u string, negative bool) (any, error) {
	sum := new(big.Int)
	for part := range strings.SplitSeq(u, ":") {
		n, ok := new(big.Int).SetString(part, 10)
		if !ok {
			return nil, fmt.Errorf("%q is no base-60 number", u)
		}
		sum.Add(sum.Mul(sum, big.NewInt(60)), n)
	}
	if negative {
		sum.Neg(sum)
	}
	if sum.IsInt64() {
		return sum.Int64(), nil
	}
	return sum, nil
}

func parseFloat(s string) (any, error) {
	u := strings.ToLower(strings.ReplaceAll(unsigned(s), "_", ""))
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	switch {
	case u == ".inf":
		return math.Inf(int(sign)), nil
	case u == ".nan":
		return math.NaN(), nil
	case strings.Contains(u, ":"):
		parts := strings.Split(u, ":")
		sum, base := 0.0, 1.0
		for i := len(parts) - 1; i >= 0; i-- {
			f, err := strconv.ParseFloat(parts[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%q is no base-60 number", s)
			}
			sum += f * base
			base *= 60
		}
		return sign * sum, nil
	}
	f, err := strconv.ParseFloat(u, 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil, fmt.Errorf("%q is no number", s)
	}
	return sign * f, nil
}

// resolveTagged gives the value of a scalar with an explicit tag.
func resolveTagged(tag, s string) (any, error) {
	switch tag {
	case "!!str":
		return s, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		switch strings.ToLower(s) {
		case "yes", "true", "on":
			return true, nil
		case "no", "false", "off":
			return false, nil
		}
		return nil, fmt.Errorf("%q is no boolean", s)
	case "!!int":
		if u := unsigned(s); isInt(s) || u != "" && span(u, digitOrBar) == len(u) {
			return parseInt(s)
		}
		return nil, fmt.Errorf("%q is no whole number", s)
	case "!!float":
		if isFloat(s) || isInt(s) {
			return parseFloat(s)
		}
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return parseFloat(s)
		}
		return nil, fmt.Errorf("%q is no number", s)
	case "!!timestamp":
		if t, ok := scanTimestamp(s); ok {
			return t.value(s)
		}
		return nil, fmt.Errorf("%q is no timestamp", s)
	case "!!binary":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
		if err != nil {
			return nil, fmt.Errorf("decode binary: %w", err)
		}
		return value.Bytes(b), nil
	}
	return nil, fmt.Errorf("the tag %s has no meaning here", tag)
}
