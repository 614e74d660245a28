package jinja

import (
	"fmt"
	"math/big"
	"strconv"

	"anytap/internal/value"
)

// str is Python's str().
func str(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64, bool, float64, nil:
		return value.Str(v), nil
	case *big.Int:
		if v.BitLen() > maxDecimalBits && len(v.Text(10)) > maxIntDigits {
			return "", raiseValue("Exceeds the limit (%d digits) for integer string conversion", maxIntDigits)
		}
	}
	if err := sized(v); err != nil {
		return "", err
	}
	return value.Str(v), nil
}

// appendText appends the str() of v.
func appendText(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return append(dst, v...), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	}
	s, err := str(v)
	return append(dst, s...), err
}

// repr is Python's repr().
func repr(v any) (string, error) {
	if err := sized(v); err != nil {
		return "", err
	}
	return value.Repr(v), nil
}

// plain is embedded by objects that are true and print like "<name object>".
type plain struct{}

// Truth is part of value.Object.
func (plain) Truth() bool { return true }

// address is what objects without a text of their own show in place of where
// they lie in memory.
func address(p any) string {
	s := fmt.Sprintf("%p", p)
	return "0x7f" + fmt.Sprintf("%010s", s[max(2, len(s)-10):])
}

// ellipsis is the literal "...".
type ellipsis struct{ plain }

// Ellipsis is the value of the literal "...", which a rendered text may be.
var Ellipsis value.Object = ellipsis{}

// TypeName is part of value.Object.
func (ellipsis) TypeName() string { return "ellipsis" }

// Repr is part of value.Object.
func (ellipsis) Repr() string { return "Ellipsis" }

// Str is part of value.Object.
func (ellipsis) Str() string { return "Ellipsis" }
