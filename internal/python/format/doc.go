// Package format writes values by Python's formats: the operator %, str.format and format().
package format
