package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"anytap/internal/value"
)

// textToFloat reads a float as Python's float() does.
func textToFloat(s string) (float64, error) {
	t := asciiDigits(strings.TrimFunc(s, isSpace))
	body := strings.TrimLeft(t, "+-")
	bad := raiseValue("could not convert string to float: %s", value.Repr(s))
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
	n, _ := decimalLen(body)
	if n == 0 || n != len(body) {
		return 0, bad
	}
	f, ok := parseFloat(t)
	if !ok {
		return 0, bad
	}
	return f, nil
}

// parseInt is Python's int() of a text: blanks around it, a sign and single
// underscores are allowed, and a prefix that fits the base.
func parseInt(s string, base int) (*big.Int, error) {
	t := asciiDigits(strings.TrimFunc(s, isSpace))
	bad := raiseValue("invalid literal for int() with base %d: %s", base, value.Repr(s))
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
	if len(t) > maxIntDigits && base&(base-1) != 0 {
		return nil, raiseValue("Exceeds the limit (%d digits) for integer string conversion", maxIntDigits)
	}
	n, ok := new(big.Int).SetString(sign+t, base)
	if !ok {
		return nil, bad
	}
	return n, nil
}

// decimalLen is the length of a decimal number.
func decimalLen(s string) (n int, isFloat bool) {
	n = digitsLen(s)
	if n < len(s) && s[n] == '.' {
		m := digitsLen(s[n+1:])
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
		if m := digitsLen(s[i:]); m > 0 {
			return i + m, true
		}
	}
	return n, isFloat
}

// parseFloat reads a float; too large ones are infinite.
func parseFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && f == 0 {
		return 0, false
	}
	return f, true
}

// maxIntDigits is Python's limit for integers in decimal text.
const maxIntDigits = 4300

// maxDecimalBits is the size up to which an integer surely has few enough
// digits to be shown.
const maxDecimalBits = 14000

// digitsLen is the length of digits with single underscores between them.
func digitsLen(s string) int {
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

// baseDigitsLen is the length of groups of one optional underscore and a digit.
func baseDigitsLen(s, valid string) int {
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
