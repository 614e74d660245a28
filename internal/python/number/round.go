package number

import (
	"math"
	"math/big"
	"strconv"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Round is Python's round(v, precision), which rounds half to even. precision may be nil.
func Round(v, precision any) (any, error) {
	n, ok := Of(v)
	if !ok {
		return nil, exception.TypeErrorf("type %s doesn't define __round__ method", value.TypeName(v))
	}
	f, isFloat := n.(float64)
	if precision == nil {
		if isFloat {
			return Trunc(math.RoundToEven(f))
		}
		return n, nil
	}
	digits, err := IntArg(precision)
	if err != nil {
		return nil, err
	}
	if isFloat {
		return roundFloat(f, digits), nil
	}
	if digits >= 0 {
		return n, nil
	}
	if digits < -MaxDigits {
		return int64(0), nil
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-digits)), nil)
	r := RoundRat(new(big.Rat).SetFrac(Big(n), unit))
	return value.Integer(r.Mul(r, unit)), nil
}

// roundFloat rounds the exact decimal value of f.
func roundFloat(f float64, digits int) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || digits > 323 {
		return f
	}
	if digits < -308 {
		return math.Copysign(0, f)
	}
	if digits < 0 {
		unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-digits)), nil))
		q := new(big.Rat).SetFloat64(f)
		n := new(big.Rat).SetInt(RoundRat(q.Quo(q, unit)))
		r, _ := n.Mul(n, unit).Float64()
		return math.Copysign(r, f)
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', digits, 64), 64)
	if err != nil {
		return f
	}
	return r
}

// RoundRat rounds a fraction to a whole number, half to even.
func RoundRat(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	twice := m.Lsh(m, 1)
	if c := twice.Cmp(r.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}
