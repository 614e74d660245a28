// Package rawjson cuts JSON text into raw parts in one validating pass, without decoding them.
//
// It answers where the records of a response lie, and whether they can be written out as they came.
//
//	scan.go text.go   the scanner: values, strings, numbers
//	cut.go            one value: Skip, Trim, Members, Elements, Find
//	page.go parts.go  a whole response: the records at a path, and the members of each
//	pattern.go        whether values are what they should be
//	stream.go         a response of any size, element by element, from a reader
//	source.go         the buffer below a Stream
//	compact.go        a value on one line, in valid UTF-8
//	quote.go          strings to Go text and back
//	error.go          SyntaxError
//
// The grammar is that of RFC 8259 with these rules, which are those of Python's json module:
//
//   - A name may occur more than once in an object. Cutting keeps every occurrence; Find takes the last.
//   - Bytes of a string that are not UTF-8, and escaped lone surrogates (\ud800), are accepted.
//     AppendCompact replaces them by U+FFFD, Unquote keeps lone surrogates (in the three bytes that
//     UTF-8 would give them) and replaces other bytes by U+FFFD.
//   - Control characters inside a string are an error.
//   - NaN, Infinity and -Infinity are an error, unless a caller asks for them.
//   - More than MaxDepth levels of objects and arrays are an error.
//
// What the package returns are parts of the text it was given. It copies nothing, and allocates
// nothing for a value.
package rawjson

// MaxDepth is how many levels of objects and arrays a text may have.
const MaxDepth = 10000
