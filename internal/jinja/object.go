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

// maxDecimalBits is the size up to which an integer surely has few enough
// digits to be shown.
const maxDecimalBits = 14000

// markup is text that is safe to stand in HTML: what tojson, escape and safe
// give. Text joined to it is escaped.
type markup string

// TypeName is part of value.Object.
func (m markup) TypeName() string { return "Markup" }

// Repr is part of value.Object.
func (m markup) Repr() string { return "Markup(" + value.Repr(string(m)) + ")" }

// Str is part of value.Object.
func (m markup) Str() string { return string(m) }

// Truth is part of value.Object.
func (m markup) Truth() bool { return m != "" }

// text returns the content of a str, which a markup is too.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case markup:
		return string(v), true
	}
	return "", false
}

// undefined is the value of what does not exist. It can be printed, tested and
// iterated over; anything else raises.
type undefined struct {
	hint   string // whole message, if there is one
	name   any    // what was asked for
	of     any    // of which object
	member bool   // of is meaningful
	class  string // exception, UndefinedError if empty
}

// TypeName is part of value.Object.
func (u *undefined) TypeName() string { return "Undefined" }

// Repr is part of value.Object.
func (u *undefined) Repr() string { return "Undefined" }

// Str is part of value.Object.
func (u *undefined) Str() string { return "" }

// Truth is part of value.Object.
func (u *undefined) Truth() bool { return false }

// raise is the error that using u raises.
func (u *undefined) raise() error {
	class := u.class
	if class == "" {
		class = undefinedError
	}
	return &Error{Class: class, Msg: u.message()}
}

func (u *undefined) message() string {
	if u.hint != "" {
		return u.hint
	}
	if !u.member {
		return value.Repr(u.name) + " is undefined"
	}
	of := "None"
	if u.of != nil {
		of = value.TypeName(u.of) + " object"
	}
	if s, ok := u.name.(string); ok {
		return value.Repr(of) + " has no attribute " + value.Repr(s)
	}
	return of + " has no element " + value.Repr(u.name)
}

// iterator goes through nothing.
func (u *undefined) iterator() *iterator { return sliceIterator("generator", nil) }

func (u *undefined) length() (int, error) { return 0, nil }

func (u *undefined) equal(v any) bool { return isUndefined(v) }

// undefinedKey is the key of all undefined values.
type undefinedKey struct{}

func (u *undefined) key() any { return undefinedKey{} }

func isUndefined(v any) bool {
	_, ok := v.(*undefined)
	return ok
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

// sliceVal is a slice object "start:stop:step".
type sliceVal struct {
	plain
	start, stop, step any
}

// TypeName is part of value.Object.
func (*sliceVal) TypeName() string { return "slice" }

// Repr is part of value.Object.
func (s *sliceVal) Repr() string {
	return "slice(" + value.Repr(s.start) + ", " + value.Repr(s.stop) + ", " + value.Repr(s.step) + ")"
}

// Str is part of value.Object.
func (s *sliceVal) Str() string { return s.Repr() }

// decimal is a number as decimal.Decimal shows it; it only can be shown.
type decimal string

// TypeName is part of value.Object.
func (decimal) TypeName() string { return "decimal.Decimal" }

// Repr is part of value.Object.
func (d decimal) Repr() string { return "Decimal('" + string(d) + "')" }

// Str is part of value.Object.
func (d decimal) Str() string { return string(d) }

// Truth is part of value.Object.
func (d decimal) Truth() bool {
	f, err := strconv.ParseFloat(string(d), 64)
	return err != nil || f != 0
}
