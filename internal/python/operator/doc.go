// Package operator answers what the operators + - * / // % ** give, for operands of any type.
//
//	binary.go    dispatch, and numbers
//	sequence.go  text, lists, tuples, sets
//	time.go      dates, times, durations
package operator
