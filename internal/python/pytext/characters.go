package pytext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// RuneLen is the length in bytes of the first character of s, which must not be empty.
func RuneLen(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, n := value.DecodeRune(s)
	return n
}

// LastRuneLen is the length in bytes of the last character of s, which must not be empty.
func LastRuneLen(s string) int {
	n := 1
	for n < min(len(s), utf8.UTFMax) && s[len(s)-n]&0xC0 == 0x80 {
		n++
	}
	if RuneLen(s[len(s)-n:]) != n {
		return 1
	}
	return n
}

// AppendRune appends a code point in UTF-8. It encodes a lone surrogate, which Python's str may
// contain, in the same scheme.
func AppendRune(dst []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f|0x80, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(dst, r)
}

// Len counts the characters of a text.
func Len(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		i += RuneLen(s[i:])
	}
	return n
}

// IsASCII reports whether s consists of ASCII characters.
func IsASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Characters splits s into its characters.
func Characters(s string) []string {
	chars := make([]string, 0, len(s))
	for s != "" {
		n := RuneLen(s)
		chars = append(chars, s[:n])
		s = s[n:]
	}
	return chars
}

// Prefix is the first n characters of s, or s if n is negative.
func Prefix(s string, n int) string {
	if n < 0 || n >= len(s) {
		return s
	}
	i := 0
	for ; n > 0 && i < len(s); n-- {
		i += RuneLen(s[i:])
	}
	return s[:i]
}

// Slice is s[from:to], counted in characters. from and to must be valid.
func Slice(s string, from, to int) (string, error) {
	if IsASCII(s) {
		return s[from:to], nil
	}
	s = s[len(Prefix(s, from)):]
	return Prefix(s, to-from), nil
}

// CountDigits counts the ASCII digits at the beginning of s.
func CountDigits(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// IsSpace reports whether r is white space to str.isspace and to \s in a regular expression.
func IsSpace(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	case r < 0x85:
		return false
	}
	return r == 0x85 || r == 0xa0 || unicode.Is(unicode.Z, r) && r != 0x200b
}

// IsIdentifier is Python's str.isidentifier.
func IsIdentifier(s string) bool {
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

// IsPrintable reports whether str.isprintable is true of r.
func IsPrintable(r rune) bool { return unicode.IsPrint(r) && (r < 0xd800 || r > 0xdfff) }

// CountLines counts the line breaks of SplitLines; "\r\n" counts twice.
func CountLines(s string) int {
	n := 0
	for _, r := range s {
		if isLineBreak(r) {
			n++
		}
	}
	return n
}

// SplitLines is Python's str.splitlines; keep keeps the line breaks.
func SplitLines(s string, keep bool) []string {
	var lines []string
	start := 0
	for i := 0; i < len(s); {
		r, n := value.DecodeRune(s[i:])
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

// Latin1 decodes bytes as ISO 8859-1.
func Latin1(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// Encodable fails with a UnicodeEncodeError if s contains a surrogate, which UTF-8 does not allow.
func Encodable(s string) error {
	if HasSurrogate(s) {
		return exception.New(exception.UnicodeEncodeError, "'utf-8' codec can't encode character: surrogates not allowed")
	}
	return nil
}

// Arg is the text of an argument that must be a str.
func Arg(v any) (string, error) {
	if s, ok := Of(v); ok {
		return s, nil
	}
	return "", exception.TypeErrorf("argument must be str, not %s", value.TypeName(v))
}

// IsWord reports whether \w matches r, approximately so outside ASCII. Names consist of such
// characters.
func IsWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == 0xb7)
}

// HasSurrogate reports whether s contains a surrogate.
func HasSurrogate(s string) bool {
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
