package number

import (
	"math"
	"math/big"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Of gives a number as an int64, *big.Int or float64; ok is false for other values. A bool is an
// int.
func Of(v any) (n any, ok bool) {
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

// Big gives an int or a bool as a big.Int, 0 for any other value.
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

// ToFloat converts a number. It fails with an OverflowError if an int is too large. Other values
// give 0.
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

// Trunc is Python's int(f): an int64 or, beyond its range, a *big.Int.
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

// Index gives an int or a bool as an int; ok is false for other values and for ints beyond 64 bits.
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

// Int is Python's int(v). The result is an int64 or, beyond its range, a *big.Int. The error is an
// exception: a TypeError if v is neither a number nor text, a ValueError if it is NaN or a text
// that is not a whole number, an OverflowError if it is infinite.
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

// Int64 is Python's int(v) for callers that need 64 bits. It fails with an OverflowError if the
// number does not fit.
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

// Float is Python's float(v). The error is an exception: a TypeError if v is neither a number nor
// text, a ValueError if it is no text of a number, an OverflowError if it is too large an int.
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

// IntArg converts an argument that must be an int and fit into a machine word. The result is cut to
// 40 bits, far beyond the size of any sequence.
func IntArg(v any) (int, error) {
	if n, ok := Index(v); ok {
		return max(min(n, 1<<40), -1<<40), nil
	}
	if value.TypeName(v) == "int" {
		return 0, exception.New(exception.OverflowError, "Python int too large to convert to C ssize_t")
	}
	return 0, exception.TypeErrorf("'%s' object cannot be interpreted as an integer", value.TypeName(v))
}
