// Package operator applies Python's arithmetic operators to values of all types.
package operator
