// Package pytext answers what Python does with the characters of a text.
//
//	characters.go  characters (a lone surrogate is one), lines, white space, names
//	textcase.go    upper and lower case, digits
//	escapes.go     backslash escapes
//	quote.go       URL quoting
//	wrap.go        lines of a width, as textwrap makes them
//	markup.go      text that is safe in HTML
package pytext
