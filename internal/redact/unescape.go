package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// level is a text, or what it or a part of it means once escapes are undone or it is decoded.
type level struct {
	text string
	// begins and ends are where each byte's spelling does so in level 0; nil: there too.
	begins, ends []int32
	escaped      int  // how often escapes were undone on the way
	packed       int  // how often a part of it was decoded on the way
	blind        bool // nobody asks for begins and ends
}

const (
	// mostEscaped is how many times a text may have been escaped.
	mostEscaped = 6
	// mostPacked is how many times it may have been encoded.
	mostPacked = 3
)

// from is where a byte's spelling begins in the text of level 0.
func (l *level) from(i int) int {
	if l.begins == nil {
		return i
	}
	return int(l.begins[i])
}

// to is where a byte's spelling ends in the text of level 0.
func (l *level) to(i int) int {
	if l.ends == nil {
		return i + 1
	}
	return int(l.ends[i])
}

// walk visits a text and all that it means, until visit returns false. It then returns false too.
func (l *level) walk(visit func(*level) bool) bool {
	if !visit(l) {
		return false
	}
	if l.escaped < mostEscaped {
		if up := l.unescaped(); up != nil && !up.walk(visit) {
			return false
		}
	}
	return l.packed == mostPacked || l.decoded(func(inner *level) bool { return inner.walk(visit) })
}

// above is an empty level above l.
func (l *level) above(size int) *level {
	up := &level{escaped: l.escaped, packed: l.packed, blind: l.blind}
	if !l.blind {
		up.begins, up.ends = make([]int32, 0, size), make([]int32, 0, size)
	}
	return up
}

// place says for the next n bytes of up that they are spelled by l's bytes from i to k.
func (l *level) place(up *level, n, i, k int) {
	if l.blind {
		return
	}
	for range n {
		up.begins, up.ends = append(up.begins, int32(l.from(i))), append(up.ends, int32(l.to(k-1)))
	}
}

// unescaped undoes the escapes once: those of addresses (%2F, %u002F), of JSON and Python (\u002f,
// \x2f, \/) and of HTML (&#47; &#x2f; &sol;). nil: nothing is escaped.
func (l *level) unescaped() *level {
	const signs = `%\&`
	at := strings.IndexAny(l.text, signs)
	if at < 0 {
		return nil
	}
	up, undone := l.above(len(l.text)), false
	b := make([]byte, 0, len(l.text))
	for i := 0; i < len(l.text); {
		plain := strings.IndexAny(l.text[i:], signs)
		if plain < 0 {
			plain = len(l.text) - i
		}
		b = append(b, l.text[i:i+plain]...)
		for k := range plain {
			l.place(up, 1, i+k, i+k+1)
		}
		if i += plain; i == len(l.text) {
			break
		}
		text, n := unescaped(l.text[i:])
		if undone = undone || n > 0; n == 0 {
			text, n = l.text[i:i+1], 1
		}
		b = append(b, text...)
		l.place(up, len(text), i, i+n)
		i += n
	}
	if !undone {
		return nil
	}
	up.text, up.escaped = string(b), l.escaped+1
	return up
}

// unescaped is what the escape means that a text begins with, and its length; 0: it begins with
// none.
func unescaped(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	switch text[0] {
	case '%':
		if text[1] == 'u' {
			return unit(text, 2, 4)
		}
		return oneByte(text, 1)
	case '\\':
		switch text[1] {
		case 'u':
			return unit(text, 2, 4)
		case 'U':
			return unit(text, 2, 8)
		case 'x':
			return oneByte(text, 2)
		case 'n':
			return "\n", 2
		case 'r':
			return "\r", 2
		case 't':
			return "\t", 2
		case '\\', '/', '"', '\'':
			return text[1:2], 2
		}
	case '&':
		return entity(text)
	}
	return "", 0
}

// oneByte reads two hexadecimal digits behind a prefix.
func oneByte(text string, prefix int) (string, int) {
	n, ok := digits(text, prefix, 2)
	if !ok {
		return "", 0
	}
	return string([]byte{byte(n)}), prefix + 2
}

// unit reads a code point behind a prefix, or two halves of one.
func unit(text string, prefix, length int) (string, int) {
	n, ok := digits(text, prefix, length)
	if !ok || n > utf8.MaxRune {
		return "", 0
	}
	end := prefix + length
	if utf16.IsSurrogate(rune(n)) && strings.HasPrefix(text[end:], text[:prefix]) {
		if low, ok := digits(text, end+prefix, length); ok {
			if r := utf16.DecodeRune(rune(n), rune(low)); r != utf8.RuneError {
				return string(r), 2 * end
			}
		}
	}
	return string(rune(n)), end
}

// digits reads hexadecimal digits at a place.
func digits(text string, at, length int) (uint64, bool) {
	if len(text) < at+length {
		return 0, false
	}
	n, err := strconv.ParseUint(text[at:at+length], 16, 32)
	return n, err == nil
}

// longestEntity is the length of the longest entity of HTML that is read.
const longestEntity = 12

// entity reads an entity of HTML.
func entity(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), longestEntity)], ';')
	if end < 0 || strings.IndexFunc(text[1:end], func(r rune) bool { return r != '#' && !isAlphanumeric(r) }) >= 0 {
		return "", 0
	}
	plain := html.UnescapeString(text[:end+1])
	if plain == text[:end+1] || strings.HasSuffix(plain, ";") && len(plain) > 1 {
		return "", 0 // none, or one without its ; before other letters
	}
	return plain, end + 1
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
