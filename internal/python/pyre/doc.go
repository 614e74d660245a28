// Package pyre compiles and runs Python's regular expressions.
package pyre
