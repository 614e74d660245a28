package value

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Compare orders a and b for sorting as Python does: -1 if a < b, 1 if b < a, 0 if they are equal
// or, as NaN, not ordered. If Python does not compare their types, the error has Python's text.
func Compare(a, b any) (int, error) {
	if less, err := Order("<", a, b); less || err != nil {
		return -1, err
	}
	if more, err := Order("<", b, a); more || err != nil {
		return 1, err
	}
	return 0, nil
}

// Order is Python's a op b, where op is "<", "<=", ">" or ">=".
func Order(op string, a, b any) (bool, error) { return order(op, a, b, 0, nil) }

// Order is the function Order within the meter's limit. The result means nothing if Left is
// negative then.
func (m *Meter) Order(op string, a, b any) (bool, error) { return order(op, a, b, 0, m) }

func order(op string, a, b any, depth int, m *Meter) (bool, error) {
	m.take(1)
	a, b = plainGo(a), plainGo(b)
	if isNumber(a) && isNumber(b) {
		c, ordered := compareNumbers(a, b)
		return ordered && holds(op, c), nil
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			m.take(min(len(x), len(y)) / 64)
			return holds(op, strings.Compare(x, y)), nil
		}
	case Bytes:
		if y, ok := b.(Bytes); ok {
			m.take(min(len(x), len(y)) / 64)
			return holds(op, bytes.Compare(x, y)), nil
		}
	case *List:
		if y, ok := b.(*List); ok {
			m.take((x.Len() + y.Len()) / 8)
			return orderItems(op, x.Values(), y.Values(), depth, m)
		}
	case Tuple:
		if y, ok := b.(Tuple); ok {
			return orderItems(op, x, y, depth, m)
		}
	case *Set:
		if y, ok := b.(*Set); ok {
			return orderSets(op, x, y, m), nil
		}
	case Datetime, Date, Timedelta:
		return orderTimes(op, a, b)
	}
	return false, notOrdered(op, a, b)
}

func notOrdered(op string, a, b any) error {
	return fmt.Errorf("'%s' not supported between instances of '%s' and '%s'", op, messageName(a), messageName(b))
}

func holds(op string, c int) bool {
	switch op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// maxOrdered limits the depth of lists that are compared, as Python does. Each level visits
// everything below it twice.
const maxOrdered = 1000

// orderItems compares the first elements that differ or, if none does, the lengths.
func orderItems(op string, a, b []any, depth int, m *Meter) (bool, error) {
	if depth > maxOrdered {
		return false, errTooDeep
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if !equal(a[i], b[i], maxDepth-maxOrdered+depth, m) {
			if !m.take(0) {
				return false, nil
			}
			return order(op, a[i], b[i], depth+1, m)
		}
	}
	return holds(op, compare(len(a), len(b))), nil
}

// orderSets compares sets as subset and superset.
func orderSets(op string, a, b *Set, m *Meter) bool {
	switch op {
	case "<":
		return a.Len() < b.Len() && a.within(b, m)
	case "<=":
		return a.within(b, m)
	case ">":
		return b.Len() < a.Len() && b.within(a, m)
	}
	return b.within(a, m)
}

var (
	errNaiveAware   = errors.New("can't compare offset-naive and offset-aware datetimes")
	errTooDeep      = errors.New("maximum recursion depth exceeded in comparison")
	errDatetimeDate = errors.New("can't compare datetime.datetime to datetime.date")
)

func orderTimes(op string, a, b any) (bool, error) {
	switch x := a.(type) {
	case Datetime:
		switch y := b.(type) {
		case Datetime:
			if x.Naive != y.Naive {
				return false, errNaiveAware
			}
			return holds(op, compare(x.UnixMicro(), y.UnixMicro())), nil
		case Date:
			return false, errDatetimeDate
		}
	case Date:
		switch y := b.(type) {
		case Date:
			return holds(op, compare(x.Time().Unix(), y.Time().Unix())), nil
		case Datetime:
			return false, errDatetimeDate
		}
	case Timedelta:
		if y, ok := b.(Timedelta); ok {
			return holds(op, compare(int64(x), int64(y))), nil
		}
	}
	return false, notOrdered(op, a, b)
}
