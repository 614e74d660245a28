package rawjson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote decodes raw, a validated JSON string with its quotes. A lone surrogate stays one, in the
// three bytes that UTF-8 would give it, as Python keeps it; each longest broken part of a UTF-8
// sequence becomes U+FFFD. The result shares no memory with raw.
func Unquote(raw []byte) string {
	if len(raw) < 2 {
		return ""
	}
	raw = raw[1 : len(raw)-1]
	i := plain(raw, 0)
	if i == len(raw) {
		return string(raw)
	}
	return string(appendUnquoted(make([]byte, 0, len(raw)+2), raw))
}

// AppendUnquoted appends what Unquote returns.
func AppendUnquoted(dst, raw []byte) []byte {
	if len(raw) < 2 {
		return dst
	}
	return appendUnquoted(dst, raw[1:len(raw)-1])
}

func appendUnquoted(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		end := plain(b, i)
		dst = append(dst, b[i:end]...)
		if i = end; i >= len(b) {
			break
		}
		switch {
		case b[i] == '\\' && i+1 < len(b):
			dst, i = appendEscape(dst, b, i+1)
		case b[i] < utf8.RuneSelf:
			dst = append(dst, b[i])
			i++
		default:
			n := runeOrPart(b[i:])
			if n < 0 {
				dst = append(dst, "\uFFFD"...)
				i -= n
				break
			}
			dst = append(dst, b[i:i+n]...)
			i += n
		}
	}
	return dst
}

// appendEscape appends the character of the escape whose backslash is before i.
func appendEscape(dst, b []byte, i int) ([]byte, int) {
	switch c := b[i]; c {
	case 'b':
		return append(dst, '\b'), i + 1
	case 'f':
		return append(dst, '\f'), i + 1
	case 'n':
		return append(dst, '\n'), i + 1
	case 'r':
		return append(dst, '\r'), i + 1
	case 't':
		return append(dst, '\t'), i + 1
	case 'u':
		r, _ := hex4(b, i+1)
		if r < 0 {
			return append(dst, "\uFFFD"...), i + 1
		}
		i += 5
		if surrogate(r) {
			if r < 0xDC00 && i+1 < len(b) && b[i] == '\\' && b[i+1] == 'u' {
				if low, _ := hex4(b, i+2); low >= 0xDC00 && low <= 0xDFFF {
					return utf8.AppendRune(dst, 0x10000+(r-0xD800)<<10+(low-0xDC00)), i + 6
				}
			}
			return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F), i
		}
		return utf8.AppendRune(dst, r), i
	default:
		return append(dst, c), i + 1
	}
}

// runeOrPart gives the length of the character that b starts with, or, negated, that of the longest
// broken part of one (which is replaced as a whole, see Unicode 15 section 3.9).
func runeOrPart(b []byte) int {
	if r, n := utf8.DecodeRune(b); r != utf8.RuneError || n != 1 {
		return n
	}
	n := 2
	switch c := b[0]; {
	case c >= 0xE0 && c < 0xF0:
		n = 3
	case c >= 0xF0 && c < 0xF5:
		n = 4
	}
	for k := 2; k < n && k <= len(b); k++ {
		if !startsRune(b[:k]) {
			return -(k - 1)
		}
	}
	return -min(n-1, len(b))
}

// startsRune reports whether p (2 or 3 bytes) can be the beginning of a longer character.
func startsRune(p []byte) bool {
	low, high := byte(0x80), byte(0xBF)
	switch p[0] {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	if p[1] < low || p[1] > high {
		return false
	}
	return len(p) < 3 || p[2]&0xC0 == 0x80
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends s as a JSON string: only the quote, the backslash and control characters are
// escaped. Two surrogates (as Unquote keeps them) that belong together become their
// character; others and each byte that is not UTF-8 become U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
			dst = append(dst, s[from:i]...)
			r, n = heldRune(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			from = i
			continue
		}
		dst = appendControl(append(dst, s[from:i]...), c)
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

// heldRune is the character that s, which begins with a byte that is not UTF-8, stands for: that of
// two surrogates which belong together, else U+FFFD. n is its length.
func heldRune(s string) (r rune, n int) {
	if !heldSurrogate(s) {
		return utf8.RuneError, 1
	}
	if heldSurrogate(s[3:]) {
		if r := utf16.DecodeRune(surrogateOf(s), surrogateOf(s[3:])); r != utf8.RuneError {
			return r, 6
		}
	}
	return utf8.RuneError, 3
}

// surrogateOf is the surrogate that s starts with.
func surrogateOf(s string) rune { return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F) }

// heldSurrogate reports whether s starts with a surrogate in UTF-8's form.
func heldSurrogate(s string) bool {
	return len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80
}

func appendControl(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
