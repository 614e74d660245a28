// Package number converts to and between Python's numbers: int, float, and text that holds one.
package number
