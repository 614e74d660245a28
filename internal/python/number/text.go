package number

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// ParseFloat is Python's float(s). White space around the number, a sign, single underscores
// between digits, "inf" and "nan" are allowed. A number that is too large gives an infinity. The
// error is a ValueError.
func ParseFloat(s string) (float64, error) {
	f, ok := TextFloat(s)
	if !ok {
		return 0, exception.ValueErrorf("could not convert string to float: %s", value.Repr(s))
	}
	return f, nil
}

// TextFloat is ParseFloat for callers that need no exception, which would allocate memory: ok is
// false instead.
func TextFloat(s string) (f float64, ok bool) {
	t := pytext.ASCIIDigits(strings.TrimFunc(s, pytext.IsSpace))
	body := strings.TrimLeft(t, "+-")
	if len(t)-len(body) > 1 {
		return 0, false
	}
	if n, _ := DecimalLen(body); n > 0 && n == len(body) {
		return ReadFloat(t)
	}
	switch strings.ToLower(body) {
	case "inf", "infinity":
		if t[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	case "nan":
		return math.NaN(), true
	}
	return 0, false
}

// mostShort is the number of digits that always fit into an int64.
const mostShort = 18

// ParseInt is Python's int(s, base). White space around the number, a sign, single underscores
// between digits and a prefix of the base such as "0x" are allowed. The result is an int64 or,
// beyond its range, a *big.Int. The error is a ValueError.
func ParseInt(s string, base int) (any, error) {
	n, digits, ok := textInt(s, base)
	switch {
	case ok:
		return n, nil
	case digits > MaxDigits:
		return nil, exception.ValueErrorf("Exceeds the limit (%d digits) for integer string conversion", MaxDigits)
	}
	return nil, exception.ValueErrorf("invalid literal for int() with base %d: %s", base, value.Repr(s))
}

// TextInt is ParseInt with base 10 for callers that need no exception, which would allocate memory:
// ok is false instead.
func TextInt(s string) (n any, ok bool) {
	n, _, ok = textInt(s, 10)
	return n, ok
}

// textInt is ParseInt without the exception. If there are too many digits, it gives their number;
// otherwise digits is 0.
func textInt(s string, base int) (n any, digits int, ok bool) {
	if base == 10 {
		if n, ok := shortInt(s); ok {
			return n, 0, true
		}
	}
	t := pytext.ASCIIDigits(strings.TrimFunc(s, pytext.IsSpace))
	sign := ""
	if t != "" && (t[0] == '+' || t[0] == '-') {
		sign, t = t[:1], t[1:]
	}
	prefix := 0
	if len(t) > 1 && t[0] == '0' {
		prefix = map[byte]int{'b': 2, 'o': 8, 'x': 16}[t[1]|0x20]
	}
	switch {
	case prefix != 0 && (base == prefix || base == 0):
		base, t = prefix, strings.TrimPrefix(t[2:], "_")
	case base == 0 && len(t) > 1 && t[0] == '0' && strings.Trim(t, "0_") != "":
		return nil, 0, false
	case base == 0:
		base = 10
	}
	if t == "" || strings.HasPrefix(t, "_") || strings.HasSuffix(t, "_") || strings.Contains(t, "__") || strings.ContainsAny(t, "+-") {
		return nil, 0, false
	}
	t = strings.ReplaceAll(t, "_", "")
	if len(t) > MaxDigits && base&(base-1) != 0 {
		return nil, len(t), false
	}
	x, ok := new(big.Int).SetString(sign+t, base)
	if !ok {
		return nil, 0, false
	}
	return value.Integer(x), 0, true
}

// shortInt reads the usual form of a whole number: up to mostShort digits, perhaps after a minus
// sign.
func shortInt(s string) (n int64, ok bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > mostShort {
		return 0, false
	}
	for i := range len(digits) {
		c := digits[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(s) {
		n = -n
	}
	return n, true
}

// DecimalLen is the length of the decimal number at the beginning of s, and whether it is a float.
func DecimalLen(s string) (n int, isFloat bool) {
	n = DigitsLen(s)
	if n < len(s) && s[n] == '.' {
		m := DigitsLen(s[n+1:])
		if n == 0 && m == 0 {
			return 0, false
		}
		n += 1 + m
		isFloat = true
	}
	if n > 0 && n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		i := n + 1
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if m := DigitsLen(s[i:]); m > 0 {
			return i + m, true
		}
	}
	return n, isFloat
}

// ReadFloat reads a decimal number that may contain underscores. One that is too large gives an
// infinity.
func ReadFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && f == 0 {
		return 0, false
	}
	return f, true
}

// MaxDigits is Python's limit for converting between ints and decimal text.
const MaxDigits = 4300

// MaxDecimalBits is the size in bits up to which an int certainly has at most MaxDigits digits.
const MaxDecimalBits = 14000

// DigitsLen is the length of the digits at the beginning of s, with single underscores between
// them.
func DigitsLen(s string) int {
	i := 0
	for i < len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			i++
			continue
		}
		if s[i] == '_' && i > 0 && s[i-1] != '_' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
			i++
			continue
		}
		break
	}
	return i
}

// BaseDigitsLen is the length of the digits at the beginning of s, each after an optional
// underscore. valid lists the digits.
func BaseDigitsLen(s, valid string) int {
	i := 0
	for i < len(s) {
		j := i
		if s[j] == '_' {
			j++
		}
		if j >= len(s) || strings.IndexByte(valid, s[j]) < 0 {
			break
		}
		i = j + 1
	}
	return i
}
