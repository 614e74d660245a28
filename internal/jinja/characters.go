package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"anytap/internal/value"
)

// runeLen is the length of the first character, which may be a surrogate.
func runeLen(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, n := decodeRune(s)
	return n
}

// decodeRune is utf8.DecodeRuneInString that knows surrogates in three bytes.
func decodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xed && s[1]&0xe0 == 0xa0 && s[2]&0xc0 == 0x80 {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	}
	return r, n
}

// appendRune appends a code point as UTF-8; a lone surrogate, which Python's
// text may hold, is written in the same scheme.
func appendRune(dst []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f|0x80, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(dst, r)
}

// length counts the characters of a text.
func length(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		i += runeLen(s[i:])
	}
	return n
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func characters(s string) []string {
	chars := make([]string, 0, len(s))
	for s != "" {
		n := runeLen(s)
		chars = append(chars, s[:n])
		s = s[n:]
	}
	return chars
}

// cut shortens a text to n characters; negative n leaves it.
func cut(s string, n int) string {
	if n < 0 || n >= len(s) {
		return s
	}
	i := 0
	for ; n > 0 && i < len(s); n-- {
		i += runeLen(s[i:])
	}
	return s[:i]
}

func textRange(s string, from, to int) (string, error) {
	if isASCII(s) {
		return s[from:to], nil
	}
	return strings.Join(characters(s)[from:to], ""), nil
}

func digits(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

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

func isPrintable(r rune) bool { return unicode.IsPrint(r) && (r < 0xd800 || r > 0xdfff) }

// splitLines is Python's splitlines.
func splitLines(s string, keep bool) []string {
	var lines []string
	start := 0
	for i := 0; i < len(s); {
		r, n := decodeRune(s[i:])
		if !isLineBreak(r) {
			i += n
			continue
		}
		end := i + n
		if r == '\r' && end < len(s) && s[end] == '\n' {
			end++
		}
		if keep {
			i = end
		}
		lines = append(lines, s[start:i])
		start, i = end, end
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

func isLineBreak(r rune) bool {
	return r >= '\n' && r <= '\r' || r >= 0x1c && r <= 0x1e || r == 0x85 || r == 0x2028 || r == 0x2029
}

func latin(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// encodable fails for text that holds a surrogate, as encoding it would.
func encodable(s string) error {
	if hasSurrogate(s) {
		return raise(unicodeEncode, "'utf-8' codec can't encode character: surrogates not allowed")
	}
	return nil
}

// textArg is an argument that must be text.
func textArg(v any) (string, error) {
	if s, ok := text(v); ok {
		return s, nil
	}
	return "", raiseType("argument must be str, not %s", value.TypeName(v))
}

// isWordRune reports what may stand in a name before it is checked.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == 0xb7)
}

// hasSurrogate finds what can not be encoded as UTF-8.
func hasSurrogate(s string) bool {
	for i := strings.IndexByte(s, 0xed); i >= 0 && i+1 < len(s); {
		if s[i+1] >= 0xa0 {
			return true
		}
		k := strings.IndexByte(s[i+1:], 0xed)
		if k < 0 {
			return false
		}
		i += 1 + k
	}
	return false
}
