package redact

import "strings"

// sextets are the values of Base64's letters in both of its alphabets, plus one.
var sextets = func() (table [256]byte) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for i := range len(letters) {
		table[letters[i]] = byte(i) + 1
	}
	table['+'], table['-'], table['/'], table['_'] = 63, 63, 64, 64
	return table
}()

const (
	// shortestRun is how many letters of Base64 or hexadecimal digits are worth being decoded.
	shortestRun = 10
	// shortestInner is how many of them a decoded text must have to be worth it again.
	shortestInner = 8
)

// decoded decodes each part of the text that may be Base64, wherever a group of it may begin, or
// hexadecimal digits. Only such as may be escaped or encoded once more are visited: what stands
// there as it is, the needles find.
func (l *level) decoded(visit func(*level) bool) bool {
	for i := 0; i < len(l.text); i++ {
		start, digits := i, true
		for ; i < len(l.text) && sextets[l.text[i]] != 0; i++ {
			digits = digits && nibble(l.text[i]) < 16
		}
		if i-start < shortestRun {
			continue
		}
		for first := start; first < start+4; first++ {
			if !l.visitPacked(first, i, 4, 3, visit) {
				return false
			}
		}
		for first := start; digits && first < start+2; first++ {
			if !l.visitPacked(first, i, 2, 1, visit) {
				return false
			}
		}
	}
	return true
}

// visitPacked decodes groups of letters between two places of the text, each of which makes so many
// bytes.
func (l *level) visitPacked(first, end, letters, bytes int, visit func(*level) bool) bool {
	var small [256]byte
	b := small[:0]
	bits, n := uint(0), 0
	for i := first; i < end; i++ {
		if letters == 2 {
			bits, n = bits<<4|uint(nibble(l.text[i])), n+4
		} else {
			bits, n = bits<<6|uint(sextets[l.text[i]]-1), n+6
		}
		if n >= 8 {
			n -= 8
			b = append(b, byte(bits>>n))
		}
	}
	if !promising(b) {
		return true
	}
	up := l.above(len(b))
	up.text, up.packed = string(b), l.packed+1
	for k := range b {
		at := first + k*letters/bytes
		l.place(up, 1, at, at+2) // a byte is spelled by two letters, of which it may have a part
	}
	return visit(up)
}

// promising reports whether a text may be escaped or encoded.
func promising(text []byte) bool {
	run := 0
	for i, c := range text {
		if sextets[c] != 0 {
			if run++; run == shortestInner {
				return true
			}
			continue
		}
		run = 0
		if i+1 < len(text) && escapeBegins(c, text[i+1]) {
			return true
		}
	}
	return false
}

// escapeBegins reports whether an escape may begin with two characters.
func escapeBegins(c, next byte) bool {
	switch c {
	case '%':
		return next == 'u' || nibble(next) < 16
	case '\\':
		return strings.IndexByte(`uUxnrt\/"'`, next) >= 0
	case '&':
		return next == '#' || 'a' <= lower(next) && lower(next) <= 'z'
	}
	return false
}

// nibble is the value of a hexadecimal digit; 16: it is none.
func nibble(c byte) byte {
	switch c = lower(c); {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}
