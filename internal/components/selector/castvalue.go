package selector

import (
	"errors"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// What Python's int(), float() and str.lower().strip() make of values, and which of their exceptions leave a value as it is.

var (
	errNoCast   = errors.New("the value can not be cast") // a ValueError or TypeError: the value stays
	errOverflow = errors.New("the number is too large")   // an OverflowError: the stream ends
)

// index is a text as an index of a list of n, negative ones from the end.
func index(s string, n int) (int, bool) {
	v, _ := number.TextInt(s)
	i, ok := v.(int64)
	if !ok || i >= int64(n) || i < -int64(n) {
		return 0, false
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// toInt is Python's int().
func toInt(v any) (any, error) {
	if s, ok := v.(string); ok {
		if n, ok := number.TextInt(s); ok {
			return n, nil
		}
		return nil, errNoCast
	}
	n, err := number.Int(v)
	if err != nil {
		return nil, castError(err)
	}
	return n, nil
}

// toFloat is Python's float().
func toFloat(v any) (any, error) {
	if s, ok := v.(string); ok {
		if f, ok := number.TextFloat(s); ok {
			return f, nil
		}
		return nil, errNoCast
	}
	f, err := number.Float(v)
	if err != nil {
		return nil, castError(err)
	}
	return f, nil
}

func castError(err error) error {
	if exception.Is(err, exception.OverflowError) {
		return errOverflow
	}
	return errNoCast
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
