// Package rawjson cuts JSON text into raw parts in one validating pass, without decoding them.
//
// The grammar is that of RFC 8259 with these rules, which are those of Python's json module:
//
//   - A name may occur more than once in an object. Cutting keeps every occurrence; Find takes the last.
//   - Bytes of a string that are not UTF-8, and escaped lone surrogates (\ud800), are accepted.
//     AppendCompact replaces them by U+FFFD, Unquote keeps lone surrogates (in the three bytes that
//     UTF-8 would give them) and replaces other bytes by U+FFFD.
//   - Control characters inside a string are an error.
//   - NaN, Infinity and -Infinity are an error, unless a caller asks for them.
//   - More than MaxDepth containers within each other are an error.
//
// What the package returns are sub-slices of the text it was given: nothing is copied, and nothing is
// allocated for a value.
package rawjson

// MaxDepth is how deep containers may lie within each other.
const MaxDepth = 10000
