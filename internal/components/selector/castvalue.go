package selector

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"anytap/internal/value"
)

// What Python's int(), float() and str.lower().strip() make of values, as far as casting by a schema needs them.

var (
	errNoCast   = errors.New("the value can not be cast") // a ValueError or TypeError: the value stays
	errOverflow = errors.New("the number is too large")   // an OverflowError: the stream ends
)

// index is a text as an index of a list of n, negative ones from the end.
func index(s string, n int) (int, bool) {
	v, err := toInt(s)
	i, ok := v.(int64)
	if err != nil || !ok || i >= int64(n) || i < -int64(n) {
		return 0, false
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), true
}

// trimmed takes white space and the underscores between digits out of a number's text.
func trimmed(s string) (string, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F })
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if !ascii {
		s = strings.Map(decimalDigit, s)
	}
	if !strings.Contains(s, "_") {
		return s, true
	}
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i == len(s)-1 || !isDigit(s[i-1]) || !isDigit(s[i+1])) {
			return "", false
		}
	}
	return strings.ReplaceAll(s, "_", ""), true
}

// decimalDigit makes an ASCII digit of a decimal digit of any script: each range of them begins with a zero.
func decimalDigit(r rune) rune {
	for _, in := range unicode.Nd.R16 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return '0' + (r-rune(in.Lo))%10
		}
	}
	for _, in := range unicode.Nd.R32 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return '0' + (r-rune(in.Lo))%10
		}
	}
	return r
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// toInt is Python's int().
func toInt(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case int64, *big.Int:
		return v, nil
	case float64:
		switch {
		case math.IsNaN(v):
			return nil, errNoCast
		case math.IsInf(v, 0):
			return nil, errOverflow
		case math.Abs(v) < 1<<62:
			return int64(v), nil
		}
		n, _ := big.NewFloat(v).Int(nil)
		return value.Integer(n), nil
	case string:
		return textInt(v)
	}
	return nil, errNoCast
}

// maxIntDigits is how long a text Python makes a number of.
const maxIntDigits = 4300

func textInt(s string) (any, error) {
	s, ok := trimmed(s)
	digits := strings.TrimPrefix(s, "+")
	if len(digits) == len(s) {
		digits = strings.TrimPrefix(s, "-")
	}
	if !ok || digits == "" || len(digits) > maxIntDigits || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return nil, errNoCast
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, errNoCast
	}
	return value.Integer(n), nil
}

// toFloat is Python's float().
func toFloat(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1.0, nil
		}
		return 0.0, nil
	case int64:
		return float64(v), nil
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		if math.IsInf(f, 0) {
			return nil, errOverflow
		}
		return f, nil
	case float64:
		return v, nil
	case string:
		return textFloat(v)
	}
	return nil, errNoCast
}

func textFloat(s string) (any, error) {
	s, ok := trimmed(s)
	if !ok || s == "" {
		return nil, errNoCast
	}
	word := strings.ToLower(strings.TrimLeft(s, "+-"))
	named := word == "inf" || word == "infinity" || word == "nan"
	if !named && strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }) {
		return nil, errNoCast
	}
	if len(s)-len(word) > 1 {
		return nil, errNoCast
	}
	if word == "nan" {
		return math.NaN(), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, errNoCast
	}
	return f, nil
}

// toBool is what the reference runtime makes of a value that should be a boolean.
func toBool(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return value.Truth(v), nil
	}
	switch strings.TrimSpace(strings.ToLower(s)) {
	case "y", "yes", "t", "true", "on", "1":
		return true, nil
	case "n", "no", "f", "false", "off", "0":
		return false, nil
	}
	return nil, errNoCast
}
