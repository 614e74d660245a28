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

// ParseFloat reads a float as Python's float() does.
func ParseFloat(s string) (float64, error) {
	t := pytext.ASCIIDigits(strings.TrimFunc(s, pytext.IsSpace))
	body := strings.TrimLeft(t, "+-")
	bad := exception.ValueErrorf("could not convert string to float: %s", value.Repr(s))
	if len(t)-len(body) > 1 {
		return 0, bad
	}
	switch strings.ToLower(body) {
	case "inf", "infinity":
		if t[0] == '-' {
			return math.Inf(-1), nil
		}
		return math.Inf(1), nil
	case "nan":
		return math.NaN(), nil
	}
	n, _ := DecimalLen(body)
	if n == 0 || n != len(body) {
		return 0, bad
	}
	f, ok := ReadFloat(t)
	if !ok {
		return 0, bad
	}
	return f, nil
}

// ParseInt is Python's int() of a text: blanks around it, a sign and single
// underscores are allowed, and a prefix that fits the base.
func ParseInt(s string, base int) (*big.Int, error) {
	t := pytext.ASCIIDigits(strings.TrimFunc(s, pytext.IsSpace))
	bad := exception.ValueErrorf("invalid literal for int() with base %d: %s", base, value.Repr(s))
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
		return nil, bad
	case base == 0:
		base = 10
	}
	if t == "" || strings.HasPrefix(t, "_") || strings.HasSuffix(t, "_") || strings.Contains(t, "__") || strings.ContainsAny(t, "+-") {
		return nil, bad
	}
	t = strings.ReplaceAll(t, "_", "")
	if len(t) > MaxDigits && base&(base-1) != 0 {
		return nil, exception.ValueErrorf("Exceeds the limit (%d digits) for integer string conversion", MaxDigits)
	}
	n, ok := new(big.Int).SetString(sign+t, base)
	if !ok {
		return nil, bad
	}
	return n, nil
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
