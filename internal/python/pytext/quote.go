package pytext

import "strings"

// Quote is Python's urllib.parse.quote: it keeps letters, digits, "_.-~" and the characters in
// safe.
func Quote(s, safe string) string {
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9',
			c == '_' || c == '.' || c == '-' || c == '~',
			strings.IndexByte(safe, c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(b)
}

// QuotePlus is Python's urllib.parse.quote_plus: Quote with a "+" for each blank.
func QuotePlus(s, safe string) string {
	return strings.ReplaceAll(Quote(s, safe+" "), " ", "+")
}

const hexDigits = "0123456789ABCDEF"
