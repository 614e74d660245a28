// Package redact keeps secrets out of texts.
//
//	redact.go    finds and hides them
//	spelling.go  the ways to write a secret, each of which is a needle
//	index.go     finds needles in a text
//	unescape.go  undoes escapes, so that needles are found however they are escaped
//	decode.go    decodes Base64 and hexadecimal digits that hold what is escaped or encoded again
//	seal.go      puts placeholders in their places, and the secrets back
package redact
