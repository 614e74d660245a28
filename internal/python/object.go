package python

import (
	"fmt"
	"math/big"
	"strconv"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/value"
)

// Str is Python's str(v).
func Str(th *Thread, v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64, bool, float64, nil:
		return value.Str(v), nil
	case *big.Int:
		if v.BitLen() > number.MaxDecimalBits && len(v.Text(10)) > number.MaxDigits {
			return "", exception.ValueErrorf("Exceeds the limit (%d digits) for integer string conversion", number.MaxDigits)
		}
	}
	if err := th.Weigh(v); err != nil {
		return "", err
	}
	return value.Str(v), nil
}

// AppendStr appends Str(v) to dst.
func AppendStr(th *Thread, dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return append(dst, v...), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	}
	s, err := Str(th, v)
	return append(dst, s...), err
}

// Repr is Python's repr(v).
func Repr(th *Thread, v any) (string, error) {
	if err := th.Weigh(v); err != nil {
		return "", err
	}
	return value.Repr(v), nil
}

// mostBrief is the number of values in a value that Brief writes out.
const mostBrief = 100

// Brief is Python's repr(v) for messages. Of a large value it gives the type only.
func Brief(v any) string {
	budget := mostBrief
	if Fits(v, &budget) {
		return value.Repr(v)
	}
	return "<" + value.TypeName(v) + ">"
}

// Truthy is embedded by objects that are always true.
type Truthy struct{}

// Truth is part of value.Object.
func (Truthy) Truth() bool { return true }

// Address is the part "0x7f…" of a default repr, "<name object at 0x7f…>".
func Address(p any) string {
	s := fmt.Sprintf("%p", p)
	return "0x7f" + fmt.Sprintf("%010s", s[max(2, len(s)-10):])
}

// ellipsis is the literal "...".
type ellipsis struct{ Truthy }

// Ellipsis is the value of the literal "...".
var Ellipsis value.Object = ellipsis{}

// TypeName is part of value.Object.
func (ellipsis) TypeName() string { return "ellipsis" }

// Repr is part of value.Object.
func (ellipsis) Repr() string { return "Ellipsis" }

// Str is part of value.Object.
func (ellipsis) Str() string { return "Ellipsis" }
