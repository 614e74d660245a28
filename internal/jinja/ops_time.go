package jinja

import (
	"math"
	"math/big"

	"anytap/internal/value"
)

// timeOp computes with dates, times and durations. The second result is false
// where it does not apply.
func timeOp(op kind, a, b any) (v any, ok bool, err error) {
	switch x := a.(type) {
	case value.Datetime:
		return datetimeOp(op, x, b)
	case value.Date:
		return dateOp(op, x, b)
	case value.Timedelta:
		return deltaOp(op, x, b)
	case *Duration:
		return durationOp(op, x, b)
	}
	switch y := b.(type) {
	case value.Timedelta:
		if op == tMul {
			return scaleDelta(y, a)
		}
	case *Duration:
		if op == tMul {
			return durationOp(op, y, a)
		}
		if op == tAdd || op == tSub {
			return nil, y.fractional() != nil, y.fractional()
		}
	}
	return nil, false, nil
}

func datetimeOp(op kind, x value.Datetime, b any) (any, bool, error) {
	if op != tAdd && op != tSub {
		return nil, false, nil
	}
	sign := value.Timedelta(1)
	if op == tSub {
		sign = -1
	}
	switch y := b.(type) {
	case value.Timedelta:
		t, err := addDelta(x.Time, sign*y)
		return value.Datetime{Time: t, Naive: x.Naive}, true, err
	case *Duration:
		t, err := y.shift(x.Time, int(sign))
		return value.Datetime{Time: t, Naive: x.Naive}, true, err
	case value.Datetime:
		if op != tSub {
			return nil, false, nil
		}
		if x.Naive != y.Naive {
			return nil, true, raiseType("can't subtract offset-naive and offset-aware datetimes")
		}
		return value.Timedelta(x.UnixMicro() - y.UnixMicro()), true, nil
	}
	return nil, false, nil
}

func dateOp(op kind, x value.Date, b any) (any, bool, error) {
	if op != tAdd && op != tSub {
		return nil, false, nil
	}
	switch y := b.(type) {
	case value.Timedelta:
		days := y.Days()
		if op == tSub {
			days = -days
		}
		t, err := addDelta(x.Time(), value.Timedelta(days)*value.Day)
		return value.DateOf(t), true, err
	case *Duration:
		sign := 1
		if op == tSub {
			sign = -1
		}
		t, err := Duration{Years: y.Years, Months: y.Months}.shift(x.Time(), sign)
		if err != nil {
			return nil, true, err
		}
		return dateOp(op, value.DateOf(t), y.Delta)
	case value.Date:
		if op == tSub {
			return value.Timedelta(x.Time().UnixMicro() - y.Time().UnixMicro()), true, nil
		}
	}
	return nil, false, nil
}

func deltaOp(op kind, x value.Timedelta, b any) (any, bool, error) {
	switch y := b.(type) {
	case value.Timedelta:
		return deltaPair(op, x, y)
	case value.Datetime:
		if op == tAdd {
			return datetimeOp(tAdd, y, x)
		}
	case value.Date:
		if op == tAdd {
			return dateOp(tAdd, y, x)
		}
	case *Duration:
		switch op {
		case tAdd:
			return y.plus(&Duration{Delta: x}), true, y.fractional()
		case tSub:
			return y.negated().plus(&Duration{Delta: x}), true, nil
		}
	}
	switch op {
	case tMul:
		return scaleDelta(x, b)
	case tDiv, tFloorDiv:
		return divideDelta(op, x, b)
	}
	return nil, false, nil
}

func deltaPair(op kind, x, y value.Timedelta) (any, bool, error) {
	switch op {
	case tAdd:
		return x + y, true, nil
	case tSub:
		return x - y, true, nil
	case tDiv, tFloorDiv, tMod:
		v, err := integers(op, big.NewInt(int64(x)), big.NewInt(int64(y)))
		if op == tMod && err == nil {
			v = value.Timedelta(v.(int64))
		}
		return v, true, err
	}
	return nil, false, nil
}

// scaleDelta multiplies by a number.
func scaleDelta(x value.Timedelta, b any) (any, bool, error) {
	n, ok := number(b)
	if !ok {
		return nil, false, nil
	}
	if f, isFloat := n.(float64); isFloat {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, true, raiseValue("cannot convert float to integer ratio")
		}
		r := new(big.Rat).SetFloat64(f)
		r.Mul(r, new(big.Rat).SetInt64(int64(x)))
		return deltaOf(roundRat(r))
	}
	return deltaOf(new(big.Int).Mul(big.NewInt(int64(x)), bigInt(n)))
}

func deltaOf(n *big.Int) (any, bool, error) {
	if !n.IsInt64() {
		return nil, true, raise(overflowError, "duration is out of range")
	}
	return value.Timedelta(n.Int64()), true, nil
}

// roundRat rounds half to even.
func roundRat(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	twice := m.Lsh(m, 1)
	if c := twice.Cmp(r.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func divideDelta(op kind, x value.Timedelta, b any) (any, bool, error) {
	n, ok := number(b)
	if !ok {
		return nil, false, nil
	}
	f, isFloat := n.(float64)
	if isFloat && op == tFloorDiv {
		return nil, false, nil
	}
	if !truth(n) {
		return nil, true, raise(zeroDivision, "division by zero")
	}
	if op == tFloorDiv {
		v, err := integers(tFloorDiv, big.NewInt(int64(x)), bigInt(n))
		if err != nil {
			return nil, true, err
		}
		return deltaOf(bigInt(v))
	}
	d := new(big.Rat)
	if isFloat {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, true, raiseValue("cannot convert float to integer ratio")
		}
		d.SetFloat64(f)
	} else {
		d.SetInt(bigInt(n))
	}
	return deltaOf(roundRat(d.Quo(new(big.Rat).SetInt64(int64(x)), d)))
}

func durationOp(op kind, x *Duration, b any) (any, bool, error) {
	switch y := b.(type) {
	case *Duration:
		switch op {
		case tAdd:
			return x.plus(y), true, nil
		case tSub:
			return x.plus(y.negated()), true, nil
		}
	case value.Timedelta:
		v, ok, err := durationOp(op, x, &Duration{Delta: y})
		if op == tAdd {
			err = x.fractional()
		}
		return v, ok, err
	case value.Datetime:
		if op == tAdd {
			return datetimeOp(tAdd, y, x)
		}
	case value.Date:
		if op == tAdd {
			return dateOp(tAdd, y, x)
		}
	}
	if op == tAdd && x.fractional() != nil {
		return nil, true, x.fractional()
	}
	if n, ok := index(b); ok && op == tMul {
		return &Duration{Years: x.Years * float64(n), Months: x.Months * float64(n), Delta: x.Delta * value.Timedelta(n)}, true, nil
	}
	return nil, false, nil
}
