// Package method holds the methods and properties of Python's types.
package method
