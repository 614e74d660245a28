package pytext

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unescape decodes the body of a string literal as Jinja's lexer does, which first replaces each
// character outside ASCII by its backslash escape. A backslash before such a character therefore
// forms an escaped backslash with the first character of that escape, and the rest stays as text.
// msg is the error, if there is one.
func Unescape(s string) (text, msg string) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, ""
	}
	ascii := make([]byte, 0, len(s)+8)
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			ascii = append(ascii, byte(r))
		case r < 0x100:
			ascii = fmt.Appendf(ascii, `\x%02x`, r)
		case r < 0x10000:
			ascii = fmt.Appendf(ascii, `\u%04x`, r)
		default:
			ascii = fmt.Appendf(ascii, `\U%08x`, r)
		}
	}
	out, msg := AppendUnescaped(make([]byte, 0, len(ascii)), string(ascii), true)
	return string(out), msg
}

// AppendUnescaped decodes Python's backslash escapes. Unknown escapes stay as they are. wide allows
// \u, \U and \N, which do not exist in bytes literals. The second result is an error message, if
// there is an error.
func AppendUnescaped(dst []byte, s string, wide bool) ([]byte, string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		if i+1 >= len(s) {
			return dst, `\ at end of string`
		}
		n, r, msg := escape(s[i+1:], wide)
		if msg != "" {
			return dst, msg
		}
		switch {
		case n == 0:
			dst = append(dst, '\\')
			i++
			continue
		case r >= 0 && wide:
			dst = AppendRune(dst, r)
		case r >= 0:
			dst = append(dst, byte(r))
		}
		i += 1 + n
	}
	return dst, ""
}

// simpleEscapes are the one-letter escapes.
var simpleEscapes = map[byte]rune{
	'\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f',
	'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

// escape decodes the escape at the beginning of s, after its backslash. n is the length of the
// escape, or 0 if there is none. r is its character, or -1 if it stands for none, as an escaped
// line break does.
func escape(s string, wide bool) (n int, r rune, msg string) {
	c := s[0]
	if r, ok := simpleEscapes[c]; ok {
		return 1, r, ""
	}
	switch {
	case c == '\n':
		return 1, -1, ""
	case c >= '0' && c <= '7':
		n = 1
		r = rune(c - '0')
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			r = r*8 + rune(s[n]-'0')
			n++
		}
		if !wide {
			r &= 0xff
		}
		return n, r, ""
	case c == 'x':
		return hexEscape(s, 2)
	case c == 'u' && wide:
		return hexEscape(s, 4)
	case c == 'U' && wide:
		return hexEscape(s, 8)
	case c == 'N' && wide:
		return namedEscape(s)
	}
	return 0, 0, ""
}

func hexEscape(s string, digits int) (int, rune, string) {
	if len(s) < 1+digits {
		return 0, 0, `truncated \` + s[:1] + ` escape`
	}
	var r int64
	for _, c := range []byte(s[1 : 1+digits]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if c < '0' || d < 0 || c < 'A' && d > 9 {
			return 0, 0, `truncated \` + s[:1] + ` escape`
		}
		r = r*16 + int64(d)
	}
	if r > unicode.MaxRune {
		return 0, 0, "illegal Unicode character"
	}
	return 1 + digits, rune(r), ""
}

// namedEscape refuses \N{…}: there is no table of character names.
func namedEscape(string) (int, rune, string) {
	return 0, 0, `\N escapes are not supported`
}

// HexRune writes r in hexadecimal with at least so many digits.
func HexRune(r rune, digits int) string {
	s := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", max(digits-len(s), 0)) + s
}
