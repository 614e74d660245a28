package jinja

import (
	"math"
	"math/big"

	"anytap/internal/value"
)

// timeOp computes with dates, times and durations. The second result is false
// where it does not apply.
func timeOp(op Operator, a, b any) (v any, ok bool, err error) {
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
		if op == Mul {
			return scaleDelta(y, a)
		}
	case *Duration:
		if op == Mul {
			return durationOp(op, y, a)
		}
		if op == Add || op == Sub {
			return nil, y.fractional() != nil, y.fractional()
		}
	}
	return nil, false, nil
}

func datetimeOp(op Operator, x value.Datetime, b any) (any, bool, error) {
	if op != Add && op != Sub {
		return nil, false, nil
	}
	sign := value.Timedelta(1)
	if op == Sub {
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
		if op != Sub {
			return nil, false, nil
		}
		if x.Naive != y.Naive {
			return nil, true, raiseType("can't subtract offset-naive and offset-aware datetimes")
		}
		return value.Timedelta(x.UnixMicro() - y.UnixMicro()), true, nil
	}
	return nil, false, nil
}

func dateOp(op Operator, x value.Date, b any) (any, bool, error) {
	if op != Add && op != Sub {
		return nil, false, nil
	}
	switch y := b.(type) {
	case value.Timedelta:
		days := y.Days()
		if op == Sub {
			days = -days
		}
		t, err := addDelta(x.Time(), value.Timedelta(days)*value.Day)
		return value.DateOf(t), true, err
	case *Duration:
		sign := 1
		if op == Sub {
			sign = -1
		}
		t, err := Duration{Years: y.Years, Months: y.Months}.shift(x.Time(), sign)
		if err != nil {
			return nil, true, err
		}
		return dateOp(op, value.DateOf(t), y.Delta)
	case value.Date:
		if op == Sub {
			return value.Timedelta(x.Time().UnixMicro() - y.Time().UnixMicro()), true, nil
		}
	}
	return nil, false, nil
}

func deltaOp(op Operator, x value.Timedelta, b any) (any, bool, error) {
	switch y := b.(type) {
	case value.Timedelta:
		return deltaPair(op, x, y)
	case value.Datetime:
		if op == Add {
			return datetimeOp(Add, y, x)
		}
	case value.Date:
		if op == Add {
			return dateOp(Add, y, x)
		}
	case *Duration:
		switch op {
		case Add:
			return y.plus(&Duration{Delta: x}), true, y.fractional()
		case Sub:
			return y.negated().plus(&Duration{Delta: x}), true, nil
		}
	}
	switch op {
	case Mul:
		return scaleDelta(x, b)
	case Div, FloorDiv:
		return divideDelta(op, x, b)
	}
	return nil, false, nil
}

func deltaPair(op Operator, x, y value.Timedelta) (any, bool, error) {
	switch op {
	case Add:
		return x + y, true, nil
	case Sub:
		return x - y, true, nil
	case Div, FloorDiv, Mod:
		v, err := integers(op, big.NewInt(int64(x)), big.NewInt(int64(y)))
		if op == Mod && err == nil {
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

func divideDelta(op Operator, x value.Timedelta, b any) (any, bool, error) {
	n, ok := number(b)
	if !ok {
		return nil, false, nil
	}
	f, isFloat := n.(float64)
	if isFloat && op == FloorDiv {
		return nil, false, nil
	}
	if !truth(n) {
		return nil, true, raise(zeroDivision, "division by zero")
	}
	if op == FloorDiv {
		v, err := integers(FloorDiv, big.NewInt(int64(x)), bigInt(n))
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

func durationOp(op Operator, x *Duration, b any) (any, bool, error) {
	switch y := b.(type) {
	case *Duration:
		switch op {
		case Add:
			return x.plus(y), true, nil
		case Sub:
			return x.plus(y.negated()), true, nil
		}
	case value.Timedelta:
		v, ok, err := durationOp(op, x, &Duration{Delta: y})
		if op == Add {
			err = x.fractional()
		}
		return v, ok, err
	case value.Datetime:
		if op == Add {
			return datetimeOp(Add, y, x)
		}
	case value.Date:
		if op == Add {
			return dateOp(Add, y, x)
		}
	}
	if op == Add && x.fractional() != nil {
		return nil, true, x.fractional()
	}
	if n, ok := index(b); ok && op == Mul {
		return &Duration{Years: x.Years * float64(n), Months: x.Months * float64(n), Delta: x.Delta * value.Timedelta(n)}, true, nil
	}
	return nil, false, nil
}
