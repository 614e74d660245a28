// Package text reads bytes as text the way Python does: encodings by Python's names, with every mistake an
// error, line ends of all kinds, and rows of CSV.
package text
