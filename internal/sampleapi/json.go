package sampleapi

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// encoder appends compact JSON to b. Every method takes the member's name, or "" for a list element
// and for the outermost value. Unlike encoding/json it keeps the order in which the real systems
// send members, and needs neither reflection nor maps for a managed answer of a gigabyte.
type encoder struct {
	b       []byte
	scratch []byte // a text before it is appended to b
}

func (e *encoder) name(name string) {
	if n := len(e.b); n > 0 && e.b[n-1] != '{' && e.b[n-1] != '[' && e.b[n-1] != ':' {
		e.b = append(e.b, ',')
	}
	if name != "" {
		e.b = append(e.b, '"')
		e.b = append(e.b, name...)
		e.b = append(e.b, '"', ':')
	}
}

func (e *encoder) open(name string) { e.name(name); e.b = append(e.b, '{') }
func (e *encoder) close()           { e.b = append(e.b, '}') }
func (e *encoder) list(name string) { e.name(name); e.b = append(e.b, '[') }
func (e *encoder) end()             { e.b = append(e.b, ']') }

func (e *encoder) null(name string) { e.name(name); e.b = append(e.b, "null"...) }

func (e *encoder) num(name string, v int) {
	e.name(name)
	e.b = strconv.AppendInt(e.b, int64(v), 10)
}

func (e *encoder) flag(name string, v bool) {
	e.name(name)
	e.b = strconv.AppendBool(e.b, v)
}

func (e *encoder) str(name, v string) {
	e.name(name)
	e.b = appendString(e.b, v)
}

// opt writes null for an empty string.
func (e *encoder) opt(name, v string) {
	if v == "" {
		e.null(name)
		return
	}
	e.str(name, v)
}

// prose writes a generated text of some sentences, escaped to ASCII or not.
func (e *encoder) prose(name string, r *rng, sentences int, ascii bool) {
	e.name(name)
	e.scratch = r.appendParagraphs(e.scratch[:0], sentences)
	if ascii {
		e.b = appendASCII(e.b, string(e.scratch))
		return
	}
	e.b = appendString(e.b, e.scratch)
}

// when writes a time in UTC to the second, the form all three systems use.
func (e *encoder) when(name string, t time.Time) {
	e.name(name)
	e.b = append(e.b, '"')
	e.b = t.UTC().AppendFormat(e.b, time.RFC3339)
	e.b = append(e.b, '"')
}

const hexDigits = "0123456789abcdef"

func appendString[T string | []byte](b []byte, v T) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, v[from:i]...)
		b = appendEscape(b, c)
		from = i + 1
	}
	b = append(b, v[from:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	case '"', '\\', '/':
		return append(b, '\\', c)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendASCII escapes the slash and everything beyond ASCII, as some encoders do. It means the same
// as appendString's text in other bytes.
func appendASCII(b []byte, v string) []byte {
	b = append(b, '"')
	for _, c := range v {
		switch {
		case c < 0x20 || c == '"' || c == '\\' || c == '/':
			b = appendEscape(b, byte(c))
		case c < utf8.RuneSelf:
			b = append(b, byte(c))
		case c <= 0xffff:
			b = appendUnit(b, uint16(c))
		default:
			c -= 0x10000
			b = appendUnit(b, uint16(0xd800+c>>10))
			b = appendUnit(b, uint16(0xdc00+c&0x3ff))
		}
	}
	return append(b, '"')
}

// appendUnit writes one UTF-16 code unit.
func appendUnit(b []byte, u uint16) []byte {
	return append(b, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}
