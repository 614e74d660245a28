// Package exception answers which exceptions Python raises: their classes, how these derive from
// each other, and how an error is made and recognized.
package exception
