package number

import (
	"math"
	"math/big"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Of returns a number as int64, *big.Int or float64.
func Of(v any) (any, bool) {
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

// Big is an int or a bool as a big.Int; 0 for everything else.
func Big(v any) *big.Int {
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

// ToFloat converts an integer; it fails where Python does.
func ToFloat(v any) (float64, error) {
	switch v := v.(type) {
	case int64:
		return float64(v), nil
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		if math.IsInf(f, 0) {
			return 0, exception.New(exception.OverflowError, "int too large to convert to float")
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

// Trunc is Python's int() of a float.
func Trunc(f float64) (any, error) {
	if math.Abs(f) < 1<<62 {
		return int64(f), nil
	}
	switch {
	case math.IsNaN(f):
		return nil, exception.ValueErrorf("cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, exception.New(exception.OverflowError, "cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(f).Int(nil)
	return value.Integer(n), nil
}

// Index is what may stand for an integer: an int or a bool.
func Index(v any) (int, bool) {
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

// Int is Python's int(v): an int64, or a *big.Int for what lies beyond. The error is an exception: a TypeError for what is neither
// number nor text, a ValueError for text that is no whole number and for NaN, an OverflowError for an infinity.
func Int(v any) (any, error) {
	if n, ok := Of(v); ok {
		if f, isFloat := n.(float64); isFloat {
			return Trunc(f)
		}
		return n, nil
	}
	s, ok := pytext.Of(v)
	if !ok {
		if b, isBytes := v.(value.Bytes); isBytes {
			s, ok = string(b), true
		}
	}
	if !ok {
		if err := exception.Raised(v); err != nil {
			return nil, err
		}
		return nil, exception.TypeErrorf("int() argument must be a string, a bytes-like object or a real number, not '%s'", value.TypeName(v))
	}
	return ParseInt(s, 10)
}

// Int64 is Python's int(v) for what has no room for more than 64 bits: beyond them it is an OverflowError.
func Int64(v any) (int64, error) {
	x, err := Int(v)
	if err != nil {
		return 0, err
	}
	n, ok := x.(int64)
	if !ok {
		return 0, exception.New(exception.OverflowError, "Python int too large to convert to C long")
	}
	return n, nil
}

// Float is Python's float(v). The error is an exception: a TypeError for what is neither number nor text, a ValueError for text
// that is no number, an OverflowError for an int that is too large.
func Float(v any) (float64, error) {
	if n, ok := Of(v); ok {
		return ToFloat(n)
	}
	s, ok := pytext.Of(v)
	if !ok {
		if err := exception.Raised(v); err != nil {
			return 0, err
		}
		return 0, exception.TypeErrorf("float() argument must be a string or a real number, not '%s'", value.TypeName(v))
	}
	return ParseFloat(s)
}

// IntArg is an argument that must be an integer.
func IntArg(v any) (int, error) {
	if n, ok := Index(v); ok {
		return max(min(n, 1<<40), -1<<40), nil
	}
	if value.TypeName(v) == "int" {
		return 0, exception.New(exception.OverflowError, "Python int too large to convert to C ssize_t")
	}
	return 0, exception.TypeErrorf("'%s' object cannot be interpreted as an integer", value.TypeName(v))
}
