package operator

import (
	"math"
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/format"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// Binary is Python's a op b. It counts the work by the sizes of the operands and the result.
func Binary(th *python.Thread, op python.Operator, a, b any) (any, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			return smallInts(op, x, y)
		}
	}
	if err := spend(th, a, b); err != nil {
		return nil, err
	}
	v, err := apply(th, op, a, b)
	if err == nil {
		err = th.Spend(v)
	}
	return v, err
}

func apply(th *python.Thread, op python.Operator, a, b any) (any, error) {
	if s, ok := pytext.Of(a); ok && op == python.Mod {
		return format.Percent(th, a, s, b)
	}
	if x, ok := a.(string); ok && op == python.Add {
		if y, ok := b.(string); ok {
			return x + y, python.Room(len(x) + len(y))
		}
	}
	for _, v := range [2]any{a, b} {
		if err := exception.Raised(v); err != nil {
			return nil, err
		}
	}
	x, xNum := number.Of(a)
	y, yNum := number.Of(b)
	if xNum && yNum {
		if f, ok := y.(float64); ok && op == python.Pow {
			if err := th.Step(200 * int(min(math.Abs(f), mostPrecise))); err != nil {
				return nil, err
			}
		}
		return numbers(op, x, y)
	}
	if v, ok, err := timeOp(op, a, b); ok {
		return v, err
	}
	if v, ok, err := sequenceOp(th, op, a, b); ok {
		return v, err
	}
	return nil, exception.TypeErrorf("unsupported operand type(s) for %s: '%s' and '%s'",
		op, value.TypeName(a), value.TypeName(b))
}

// spend counts the operands.
func spend(th *python.Thread, a, b any) error {
	if err := th.Spend(a); err != nil {
		return err
	}
	return th.Spend(b)
}

// smallInts avoids big integers if the result certainly fits into 64 bits.
func smallInts(op python.Operator, x, y int64) (any, error) {
	switch op {
	case python.Add:
		if s := x + y; (s > x) == (y > 0) {
			return s, nil
		}
	case python.Sub:
		if d := x - y; (d < x) == (y > 0) {
			return d, nil
		}
	case python.Mul:
		const half = 1 << 31
		if x > -half && x < half && y > -half && y < half {
			return x * y, nil
		}
	case python.Mod, python.FloorDiv:
		if y != 0 && y != -1 {
			q, r := x/y, x%y
			if r != 0 && (r < 0) != (y < 0) {
				q, r = q-1, r+y
			}
			if op == python.Mod {
				return r, nil
			}
			return q, nil
		}
	case python.Div:
		const exact = 1 << 53
		if y != 0 && x > -exact && x < exact && y > -exact && y < exact {
			return float64(x) / float64(y), nil
		}
	}
	return numbers(op, x, y)
}

func numbers(op python.Operator, a, b any) (any, error) {
	x, xFloat := a.(float64)
	y, yFloat := b.(float64)
	if !xFloat && !yFloat {
		return integers(op, number.Big(a), number.Big(b))
	}
	var err error
	if !xFloat {
		if x, err = number.ToFloat(a); err != nil {
			return nil, err
		}
	}
	if !yFloat {
		if y, err = number.ToFloat(b); err != nil {
			return nil, err
		}
	}
	return floats(op, x, y)
}

func integers(op python.Operator, x, y *big.Int) (any, error) {
	switch op {
	case python.Add:
		return value.Integer(new(big.Int).Add(x, y)), nil
	case python.Sub:
		return value.Integer(new(big.Int).Sub(x, y)), nil
	case python.Mul:
		if x.BitLen()+y.BitLen() > python.MaxIntBits {
			return nil, exception.New(exception.MemoryError, "integer is too large")
		}
		return value.Integer(new(big.Int).Mul(x, y)), nil
	case python.Pow:
		return power(x, y)
	}
	if y.Sign() == 0 {
		if op == python.Div {
			return nil, exception.New(exception.ZeroDivisionError, "division by zero")
		}
		return nil, exception.New(exception.ZeroDivisionError, "integer division or modulo by zero")
	}
	if op == python.Div {
		f, _ := new(big.Rat).SetFrac(x, y).Float64()
		if math.IsInf(f, 0) {
			return nil, exception.New(exception.OverflowError, "integer division result too large for a float")
		}
		return f, nil
	}
	q, r := new(big.Int).QuoRem(x, y, new(big.Int))
	if r.Sign() != 0 && r.Sign() != y.Sign() {
		q.Sub(q, big.NewInt(1))
		r.Add(r, y)
	}
	if op == python.Mod {
		return value.Integer(r), nil
	}
	return value.Integer(q), nil
}

