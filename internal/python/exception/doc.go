// Package exception holds the exceptions that Python raises, and how their classes derive from each other.
package exception
