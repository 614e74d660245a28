package rawjson

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// AppendCompact appends the validated value raw without white space outside strings, in valid
// UTF-8: U+FFFD stands for bytes that are not UTF-8 and for escaped lone surrogates, null for NaN,
// Infinity and -Infinity. Everything else, escapes and the spelling of numbers among it, stays as
// it is.
func AppendCompact(dst, raw []byte) []byte {
	from := 0 // what comes before went out already
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			if end := plain(raw, i+1); end < len(raw) && raw[end] == '"' {
				i = end + 1
				break
			}
			dst, from, i = appendText(dst, raw, from, i+1)
		case c <= ' ':
			dst = append(dst, raw[from:i]...)
			i = pastSpace(raw, i)
			from = i
		case c == 'N' || c == 'I':
			end := i + len("NaN")
			if c == 'I' {
				end = i + len("Infinity")
				if i > from && raw[i-1] == '-' {
					i--
				}
			}
			dst = append(append(dst, raw[from:i]...), "null"...)
			i = min(end, len(raw))
			from = i
		default:
			i++
		}
	}
	return append(dst, raw[from:]...)
}

func pastSpace(raw []byte, i int) int {
	for i < len(raw) && raw[i] <= ' ' {
		for i++; i+8 <= len(raw); i += 8 {
			if x := binary.LittleEndian.Uint64(raw[i:i+8]) ^ ' '*ones; x != 0 {
				i += bits.TrailingZeros64(x) >> 3
				break
			}
		}
	}
	return i
}

// appendText goes through the string whose opening quote is before raw[i]. It gives the index after
// the string; dst and from move on only when something had to be replaced.
func appendText(dst, raw []byte, from, i int) (_ []byte, newFrom, end int) {
	for i < len(raw) {
		if i = plain(raw, i); i >= len(raw) {
			break
		}
		end, whole := i+1, true
		switch c := raw[i]; {
		case c == '"':
			return dst, from, i + 1
		case c == '\\':
			s := scanner{b: raw}
			if at := s.escape(i + 1); at > 0 {
				end, whole = at, s.flags == 0
			}
		case c >= utf8.RuneSelf:
			n := runeOrPart(raw[i:])
			if whole = n > 0; !whole {
				n = -n
			}
			end = i + n
		}
		if !whole {
			dst = append(append(dst, raw[from:i]...), "\uFFFD"...)
			from = end
		}
		i = end
	}
	return dst, from, len(raw)
}
