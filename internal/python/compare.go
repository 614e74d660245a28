package python

import (
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Equal is Python's a == b.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case string:
		switch y := b.(type) {
		case string:
			return x == y
		case pytext.Markup:
			return x == string(y)
		}
		return false
	case pytext.Markup:
		y, ok := pytext.Of(b)
		return ok && string(x) == y
	case ellipsis:
		return b == Ellipsis
	case *BoundMethod:
		y, ok := b.(*BoundMethod)
		return ok && x.b == y.b && sameReceiver(x.recv, y.recv)
	case Comparable:
		return x.Equal(b)
	}
	if y, ok := b.(Comparable); ok {
		return y.Equal(a)
	}
	return value.Equal(a, b)
}

// Compare applies a comparison operator.
func Compare(th *Thread, op Comparison, a, b any) (bool, error) {
	switch op {
	case Eq, Ne:
		if err := bothSized(a, b); err != nil {
			return false, err
		}
		return Equal(a, b) == (op == Eq), nil
	case In, NotIn:
		in, err := Contains(th, b, a)
		return in == (op == In), err
	}
	return Order(op, a, b)
}

// bothSized fails if both values are too large to be compared. If only one is, the comparison ends
// early.
func bothSized(a, b any) error {
	if err := CheckSize(a); err != nil {
		return CheckSize(b)
	}
	return nil
}

// Order is Python's a op b, where op is Lt, Le, Gt or Ge.
func Order(op Comparison, a, b any) (bool, error) {
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
			a, b = value.NewSet(x...), value.NewSet(y...)
		}
	}
	ok, err := value.Order(op.String(), a, b)
	if err != nil {
		return false, &exception.Error{Class: exception.TypeError, Msg: err.Error()}
	}
	return ok, nil
}

// Contains is Python's item in seq.
func Contains(th *Thread, seq, item any) (bool, error) {
	switch s := seq.(type) {
	case *value.Dict:
		return inDict(s, item)
	case Mapping:
		return inDict(s.Dict(), item)
	case *value.Set:
		if _, ok := Key(item); !ok {
			return false, Unhashable(item)
		}
		return s.Has(item), nil
	case *DictView:
		if s.Kind == "keys" {
			return inDict(s.D, item)
		}
	case value.Bytes:
		return inBytes(s, item)
	}
	if s, ok := pytext.Of(seq); ok {
		sub, ok := pytext.Of(item)
		if !ok {
			return false, exception.TypeErrorf("'in <string>' requires string as left operand, not %s", value.TypeName(item))
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
		if Equal(x, item) {
			return true, nil
		}
		if err := th.Step(1); err != nil {
			return false, err
		}
	}
}

func inDict(d *value.Dict, item any) (bool, error) {
	if s, ok := pytext.Of(item); ok {
		_, found := d.Get(s)
		return found, nil
	}
	if _, ok := Key(item); !ok {
		return false, Unhashable(item)
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
		return ok && x == y && len(x) <= 1
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
