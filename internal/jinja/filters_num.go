package jinja

import (
	"fmt"
	"math"
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func filterAbs(_ *python.Thread, a []any) (any, error) {
	if d, ok := a[0].(value.Timedelta); ok {
		return max(d, -d), nil
	}
	n, ok := number.Of(a[0])
	if !ok {
		return nil, exception.TypeErrorf("bad operand type for abs(): '%s'", value.TypeName(a[0]))
	}
	if f, isFloat := n.(float64); isFloat {
		return math.Abs(f), nil
	}
	return value.Integer(new(big.Int).Abs(number.Big(n))), nil
}

func fileSize(_ *python.Thread, a []any) (any, error) {
	size, err := number.Float(a[0])
	if err != nil {
		return nil, err
	}
	base, units := 1000.0, []string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	if value.Truth(a[1]) {
		base, units = 1024, []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	}
	if size == 1 {
		return "1 Byte", nil
	}
	if size < base {
		n, err := number.Trunc(size)
		if err != nil {
			return nil, err
		}
		return value.Str(n) + " Bytes", nil
	}
	unit := base * base
	for i, name := range units {
		if size < unit || i == len(units)-1 {
			return fmt.Sprintf("%.1f %s", base*size/unit, name), nil
		}
		unit *= base
	}
	return nil, nil
}

func filterFloat(_ *python.Thread, a []any) (any, error) {
	if b, ok := a[0].(value.Bytes); ok {
		a[0] = string(b)
	}
	f, err := number.Float(a[0])
	if exception.Is(err, exception.TypeError, exception.ValueError) {
		return a[1], nil
	}
	return f, err
}

func filterInt(_ *python.Thread, a []any) (any, error) {
	base, err := number.IntArg(a[2])
	var n any
	s, isText := pytext.Of(a[0])
	switch {
	case isText && err != nil:
	case isText && (base < 0 || base == 1 || base > 36):
		err = exception.ValueErrorf("int() base must be >= 2 and <= 36, or 0")
	case isText:
		n, err = number.ParseInt(s, base)
	default:
		n, err = number.Int(a[0])
	}
	if err == nil {
		return n, nil
	}
	if !exception.Is(err, exception.TypeError, exception.ValueError) {
		return nil, err
	}
	f, err := number.Float(a[0])
	var v any
	if err == nil {
		v, err = number.Trunc(f)
	}
	if exception.Is(err, exception.TypeError, exception.ValueError, exception.OverflowError) {
		return a[1], nil
	}
	return v, err
}

func filterRound(th *python.Thread, a []any) (any, error) {
	if _, err := python.Key(th, a[2]); err != nil {
		return nil, err
	}
	method, _ := pytext.Of(a[2])
	switch method {
	case "common":
		return number.Round(a[0], a[1])
	case "ceil", "floor":
	default:
		return nil, exception.New(filterArgument, "method must be common, ceil or floor")
	}
	scale, err := operator.Binary(th, python.Pow, int64(10), a[1])
	if err != nil {
		return nil, err
	}
	scaled, err := operator.Binary(th, python.Mul, a[0], scale)
	if err != nil {
		return nil, err
	}
	n, ok := number.Of(scaled)
	if !ok {
		return nil, exception.TypeErrorf("must be real number, not %s", value.TypeName(scaled))
	}
	if f, isFloat := n.(float64); isFloat {
		if method == "ceil" {
			f = math.Ceil(f)
		} else {
			f = math.Floor(f)
		}
		if n, err = number.Trunc(f); err != nil {
			return nil, err
		}
	}
	return operator.Binary(th, python.Div, n, scale)
}
