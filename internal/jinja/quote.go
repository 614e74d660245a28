package jinja

import "strings"

// quote is Python's urllib.parse.quote: letters, digits and "_.-~" stay, and
// what is in safe.
func quote(s, safe string) string {
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

// quotePlus is quote with "+" for blanks.
func quotePlus(s, safe string) string {
	return strings.ReplaceAll(quote(s, safe+" "), " ", "+")
}

const hexDigits = "0123456789ABCDEF"
