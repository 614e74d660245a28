package python

import (
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Equal is Python's a == b.
func Equal(th *Thread, a, b any) (bool, error) {
	switch x := a.(type) {
	case nil, bool, int64, float64:
		if _, ok := b.(Comparable); !ok {
			return value.Equal(a, b), nil
		}
	case string:
		if y, ok := b.(string); ok && len(x) < textStep {
			return x == y, nil
		}
	}
	rest := th.left()
	th.meter.Left = rest
	equal := equalWithin(&th.meter, a, b)
	return equal, th.settle(rest)
}

// equalWithin is a == b within the meter's limit.
func equalWithin(m *value.Meter, a, b any) bool {
	switch x := a.(type) {
	case pytext.Markup:
		a = string(x)
	case ellipsis:
		return b == Ellipsis
	case *BoundMethod:
		y, ok := b.(*BoundMethod)
		return ok && x.b == y.b && sameReceiver(x.recv, y.recv)
	case Comparable:
		return x.Equal(m, b)
	}
	switch y := b.(type) {
	case pytext.Markup:
		b = string(y)
	case Comparable:
		return y.Equal(m, a)
	}
	return m.Equal(a, b)
}

// Compare applies a comparison operator.
func Compare(th *Thread, op Comparison, a, b any) (bool, error) {
	switch op {
	case Eq, Ne:
		equal, err := Equal(th, a, b)
		return equal == (op == Eq), err
	case In, NotIn:
		in, err := Contains(th, b, a)
		return in == (op == In), err
	}
	return Order(th, op, a, b)
}

// Order is Python's a op b, where op is Lt, Le, Gt or Ge.
func Order(th *Thread, op Comparison, a, b any) (bool, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			switch op {
			case Lt:
				return x < y, nil
			case Le:
				return x <= y, nil
			case Gt:
				return x > y, nil
			}
			return x >= y, nil
		}
	}
	if x, ok := a.(string); ok && len(x) < textStep && op == Lt {
		if y, ok := b.(string); ok {
			return x < y, nil
		}
	}
	for _, v := range [2]any{a, b} {
		if err := exception.Raised(v); err != nil {
			return false, err
		}
	}
	if m, ok := a.(pytext.Markup); ok {
		a = string(m)
	}
	if m, ok := b.(pytext.Markup); ok {
		b = string(m)
	}
	if x, ok := SetItems(a); ok {
		if y, ok := SetItems(b); ok {
			if err := th.Weigh(value.Tuple{a, b}); err != nil {
				return false, err
			}
			a, b = value.NewSet(x...), value.NewSet(y...)
		}
	}
	rest := th.left()
	th.meter.Left = rest
	ok, err := th.meter.Order(op.String(), a, b)
	if err := th.settle(rest); err != nil {
		return false, err
	}
	if err != nil {
		return false, &exception.Error{Class: exception.TypeError, Msg: err.Error()}
	}
	return ok, nil
}

// Contains is Python's item in seq.
func Contains(th *Thread, seq, item any) (bool, error) {
	switch s := seq.(type) {
	case *value.Dict:
		return inDict(th, s, item)
	case Mapping:
		return inDict(th, s.Dict(), item)
	case *value.Set:
		if _, err := Key(th, item); err != nil {
			return false, err
		}
		return s.Has(item), nil
	case *DictView:
		if s.Kind == "keys" {
			return inDict(th, s.D, item)
		}
	case value.Bytes:
		if err := th.Spend(s); err != nil {
			return false, err
		}
		return inBytes(s, item)
	}
	if s, ok := pytext.Of(seq); ok {
		sub, ok := pytext.Of(item)
		if !ok {
			return false, exception.TypeErrorf("'in <string>' requires string as left operand, not %s", value.TypeName(item))
		}
		if err := th.Spend(seq); err != nil {
			return false, err
		}
		return strings.Contains(s, sub), nil
	}
	it, err := Iter(seq)
	if err != nil {
		return false, exception.TypeErrorf("argument of type '%s' is not iterable", value.TypeName(seq))
	}
	for {
		x, ok, err := it.Next(th)
		if err != nil || !ok {
			return false, err
		}
		if equal, err := Equal(th, x, item); equal || err != nil {
			return equal, err
		}
		if err := th.Step(1); err != nil {
			return false, err
		}
	}
}

func inDict(th *Thread, d *value.Dict, item any) (bool, error) {
	if s, ok := pytext.Of(item); ok {
		if err := th.Spend(item); err != nil {
			return false, err
		}
		_, found := d.Get(s)
		return found, nil
	}
	if _, err := Key(th, item); err != nil {
		return false, err
	}
	_, found := d.GetKey(item)
	return found, nil
}

func inBytes(b value.Bytes, item any) (bool, error) {
	if sub, ok := item.(value.Bytes); ok {
		return strings.Contains(string(b), string(sub)), nil
	}
	n, ok := number.Index(item)
	if !ok {
		return false, exception.TypeErrorf("a bytes-like object is required, not '%s'", value.TypeName(item))
	}
	if n < 0 || n > 255 {
		return false, exception.ValueErrorf("byte must be in range(0, 256)")
	}
	return strings.IndexByte(string(b), byte(n)) >= 0, nil
}

// Is is Python's a is b. Small integers and short texts are the same object, as in CPython.
func Is(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case bool:
		return b == x
	case int64:
		y, ok := b.(int64)
		return ok && x == y && x >= -5 && x <= 256
	case string:
		y, ok := b.(string)
		return ok && len(x) <= 1 && x == y
	case *value.Dict, *value.List, *value.Set:
		return a == b
	}
	return false
}

// sameReceiver reports whether two methods are bound to the same object.
func sameReceiver(a, b any) bool {
	_, text := a.(string)
	return text && a == b || Is(a, b)
}
