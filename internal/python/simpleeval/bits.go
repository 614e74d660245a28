package simpleeval

import (
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// maxShift is by how many bits a number may be shifted.
const maxShift = 10_000

// bits is a op b for one of | & ^ << >>: of ints, bools and sets, and | of dicts.
func bits(th *python.Thread, op string, a, b any) (any, error) {
	x, xInt := whole(a)
	y, yInt := whole(b)
	if xInt && yInt {
		return bitsOfInts(op, a, b, x, y)
	}
	if s, ok := a.(*value.Set); ok {
		if t, ok := b.(*value.Set); ok && op != "<<" && op != ">>" {
			return bitsOfSets(op, s, t), nil
		}
	}
	if d, ok := a.(*value.Dict); ok && op == "|" {
		if over, ok := b.(*value.Dict); ok {
			d = d.Clone()
			return d, python.UpdateDict(th, d, over)
		}
	}
	return nil, exception.TypeErrorf("unsupported operand type(s) for %s: '%s' and '%s'", op, value.TypeName(a), value.TypeName(b))
}

// whole gives an int or a bool.
func whole(v any) (*big.Int, bool) {
	n, ok := number.Of(v)
	if _, isFloat := n.(float64); !ok || isFloat {
		return nil, false
	}
	return number.Big(n), true
}

func bitsOfInts(op string, a, b any, x, y *big.Int) (any, error) {
	z := new(big.Int)
	switch op {
	case "|":
		z.Or(x, y)
	case "&":
		z.And(x, y)
	case "^":
		z.Xor(x, y)
	default:
		if new(big.Int).Abs(y).Cmp(big.NewInt(maxShift)) > 0 {
			return nil, exception.New(numberTooHigh, "%s %s %s is too large", python.Brief(a), op, python.Brief(b))
		}
		if y.Sign() < 0 {
			return nil, exception.ValueErrorf("negative shift count")
		}
		if op == "<<" {
			return value.Integer(z.Lsh(x, uint(y.Uint64()))), nil
		}
		return value.Integer(z.Rsh(x, uint(y.Uint64()))), nil
	}
	_, bool1 := a.(bool)
	_, bool2 := b.(bool)
	if bool1 && bool2 {
		return z.Sign() != 0, nil
	}
	return value.Integer(z), nil
}

func bitsOfSets(op string, s, t *value.Set) *value.Set {
	out := value.NewSet()
	for _, v := range s.All() {
		if op == "|" || t.Has(v) == (op == "&") {
			out.Add(v)
		}
	}
	for _, v := range t.All() {
		if op != "&" && !s.Has(v) {
			out.Add(v)
		}
	}
	return out
}

// invert is ~v.
func invert(v any) (any, error) {
	n, ok := whole(v)
	if !ok {
		return nil, exception.TypeErrorf("bad operand type for unary ~: '%s'", value.TypeName(v))
	}
	return value.Integer(new(big.Int).Not(n)), nil
}
