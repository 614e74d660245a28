package operator

import (
	"math"
	"math/big"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// timeOp calculates with dates, times and durations. ok is false if op does not apply.
func timeOp(op python.Operator, a, b any) (v any, ok bool, err error) {
	switch x := a.(type) {
	case value.Datetime:
		return datetimeOp(op, x, b)
	case value.Date:
		return dateOp(op, x, b)
	case value.Timedelta:
		return deltaOp(op, x, b)
	case *pytime.Duration:
		return durationOp(op, x, b)
	}
	switch y := b.(type) {
	case value.Timedelta:
		if op == python.Mul {
			return scaleDelta(y, a)
		}
	case *pytime.Duration:
		if op == python.Mul {
			return durationOp(op, y, a)
		}
		if op == python.Add || op == python.Sub {
			return nil, y.Fractional() != nil, y.Fractional()
		}
	}
	return nil, false, nil
}

func datetimeOp(op python.Operator, x value.Datetime, b any) (any, bool, error) {
	if op != python.Add && op != python.Sub {
		return nil, false, nil
	}
	sign := value.Timedelta(1)
	if op == python.Sub {
		sign = -1
	}
	switch y := b.(type) {
	case value.Timedelta:
		t, err := pytime.AddDelta(x.Time, sign*y)
		return value.Datetime{Time: t, Naive: x.Naive}, true, err
	case *pytime.Duration:
		t, err := y.Shift(x.Time, int(sign))
		return value.Datetime{Time: t, Naive: x.Naive}, true, err
	case value.Datetime:
		if op != python.Sub {
			return nil, false, nil
		}
		if x.Naive != y.Naive {
			return nil, true, exception.TypeErrorf("can't subtract offset-naive and offset-aware datetimes")
		}
		return value.Timedelta(x.UnixMicro() - y.UnixMicro()), true, nil
	}
	return nil, false, nil
}

func dateOp(op python.Operator, x value.Date, b any) (any, bool, error) {
	if op != python.Add && op != python.Sub {
		return nil, false, nil
	}
	switch y := b.(type) {
	case value.Timedelta:
		days := y.Days()
		if op == python.Sub {
			days = -days
		}
		t, err := pytime.AddDelta(x.Time(), value.Timedelta(days)*value.Day)
		return value.DateOf(t), true, err
	case *pytime.Duration:
		sign := 1
		if op == python.Sub {
			sign = -1
		}
		t, err := pytime.Duration{Years: y.Years, Months: y.Months}.Shift(x.Time(), sign)
		if err != nil {
			return nil, true, err
		}
		return dateOp(op, value.DateOf(t), y.Delta)
	case value.Date:
		if op == python.Sub {
			return value.Timedelta(x.Time().UnixMicro() - y.Time().UnixMicro()), true, nil
		}
	}
	return nil, false, nil
}

func deltaOp(op python.Operator, x value.Timedelta, b any) (any, bool, error) {
	switch y := b.(type) {
	case value.Timedelta:
		return deltaPair(op, x, y)
	case value.Datetime:
		if op == python.Add {
			return datetimeOp(python.Add, y, x)
		}
	case value.Date:
		if op == python.Add {
			return dateOp(python.Add, y, x)
		}
	case *pytime.Duration:
		switch op {
		case python.Add:
			return sumOf(y, &pytime.Duration{Delta: x}, y.Fractional())
		case python.Sub:
			return sumOf(y.Negated(), &pytime.Duration{Delta: x}, nil)
		}
	}
	switch op {
	case python.Mul:
		return scaleDelta(x, b)
	case python.Div, python.FloorDiv:
		return divideDelta(op, x, b)
	}
	return nil, false, nil
}

func deltaPair(op python.Operator, x, y value.Timedelta) (any, bool, error) {
	switch op {
	case python.Add:
		return x + y, true, nil
	case python.Sub:
		return x - y, true, nil
	case python.Div, python.FloorDiv, python.Mod:
		v, err := integers(op, big.NewInt(int64(x)), big.NewInt(int64(y)))
		if op == python.Mod && err == nil {
			v = value.Timedelta(v.(int64))
		}
		return v, true, err
	}
	return nil, false, nil
}

// scaleDelta multiplies a timedelta by a number.
func scaleDelta(x value.Timedelta, b any) (any, bool, error) {
	n, ok := number.Of(b)
	if !ok {
		return nil, false, nil
	}
	if f, isFloat := n.(float64); isFloat {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, true, exception.ValueErrorf("cannot convert float to integer ratio")
		}
		r := new(big.Rat).SetFloat64(f)
		r.Mul(r, new(big.Rat).SetInt64(int64(x)))
		return deltaOf(number.RoundRat(r))
	}
	return deltaOf(new(big.Int).Mul(big.NewInt(int64(x)), number.Big(n)))
}

func deltaOf(n *big.Int) (any, bool, error) {
	if !n.IsInt64() {
		return nil, true, exception.New(exception.OverflowError, "duration is out of range")
	}
	return value.Timedelta(n.Int64()), true, nil
}

func divideDelta(op python.Operator, x value.Timedelta, b any) (any, bool, error) {
	n, ok := number.Of(b)
	if !ok {
		return nil, false, nil
	}
	f, isFloat := n.(float64)
	if isFloat && op == python.FloorDiv {
		return nil, false, nil
	}
	if !value.Truth(n) {
		return nil, true, exception.New(exception.ZeroDivisionError, "division by zero")
	}
	if op == python.FloorDiv {
		v, err := integers(python.FloorDiv, big.NewInt(int64(x)), number.Big(n))
		if err != nil {
			return nil, true, err
		}
		return deltaOf(number.Big(v))
	}
	d := new(big.Rat)
	if isFloat {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, true, exception.ValueErrorf("cannot convert float to integer ratio")
		}
		d.SetFloat64(f)
	} else {
		d.SetInt(number.Big(n))
	}
	return deltaOf(number.RoundRat(d.Quo(new(big.Rat).SetInt64(int64(x)), d)))
}

// sumOf is x + y; err fails it first.
func sumOf(x, y *pytime.Duration, err error) (any, bool, error) {
	if err != nil {
		return nil, true, err
	}
	sum, err := x.Plus(y)
	return sum, true, err
}

func durationOp(op python.Operator, x *pytime.Duration, b any) (any, bool, error) {
	switch y := b.(type) {
	case *pytime.Duration:
		switch op {
		case python.Add:
			return sumOf(x, y, nil)
		case python.Sub:
			return sumOf(x, y.Negated(), nil)
		}
	case value.Timedelta:
		v, ok, err := durationOp(op, x, &pytime.Duration{Delta: y})
		if op == python.Add && err == nil {
			err = x.Fractional()
		}
		return v, ok, err
	case value.Datetime:
		if op == python.Add {
			return datetimeOp(python.Add, y, x)
		}
	case value.Date:
		if op == python.Add {
			return dateOp(python.Add, y, x)
		}
	}
	if op == python.Add && x.Fractional() != nil {
		return nil, true, x.Fractional()
	}
	if n, ok := number.Index(b); ok && op == python.Mul {
		return &pytime.Duration{Years: x.Years * float64(n), Months: x.Months * float64(n), Delta: x.Delta * value.Timedelta(n)}, true, nil
	}
	return nil, false, nil
}
