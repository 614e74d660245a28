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

// ParseFloat is Python's float() of a text: white space around it, a sign, single underscores between digits, inf and nan are
// allowed. Text that is too large is an infinity.
func ParseFloat(s string) (float64, error) {
	f, ok := TextFloat(s)
	if !ok {
		return 0, exception.ValueErrorf("could not convert string to float: %s", value.Repr(s))
	}
	return f, nil
}

// TextFloat is ParseFloat for who does not need the exception; ok is false where there would be one.
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

// mostShort is how many digits surely make an int64.
const mostShort = 18

// ParseInt is Python's int() of a text: white space around it, a sign and single underscores between digits are allowed, and a
// prefix such as "0x" that fits the base. The result is an int64, or a *big.Int for what lies beyond.
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

// TextInt is ParseInt with base 10 for who does not need the exception; ok is false where there would be one.
func TextInt(s string) (n any, ok bool) {
	n, _, ok = textInt(s, 10)
	return n, ok
}

// textInt tells the number of digits where that is more than there may be.
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

// shortInt reads what most texts of whole numbers are: a few digits.
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

// DecimalLen is the length of a decimal number.
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

// ReadFloat reads a float; too large ones are infinite.
func ReadFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && f == 0 {
		return 0, false
	}
	return f, true
}

// MaxDigits is Python's limit for integers in decimal text.
const MaxDigits = 4300

// MaxDecimalBits is the size up to which an integer surely has few enough
// digits to be shown.
const MaxDecimalBits = 14000

// DigitsLen is the length of digits with single underscores between them.
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

// BaseDigitsLen is the length of groups of one optional underscore and a digit.
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
