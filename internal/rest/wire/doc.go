// Package wire writes addresses, queries, bodies and headers as Python's requests library does, so that APIs are asked just as by
// the reference runtime.
package wire
