package jinja

import (
	"fmt"
	"math"
	"math/big"

	"anytap/internal/value"
)

func filterAbs(_ *thread, a []any) (any, error) {
	if d, ok := a[0].(value.Timedelta); ok {
		return max(d, -d), nil
	}
	n, ok := number(a[0])
	if !ok {
		return nil, raiseType("bad operand type for abs(): '%s'", value.TypeName(a[0]))
	}
	if f, isFloat := n.(float64); isFloat {
		return math.Abs(f), nil
	}
	return value.Integer(new(big.Int).Abs(bigInt(n))), nil
}

func fileSize(_ *thread, a []any) (any, error) {
	size, err := floatOf(a[0])
	if err != nil {
		return nil, err
	}
	base, units := 1000.0, []string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	if truth(a[1]) {
		base, units = 1024, []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	}
	if size == 1 {
		return "1 Byte", nil
	}
	if size < base {
		n, err := floatToInt(size)
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

func filterFloat(_ *thread, a []any) (any, error) {
	if b, ok := a[0].(value.Bytes); ok {
		a[0] = string(b)
	}
	f, err := floatOf(a[0])
	if isClass(err, typeError, valueError) {
		return a[1], nil
	}
	return f, err
}

func filterInt(_ *thread, a []any) (any, error) {
	base, err := intArg(a[2])
	n := new(big.Int)
	s, isText := text(a[0])
	switch {
	case isText && err != nil:
	case isText && (base < 0 || base == 1 || base > 36):
		err = raiseValue("int() base must be >= 2 and <= 36, or 0")
	case isText:
		n, err = parseInt(s, base)
	default:
		n, err = intOf(a[0])
	}
	if err == nil {
		return value.Integer(n), nil
	}
	if !isClass(err, typeError, valueError) {
		return nil, err
	}
	f, err := floatOf(a[0])
	var v any
	if err == nil {
		v, err = floatToInt(f)
	}
	if isClass(err, typeError, valueError, overflowError) {
		return a[1], nil
	}
	return v, err
}

func filterRound(st *thread, a []any) (any, error) {
	if _, ok := key(a[2]); !ok {
		return nil, unhashable(a[2])
	}
	method, _ := text(a[2])
	switch method {
	case "common":
		return roundNumber(a[0], a[1])
	case "ceil", "floor":
	default:
		return nil, raise(filterArgument, "method must be common, ceil or floor")
	}
	scale, err := binaryOp(st, Pow, int64(10), a[1])
	if err != nil {
		return nil, err
	}
	scaled, err := binaryOp(st, Mul, a[0], scale)
	if err != nil {
		return nil, err
	}
	n, ok := number(scaled)
	if !ok {
		return nil, raiseType("must be real number, not %s", value.TypeName(scaled))
	}
	if f, isFloat := n.(float64); isFloat {
		if method == "ceil" {
			f = math.Ceil(f)
		} else {
			f = math.Floor(f)
		}
		if n, err = floatToInt(f); err != nil {
			return nil, err
		}
	}
	return binaryOp(st, Div, n, scale)
}
