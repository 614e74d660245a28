package selector

import (
	"errors"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// The rules by which the reference runtime's TypeTransformer (default_convert in
// airbyte_cdk/sources/utils/transform.py) casts one value. Where Python raises a ValueError or
// TypeError the value stays as it is; an OverflowError ends the stream.

var (
	errNoCast   = errors.New("the value can not be cast") // a ValueError or TypeError
	errOverflow = errors.New("the number is too large")   // an OverflowError
)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// toInt is the rule for integers: int().
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

// toFloat is the rule for numbers: float().
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

// castError says what an exception of int() or float() means for a cast.
func castError(err error) error {
	if exception.Is(err, exception.OverflowError) {
		return errOverflow
	}
	return errNoCast
}

// toBool is the rule for booleans: a text must be one of these words, anything else counts by its
// truth.
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
