// Package format answers how a value is written in a format.
//
//	percent.go, percent_convert.go  format % values
//	brace.go                        str.format
//	pretty.go                       pprint.pformat
//	spec.go                         format(value, spec)
package format
