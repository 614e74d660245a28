// Package literal answers which value a text has as a Python literal.
//
//	literal.go          entry points, white space and comments
//	value.go, token.go  the grammar
//	same.go             which values survive being written and read again
package literal
