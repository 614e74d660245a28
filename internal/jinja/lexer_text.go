package jinja

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxIntDigits is Python's limit for integers in decimal text.
const maxIntDigits = 4300

// isSpace reports what Python's str.isspace and the regular expression \s take
// for white space.
func isSpace(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	case r < 0x85:
		return false
	}
	return r == 0x85 || r == 0xa0 || unicode.Is(unicode.Z, r) && r != 0x200b
}

// isWordRune reports what may stand in a name before it is checked.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == 0xb7)
}

// isIdentifier reports what Python's str.isidentifier does.
func isIdentifier(s string) bool {
	for i, r := range s {
		start := r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
		if start {
			continue
		}
		if i == 0 || !(unicode.Is(unicode.Nd, r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) ||
			unicode.Is(unicode.Pc, r) || r == 0xb7 || r == 0x387) {
			return false
		}
	}
	return s != ""
}

// digitsLen is the length of digits with single underscores between them.
func digitsLen(s string) int {
	i := 0
	for i < len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			i++
			continue
		}
		if s[i] == '_' && i > 0 && s[i-1] != '_' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
			i++
			continue
		}
		break
	}
	return i
}

// floatLen is the length of the float at the start of s, 0 if there is none.
func floatLen(s string) int {
	n := digitsLen(s)
	if n == 0 {
		return 0
	}
	found := false
	if n < len(s) && s[n] == '.' {
		if m := digitsLen(s[n+1:]); m > 0 {
			n += 1 + m
			found = true
		}
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		i := n + 1
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if m := digitsLen(s[i:]); m > 0 {
			return i + m
		}
	}
	if !found {
		return 0
	}
	return n
}

// integerLen is the length of the integer at the start of s, which is a digit.
func integerLen(s string) int {
	if s[0] != '0' {
		return digitsLen(s)
	}
	if len(s) > 2 {
		valid := ""
		switch s[1] {
		case 'b', 'B':
			valid = "01"
		case 'o', 'O':
			valid = "01234567"
		case 'x', 'X':
			valid = "0123456789abcdefABCDEF"
		}
		if n := baseDigitsLen(s[min(2, len(s)):], valid); valid != "" && n > 0 {
			return 2 + n
		}
	}
	return max(1, baseDigitsLen(s, "0"))
}

// baseDigitsLen is the length of groups of one optional underscore and a digit.
func baseDigitsLen(s, valid string) int {
	i := 0
	for i < len(s) {
		j := i
		if s[j] == '_' {
			j++
		}
		if j >= len(s) || strings.IndexByte(valid, s[j]) < 0 {
			break
		}
		i = j + 1
	}
	return i
}

// unescape decodes a string literal's body. Text outside ASCII is escaped
// first, as the reference does, so a backslash before such a letter escapes
// the escape.
func unescape(s string) (text, msg string) {
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
	out, msg := appendEscapes(make([]byte, 0, len(ascii)), string(ascii), true)
	return string(out), msg
}

// appendEscapes decodes Python's backslash escapes. Unknown ones stay as they
// are. wide allows \u, \U and \N, which bytes literals do not know.
func appendEscapes(dst []byte, s string, wide bool) ([]byte, string) {
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
			dst = appendRune(dst, r)
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

// escape decodes one escape behind its backslash: its length, and the
// character (-1: none). Length 0 means that it is not an escape.
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

// namedEscape refuses \N{…}: the names of all characters are not held.
func namedEscape(string) (int, rune, string) {
	return 0, 0, `\N escapes are not supported`
}

// appendRune appends a code point as UTF-8; a lone surrogate, which Python's
// text may hold, is written in the same scheme.
func appendRune(dst []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f|0x80, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(dst, r)
}