func power(x, y *big.Int) (any, error) {
	if y.Sign() < 0 {
		fx, err := number.ToFloat(value.Integer(x))
		if err != nil {
			return nil, err
		}
		fy, err := number.ToFloat(value.Integer(y))
		if err != nil {
			return nil, err
		}
		return floats(python.Pow, fx, fy)
	}
	if x.BitLen() > 1 && (!y.IsInt64() || y.Int64() > python.MaxIntBits || int64(x.BitLen())*y.Int64() > python.MaxIntBits) {
		return nil, exception.New(exception.MemoryError, "integer is too large")
	}
	if x.BitLen() <= 1 {
		if x.Sign() < 0 && y.Bit(0) == 0 || y.Sign() == 0 {
			return int64(1), nil
		}
		return x.Int64(), nil
	}
	return value.Integer(new(big.Int).Exp(x, y, nil)), nil
}

func floats(op python.Operator, x, y float64) (any, error) {
	switch op {
	case python.Add:
		return x + y, nil
	case python.Sub:
		return x - y, nil
	case python.Mul:
		return x * y, nil
	case python.Pow:
		return floatPower(x, y)
	}
	if y == 0 {
		switch op {
		case python.Div:
			return nil, exception.New(exception.ZeroDivisionError, "float division by zero")
		case python.Mod:
			return nil, exception.New(exception.ZeroDivisionError, "float modulo")
		}
		return nil, exception.New(exception.ZeroDivisionError, "float floor division by zero")
	}
	if op == python.Div {
		return x / y, nil
	}
	div, mod := floatDivMod(x, y)
	if op == python.Mod {
		return mod, nil
	}
	return div, nil
}

// floatDivMod is Python's divmod(x, y). The remainder has the sign of y.
func floatDivMod(x, y float64) (div, mod float64) {
	mod = math.Mod(x, y)
	div = (x - mod) / y
	if mod != 0 {
		if (y < 0) != (mod < 0) {
			mod += y
			div--
		}
	} else {
		mod = math.Copysign(0, y)
	}
	if div == 0 {
		return math.Copysign(0, x/y), mod
	}
	floor := math.Floor(div)
	if div-floor > 0.5 {
		floor++
	}
	return floor, mod
}

func floatPower(x, y float64) (any, error) {
	if x == 0 && y < 0 {
		return nil, exception.New(exception.ZeroDivisionError, "0.0 cannot be raised to a negative power")
	}
	if x < 0 && y != math.Trunc(y) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, exception.ValueErrorf("complex numbers are not supported")
	}
	f := precisePower(x, y)
	if math.IsInf(f, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, exception.New(exception.OverflowError, "(34, 'Numerical result out of range')")
	}
	return f, nil
}

// mostPrecise is the largest power that precisePower computes exactly. It takes that many
// multiplications.
const mostPrecise = 600

// precisePower is math.Pow, but correctly rounded if y is a multiple of one half, as the C
// library's is.
func precisePower(x, y float64) float64 {
	n := int64(2 * y)
	if 2*y != math.Trunc(2*y) || math.Abs(y) > mostPrecise || x == 0 || math.IsInf(x, 0) || math.IsNaN(x) || n%2 != 0 && x < 0 {
		return math.Pow(x, y)
	}
	p := new(big.Float).SetPrec(8192).SetInt64(1)
	base := new(big.Float).SetPrec(8192).SetFloat64(x)
	if n%2 != 0 {
		base.Sqrt(base)
	} else {
		n /= 2
	}
	for range max(n, -n) {
		p.Mul(p, base)
	}
	if n < 0 {
		p.Quo(new(big.Float).SetPrec(8192).SetInt64(1), p)
	}
	f, _ := p.Float64()
	return f
}

// Unary is Python's -v, or +v if minus is false.
func Unary(minus bool, v any) (any, error) {
	if err := exception.Raised(v); err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case value.Timedelta:
		if minus {
			return -x, nil
		}
		return x, nil
	case *pytime.Duration:
		if minus {
			return x.Negated(), nil
		}
	}
	x, ok := number.Of(v)
	if !ok {
		sign := "+"
		if minus {
			sign = "-"
		}
		return nil, exception.TypeErrorf("bad operand type for unary %s: '%s'", sign, value.TypeName(v))
	}
	if !minus {
		return x, nil
	}
	if f, ok := x.(float64); ok {
		return -f, nil
	}
	return value.Integer(new(big.Int).Neg(number.Big(x))), nil
}
