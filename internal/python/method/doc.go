// Package method answers which methods and properties a value has, and what they do. A file holds
// those of a type; methods.go finds them.
package method
