// Package text reads bytes as text the way Python does: encodings by Python's names, all kinds of
// line ends, and rows of CSV. Bytes that are no text in the encoding are an error.
//
//	encoding.go codecs.go  an Encoding by its name, for whole texts
//	reader.go              a reader of UTF-8 from one of bytes
//	lines.go               lines, up to a limit of length
//	csv.go                 rows
package text
