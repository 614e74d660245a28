package value

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Repr is Python's repr(v).
func Repr(v any) string { return string(appendRepr(nil, v, 0)) }

// Str is Python's str(v).
func Str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case Datetime:
		return string(v.appendISO(nil, ' '))
	case Date:
		return v.String()
	case Timedelta:
		return v.String()
	case Object:
		return v.Str()
	}
	return Repr(v)
}

// maxDepth limits how deeply values are visited. A template can put a list into itself.
const maxDepth = 10000

func appendRepr(dst []byte, v any, depth int) []byte {
	if depth > maxDepth {
		return append(dst, "..."...)
	}
	switch v := plainGo(v).(type) {
	case nil:
		return append(dst, "None"...)
	case bool:
		if v {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case *big.Int:
		return v.Append(dst, 10)
	case float64:
		return appendFloat(dst, v)
	case string:
		return appendStringRepr(dst, v)
	case *Dict:
		return appendDictRepr(dst, v, depth)
	case *List:
		return append(appendItems(append(dst, '['), v.Values(), depth), ']')
	case Tuple:
		dst = appendItems(append(dst, '('), v, depth)
		if len(v) == 1 {
			dst = append(dst, ',')
		}
		return append(dst, ')')
	case *Set:
		if v.Len() == 0 {
			return append(dst, "set()"...)
		}
		return append(appendItems(append(dst, '{'), v.items, depth), '}')
	case Bytes:
		return appendBytesRepr(dst, v)
	case Datetime:
		return append(dst, v.repr()...)
	case Date:
		return fmt.Appendf(dst, "datetime.date(%d, %d, %d)", v.Y, v.M, v.D)
	case Timedelta:
		return append(dst, v.repr()...)
	case Object:
		return append(dst, v.Repr()...)
	default:
		return fmt.Appendf(dst, "<%T object>", v)
	}
}

func appendItems(dst []byte, items []any, depth int) []byte {
	for i, e := range items {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendRepr(dst, e, depth+1)
	}
	return dst
}

func appendDictRepr(dst []byte, d *Dict, depth int) []byte {
	dst = append(dst, '{')
	first := true
	for k, e := range d.AllKeys() {
		if !first {
			dst = append(dst, ", "...)
		}
		first = false
		dst = append(appendRepr(dst, k, depth+1), ": "...)
		dst = appendRepr(dst, e, depth+1)
	}
	return append(dst, '}')
}

// appendFloat writes f as Python's repr does: with the fewest digits that give f again, with an
// exponent below 1e-4 and from 1e16 on, and otherwise always with a point.
func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "nan"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	for _, c := range dst[from:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}

// quoteFor gives the quote that Python's repr puts around s.
func quoteFor(s string) byte {
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		return '"'
	}
	return '\''
}

func appendStringRepr(dst []byte, s string) []byte {
	quote := quoteFor(s)
	dst = append(dst, quote)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = appendByteRepr(dst, c, quote)
			i++
			continue
		}
		r, n := DecodeRune(s[i:])
		switch {
		case unicode.IsPrint(r):
			dst = append(dst, s[i:i+n]...)
		case r < 0x100:
			dst = fmt.Appendf(dst, `\x%02x`, r)
		case r < 0x10000:
			dst = fmt.Appendf(dst, `\u%04x`, r)
		default:
			dst = fmt.Appendf(dst, `\U%08x`, r)
		}
		i += n
	}
	return append(dst, quote)
}

// DecodeRune is utf8.DecodeRuneInString that also decodes a lone surrogate in three bytes, see the
// package comment.
func DecodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if n == 1 && len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, n
}

func appendBytesRepr(dst []byte, b Bytes) []byte {
	quote := quoteFor(string(b))
	dst = append(dst, 'b', quote)
	for _, c := range b {
		dst = appendByteRepr(dst, c, quote)
	}
	return append(dst, quote)
}

func appendByteRepr(dst []byte, c, quote byte) []byte {
	switch {
	case c == quote || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c < ' ' || c >= 0x7F:
		return fmt.Appendf(dst, `\x%02x`, c)
	}
	return append(dst, c)
}
