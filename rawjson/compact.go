package rawjson

import "unicode/utf8"

// AppendCompact appends the validated value raw without white space outside strings, in valid UTF-8:
// U+FFFD stands for bytes that are not UTF-8 and for escaped lone surrogates, null for NaN, Infinity and
// -Infinity. Everything else, escapes and the spelling of numbers among it, stays as it is.
func AppendCompact(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case ' ', '\t', '\n', '\r':
			i++
		case '"':
			dst, i = appendText(dst, raw, i)
		case 'N':
			dst, i = append(dst, "null"...), i+len("NaN")
		case 'I':
			dst, i = append(dst, "null"...), i+len("Infinity")
		case '-':
			if i+1 < len(raw) && raw[i+1] == 'I' {
				i++
				break
			}
			fallthrough
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// appendText appends the string that starts at raw[i] and gives the index after it.
func appendText(dst, raw []byte, i int) ([]byte, int) {
	from := i
	i++
	for i < len(raw) {
		if i = plain(raw, i); i >= len(raw) {
			break
		}
		switch c := raw[i]; {
		case c == '"':
			return append(dst, raw[from:i+1]...), i + 1
		case c == '\\':
			s := scanner{b: raw}
			end := s.escape(i + 1)
			if end < 0 {
				end = i + 1
			}
			if s.flags != 0 {
				dst = append(append(dst, raw[from:i]...), "\uFFFD"...)
				from = end
			}
			i = end
		case c >= utf8.RuneSelf:
			n := runeOrPart(raw[i:])
			if n < 0 {
				dst = append(append(dst, raw[from:i]...), "\uFFFD"...)
				n = -n
				from = i + n
			}
			i += n
		default:
			i++
		}
	}
	return append(dst, raw[min(from, len(raw)):]...), len(raw)
}
