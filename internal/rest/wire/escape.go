package wire

import "strings"

// The characters that stand for themselves in a path and in a query (RFC 3986).
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	pathChars  = unreserved + "!$&'()*+,;=:@/"
	queryChars = pathChars + "?"
)

const hexDigits = "0123456789ABCDEF"

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// escapeInvalid percent-encodes what is not allowed. Escapes that are there stay, in upper case;
// but when a single "%" is no escape, every "%" is text (as urllib3 reads it).
func escapeInvalid(s, allowed string) string {
	escaped, clean := true, true
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			clean = false
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				escaped = false
			}
		} else if strings.IndexByte(allowed, s[i]) < 0 {
			clean = false
		}
	}
	if clean {
		return s
	}
	out := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && escaped:
			out = append(out, '%', upperHex(s[i+1]), upperHex(s[i+2]))
			i += 2
		case c != '%' && strings.IndexByte(allowed, c) >= 0:
			out = append(out, c)
		default:
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(out)
}

func upperHex(c byte) byte { return hexDigits[unhex(c)] }

// requote decodes escapes of characters that need none; s holds valid escapes only.
func requote(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			c := unhex(s[i+1])<<4 | unhex(s[i+2])
			if strings.IndexByte(unreserved, c) >= 0 {
				out = append(out, c)
			} else {
				out = append(out, '%', upperHex(s[i+1]), upperHex(s[i+2]))
			}
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// withoutDots resolves "." and ".." segments; empty segments stay.
func withoutDots(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	var out []string
	for s := range strings.SplitSeq(path, "/") {
		switch s {
		case ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, s)
		}
	}
	if strings.HasPrefix(path, "/") && (len(out) == 0 || out[0] != "") {
		out = append([]string{""}, out...)
	}
	if strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
		out = append(out, "")
	}
	return strings.Join(out, "/")
}

// appendQuoted is Python's quote_plus: all but unreserved characters are escaped, a space becomes
// "+".
func appendQuoted(dst []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~':
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return dst
}
