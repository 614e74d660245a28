package rawjson

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Eight bytes are looked at at once: in a word of them, a byte's high bit marks a match.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// stops marks the bytes of w that end a plain run of string: a quote, a backslash, a control
// character or a byte of 0x80 and above. Only the lowest mark is sure; a borrow may mark bytes
// above it. Flipping bit 1 puts the quote, alone of the printable characters, right above the
// control characters, so that one subtraction finds both.
func stops(w uint64) uint64 {
	return ((w ^ 2*ones - 33*ones) | (w ^ '\\'*ones - ones) | w) & highs
}

// plain returns the index of the first byte from i on at which stops has a mark, or len(b).
func plain(b []byte, i int) int {
	for i+32 <= len(b) {
		p := b[i : i+32 : i+32]
		m0, m1 := stops(binary.LittleEndian.Uint64(p)), stops(binary.LittleEndian.Uint64(p[8:]))
		if m0 != 0 {
			return i + bits.TrailingZeros64(m0)>>3
		}
		if m1 != 0 {
			return i + 8 + bits.TrailingZeros64(m1)>>3
		}
		m0, m1 = stops(binary.LittleEndian.Uint64(p[16:])), stops(binary.LittleEndian.Uint64(p[24:]))
		if m0 != 0 {
			return i + 16 + bits.TrailingZeros64(m0)>>3
		}
		if m1 != 0 {
			return i + 24 + bits.TrailingZeros64(m1)>>3
		}
		i += 32
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// text scans a string; i is the index after the opening quote. Most strings are short: it looks at
// them as plain does, without the call.
func (s *scanner) text(i int) int {
	b := s.b
	for i+16 <= len(b) {
		p := b[i : i+16 : i+16]
		m := stops(binary.LittleEndian.Uint64(p))
		if m == 0 {
			i += 8
			if m = stops(binary.LittleEndian.Uint64(p[8:])); m == 0 {
				i += 8
				continue
			}
		}
		i += bits.TrailingZeros64(m) >> 3
		if b[i] == '"' {
			return i + 1
		}
		if i = s.special(i); i < 0 {
			return i
		}
	}
	return s.textAtEnd(i)
}

// textAtEnd is text for the last bytes of b.
func (s *scanner) textAtEnd(i int) int {
	for {
		if i = plain(s.b, i); i >= len(s.b) {
			return s.fail(i, "the end of a string")
		}
		if s.b[i] == '"' {
			return i + 1
		}
		if i = s.special(i); i < 0 {
			return i
		}
	}
}

// special scans what is neither plain nor the end of the string.
func (s *scanner) special(i int) int {
	switch c := s.b[i]; {
	case c == '\\':
		return s.escape(i + 1)
	case c < ' ':
		return s.fail(i, "an escaped control character")
	}
	return s.wide(i)
}

// wide scans the run of bytes of 0x80 and above at i.
func (s *scanner) wide(i int) int {
	for i < len(s.b) && s.b[i] >= utf8.RuneSelf {
		r, n := utf8.DecodeRune(s.b[i:])
		if r == utf8.RuneError && n == 1 {
			s.flags |= BadText
		}
		i += n
	}
	return i
}

// escape scans an escape; i is the index after the backslash.
func (s *scanner) escape(i int) int {
	if i >= len(s.b) {
		return s.fail(i, "an escape")
	}
	switch s.b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		r, bad := hex4(s.b, i+1)
		if r < 0 {
			return s.fail(bad, "a hexadecimal digit")
		}
		i += 5
		if !surrogate(r) {
			return i
		}
		if r < 0xDC00 && i+1 < len(s.b) && s.b[i] == '\\' && s.b[i+1] == 'u' {
			if low, _ := hex4(s.b, i+2); low >= 0xDC00 && low <= 0xDFFF {
				return i + 6
			}
		}
		s.flags |= BadText
		return i
	}
	return s.fail(i, "an escape")
}

func surrogate(r rune) bool { return r >= 0xD800 && r <= 0xDFFF }

// hex4 gives the value of the four hexadecimal digits at i, or -1 and the index of what is none.
func hex4(b []byte, i int) (r rune, bad int) {
	for k := i; k < i+4; k++ {
		if k >= len(b) {
			return -1, k
		}
		c := b[k]
		switch {
		case c-'0' < 10:
			c -= '0'
		case c|0x20-'a' < 6:
			c = c | 0x20 - 'a' + 10
		default:
			return -1, k
		}
		r = r<<4 | rune(c)
	}
	return r, 0
}
