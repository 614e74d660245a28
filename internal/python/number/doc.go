// Package number answers what int() and float() give, of any value. All of the program converts
// with it, except where another rule of the reference runtime applies, such as the coercion of its
// models.
//
//	number.go  int, float, and conversion between them
//	text.go    text to int and float
//	round.go   round
package number
