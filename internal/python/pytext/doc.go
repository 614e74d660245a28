// Package pytext does what Python does with characters: white space, case, escapes, quoting, and text that is safe in
// HTML.
package pytext
