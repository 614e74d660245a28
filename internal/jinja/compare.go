package jinja

import (
	"strings"

	"anytap/internal/value"
)

// comparable is an object that says itself what it equals: it has __eq__.
type comparable interface{ Equal(v any) bool }

// equal is Python's ==.
func equal(a, b any) bool {
	switch x := a.(type) {
	case string:
		switch y := b.(type) {
		case string:
			return x == y
		case markup:
			return x == string(y)
		}
		return false
	case markup:
		y, ok := text(b)
		return ok && string(x) == y
	case ellipsis:
		return b == Ellipsis
	case *boundMethod:
		y, ok := b.(*boundMethod)
		return ok && x.b == y.b && sameReceiver(x.recv, y.recv)
	case comparable:
		return x.Equal(b)
	}
	if y, ok := b.(comparable); ok {
		return y.Equal(a)
	}
	return value.Equal(a, b)
}

// compareOp applies a comparison operator.
func compareOp(st *thread, op Comparison, a, b any) (bool, error) {
	switch op {
	case Eq, Ne:
		if err := bothSized(a, b); err != nil {
			return false, err
		}
		return equal(a, b) == (op == Eq), nil
	case In, NotIn:
		in, err := contains(st, b, a)
		return in == (op == In), err
	}
	return order(op, a, b)
}

// bothSized fails where both values are so large that going through them is
// out of the question.
func bothSized(a, b any) error {
	if err := sized(a); err != nil {
		return sized(b)
	}
	return nil
}

func order(op Comparison, a, b any) (bool, error) {
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
		if err := raised(v); err != nil {
			return false, err
		}
	}
	if m, ok := a.(markup); ok {
		a = string(m)
	}
	if m, ok := b.(markup); ok {
		b = string(m)
	}
	if x, ok := setItems(a); ok {
		if y, ok := setItems(b); ok {
			a, b = value.NewSet(x...), value.NewSet(y...)
		}
	}
	ok, err := value.Order(op.String(), a, b)
	if err != nil {
		return false, &Error{Class: typeError, Msg: err.Error()}
	}
	return ok, nil
}

// contains is Python's item in seq.
func contains(st *thread, seq, item any) (bool, error) {
	switch s := seq.(type) {
	case *value.Dict:
		return inDict(s, item)
	case mapping:
		return inDict(s.Dict(), item)
	case *value.Set:
		if _, ok := key(item); !ok {
			return false, unhashable(item)
		}
		return s.Has(item), nil
	case *dictView:
		if s.kind == "keys" {
			return inDict(s.d, item)
		}
	case value.Bytes:
		return inBytes(s, item)
	}
	if s, ok := text(seq); ok {
		sub, ok := text(item)
		if !ok {
			return false, raiseType("'in <string>' requires string as left operand, not %s", value.TypeName(item))
		}
		return strings.Contains(s, sub), nil
	}
	it, err := iterate(seq)
	if err != nil {
		return false, raiseType("argument of type '%s' is not iterable", value.TypeName(seq))
	}
	for {
		x, ok, err := it.next(st)
		if err != nil || !ok {
			return false, err
		}
		if equal(x, item) {
			return true, nil
		}
		if err := st.step(1); err != nil {
			return false, err
		}
	}
}

func inDict(d *value.Dict, item any) (bool, error) {
	if s, ok := text(item); ok {
		_, found := d.Get(s)
		return found, nil
	}
	if _, ok := key(item); !ok {
		return false, unhashable(item)
	}
	_, found := d.GetKey(item)
	return found, nil
}

func inBytes(b value.Bytes, item any) (bool, error) {
	if sub, ok := item.(value.Bytes); ok {
		return strings.Contains(string(b), string(sub)), nil
	}
	n, ok := index(item)
	if !ok {
		return false, raiseType("a bytes-like object is required, not '%s'", value.TypeName(item))
	}
	if n < 0 || n > 255 {
		return false, raiseValue("byte must be in range(0, 256)")
	}
	return strings.IndexByte(string(b), byte(n)) >= 0, nil
}
