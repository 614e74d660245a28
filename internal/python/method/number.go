package method

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// intMethods are the methods of int and bool.
var intMethods = python.Table(
	intMethod("bit_length", func(n *big.Int) any { return int64(n.BitLen()) }),
	intMethod("bit_count", func(n *big.Int) any {
		count := 0
		for _, w := range n.Bits() {
			count += bits.OnesCount(uint(w))
		}
		return int64(count)
	}),
	intMethod("conjugate", func(n *big.Int) any { return value.Integer(n) }),
	intMethod("as_integer_ratio", func(n *big.Int) any { return value.Tuple{value.Integer(n), int64(1)} }),
)

func intMethod(name string, fn func(*big.Int) any) *python.Builtin {
	return python.Def(name, "self, /", func(_ *python.Thread, a []any) (any, error) {
		n, _ := number.Of(a[0])
		return fn(number.Big(n)), nil
	})
}

// floatMethods are the methods of float.
var floatMethods = python.Table(
	python.Def("is_integer", "self, /", func(_ *python.Thread, a []any) (any, error) {
		f := a[0].(float64)
		return f == math.Trunc(f) && !math.IsInf(f, 0), nil
	}),
	python.Def("conjugate", "self, /", func(_ *python.Thread, a []any) (any, error) { return a[0], nil }),
	python.Def("hex", "self, /", func(_ *python.Thread, a []any) (any, error) { return hexFloat(a[0].(float64)), nil }),
	python.Def("as_integer_ratio", "self, /", func(_ *python.Thread, a []any) (any, error) {
		f := a[0].(float64)
		switch {
		case math.IsInf(f, 0):
			return nil, exception.New(exception.OverflowError, "cannot convert Infinity to integer ratio")
		case math.IsNaN(f):
			return nil, exception.ValueErrorf("cannot convert NaN to integer ratio")
		}
		r := new(big.Rat).SetFloat64(f)
		return value.Tuple{value.Integer(r.Num()), value.Integer(r.Denom())}, nil
	}),
)

// hexFloat is Python's float.hex.
func hexFloat(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return value.Repr(f)
	case f == 0 && math.Signbit(f):
		return "-0x0.0p+0"
	case f == 0:
		return "0x0.0p+0"
	}
	s := strconv.FormatFloat(f, 'x', 13, 64)
	mantissa, exponent, _ := strings.Cut(s, "p")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return s
	}
	return fmt.Sprintf("%sp%+d", mantissa, n)
}
