package jinja

import (
	"math"
	"math/big"

	"anytap/internal/value"
)

// number returns a number as int64, *big.Int or float64.
func number(v any) (any, bool) {
	switch v := v.(type) {
	case int64, float64, *big.Int:
		return v, true
	case bool:
		if v {
			return int64(1), true
		}
		return int64(0), true
	}
	return nil, false
}

func bigInt(v any) *big.Int {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v)
	case *big.Int:
		return v
	case bool:
		if v {
			return big.NewInt(1)
		}
	}
	return new(big.Int)
}

// toFloat converts an integer; it fails where Python does.
func toFloat(v any) (float64, error) {
	switch v := v.(type) {
	case int64:
		return float64(v), nil
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		if math.IsInf(f, 0) {
			return 0, raise(overflowError, "int too large to convert to float")
		}
		return f, nil
	case float64:
		return v, nil
	case bool:
		if v {
			return 1, nil
		}
	}
	return 0, nil
}

// floatToInt is Python's int() of a float.
func floatToInt(f float64) (any, error) {
	switch {
	case math.IsNaN(f):
		return nil, raiseValue("cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, raise(overflowError, "cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(f).Int(nil)
	return value.Integer(n), nil
}

// index is what may stand for an integer: an int or a bool.
func index(v any) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(v), true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// intOf is Python's int().
func intOf(v any) (*big.Int, error) {
	if n, ok := number(v); ok {
		if f, isFloat := n.(float64); isFloat {
			x, err := floatToInt(f)
			return bigInt(x), err
		}
		return bigInt(n), nil
	}
	s, ok := text(v)
	if !ok {
		if b, isBytes := v.(value.Bytes); isBytes {
			s, ok = string(b), true
		}
	}
	if !ok {
		if err := raised(v); err != nil {
			return nil, err
		}
		return nil, raiseType("int() argument must be a string, a bytes-like object or a real number, not '%s'", value.TypeName(v))
	}
	return parseInt(s, 10)
}

// floatOf is Python's float().
func floatOf(v any) (float64, error) {
	if n, ok := number(v); ok {
		return toFloat(n)
	}
	s, ok := text(v)
	if !ok {
		if err := raised(v); err != nil {
			return 0, err
		}
		return 0, raiseType("float() argument must be a string or a real number, not '%s'", value.TypeName(v))
	}
	return textToFloat(s)
}

// intArg is an argument that must be an integer.
func intArg(v any) (int, error) {
	if n, ok := index(v); ok {
		return max(min(n, 1<<40), -1<<40), nil
	}
	if value.TypeName(v) == "int" {
		return 0, raise(overflowError, "Python int too large to convert to C ssize_t")
	}
	return 0, raiseType("'%s' object cannot be interpreted as an integer", value.TypeName(v))
}
