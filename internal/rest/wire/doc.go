// Package wire writes addresses, queries, bodies and headers as Python's requests library does, so
// that an API is asked exactly as the reference runtime asks it.
//
//	address.go   cuts and joins addresses as urllib does
//	target.go    prepares an address for a request, with parameters
//	escape.go    percent-encoding
//	encode.go    parameters, bodies and header values
package wire
