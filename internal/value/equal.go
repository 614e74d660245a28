package value

import (
	"bytes"
	"math"
	"math/big"
	"reflect"
)

// Equal is Python's a == b. Numbers are compared by value: True, 1 and 1.0 are equal. Containers
// are compared deeply, dicts and sets without regard to order.
func Equal(a, b any) bool { return equal(a, b, 0, nil) }

// Meter limits the work of a comparison. Values that share parts may be far larger than the memory
// that they take.
type Meter struct{ Left int } // units of work: a value that is visited, or 64 bytes of text

// take reports whether n more units may be spent, and spends them. A nil Meter has no limit.
func (m *Meter) take(n int) bool {
	if m == nil {
		return true
	}
	m.Left -= n
	return m.Left >= 0
}

// Equal is the function Equal within the meter's limit. The result means nothing if Left is
// negative then.
func (m *Meter) Equal(a, b any) bool { return equal(a, b, 0, m) }

func equal(a, b any, depth int, m *Meter) bool {
	if depth > maxDepth || !m.take(1) {
		return false
	}
	a, b = plainGo(a), plainGo(b)
	switch x := a.(type) {
	case nil:
		return b == nil
	case string:
		y, ok := b.(string)
		return ok && len(x) == len(y) && m.take(len(x)/64) && x == y
	case bool, int64, *big.Int, float64:
		if !isNumber(b) {
			return false
		}
		c, ordered := compareNumbers(a, b)
		return ordered && c == 0
	case *Dict:
		y, ok := b.(*Dict)
		return ok && equalDicts(x, y, depth+1, m)
	case *List:
		y, ok := b.(*List)
		return ok && (x == y || equalLists(x, y, depth+1, m))
	case Tuple:
		y, ok := b.(Tuple)
		return ok && equalItems(x, y, depth+1, m)
	case *Set:
		y, ok := b.(*Set)
		return ok && x.Len() == y.Len() && x.within(y, m)
	case Bytes:
		y, ok := b.(Bytes)
		return ok && m.take(len(x)/64) && bytes.Equal(x, y)
	case Datetime:
		y, ok := b.(Datetime)
		return ok && x.Naive == y.Naive && x.UnixMicro() == y.UnixMicro()
	}
	return reflect.TypeOf(a).Comparable() && a == b
}

func equalLists(a, b *List, depth int, m *Meter) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.Len() {
		if !equal(a.At(i), b.At(i), depth, m) {
			return false
		}
	}
	return true
}

func equalItems(a, b []any, depth int, m *Meter) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i], depth, m) {
			return false
		}
	}
	return true
}

func equalDicts(a, b *Dict, depth int, m *Meter) bool {
	if a == b {
		return true
	}
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.open().list {
		e := &a.m.list[i]
		at := b.open().findSame(e, m)
		if at < 0 || !equal(e.value(a.clean), b.m.list[at].value(b.clean), depth, m) {
			return false
		}
	}
	return true
}

func isNumber(v any) bool {
	switch v.(type) {
	case bool, int64, *big.Int, float64:
		return true
	}
	return false
}

// compareNumbers compares two numbers exactly. ordered is false if one of them is NaN.
func compareNumbers(a, b any) (c int, ordered bool) {
	a, b = unbool(a), unbool(b)
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			return compare(x, y), true
		}
	}
	x, xFloat := a.(float64)
	y, yFloat := b.(float64)
	switch {
	case xFloat && yFloat:
		return compare(x, y), x == x && y == y
	case xFloat:
		c, ordered = compareFloat(x, b)
		return c, ordered
	case yFloat:
		c, ordered = compareFloat(y, a)
		return -c, ordered
	}
	return bigOf(a).Cmp(bigOf(b)), true
}

// compareFloat compares f with n, an int64 or *big.Int.
func compareFloat(f float64, n any) (c int, ordered bool) {
	if math.IsNaN(f) {
		return 0, false
	}
	if math.IsInf(f, 0) {
		return compare(f, 0), true
	}
	const exact = 1 << 53 // integers up to here are floats too
	if i, ok := n.(int64); ok && i >= -exact && i <= exact {
		return compare(f, float64(i)), true
	}
	return new(big.Rat).SetFloat64(f).Cmp(new(big.Rat).SetInt(bigOf(n))), true
}

func unbool(v any) any {
	if b, ok := v.(bool); ok {
		if b {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

func bigOf(n any) *big.Int {
	if i, ok := n.(int64); ok {
		return big.NewInt(i)
	}
	return n.(*big.Int)
}

func compare[T int | int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
