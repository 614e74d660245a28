package pytime

import "strconv"

// decimal is a decimal.Decimal. It can be written, not calculated with.
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

func decimalOf(f float64) decimal { return decimal(strconv.FormatFloat(f, 'f', -1, 64)) }
