package rawjson

import (
	"encoding/binary"
	"math/bits"
)

// Flags tell what a validating scan saw in a value that matters for writing it out again.
type Flags uint8

const (
	// Break is a line feed or carriage return outside strings.
	Break Flags = 1 << iota
	// Blank is a space or tab outside strings.
	Blank
	// BadText is a string with invalid UTF-8 or an escaped lone surrogate.
	BadText
	// NotFinite is NaN, Infinity or -Infinity.
	NotFinite
	// Fits says that the element of a page fits the page's Pattern.
	Fits
)

// Clean reports that the value can go out as one line of valid JSON just as it is.
func (f Flags) Clean() bool { return f&^(Blank|Fits) == 0 }

// Compact reports that AppendCompact would change nothing.
func (f Flags) Compact() bool { return f&^Fits == 0 }

// scanner validates text. Its methods take the index where a value (or part) starts and give the
// index after it, or -1 with err set.
type scanner struct {
	b      []byte
	err    *SyntaxError
	depth  int
	flags  Flags // of everything scanned since they were last cleared
	python bool  // NaN, Infinity and -Infinity are values
	unfit  bool  // something did not fit its Pattern
}

func (s *scanner) fail(i int, want string) int {
	if s.err == nil {
		s.err = syntaxError(s.b, i, want)
	}
	return -1
}

// space returns the index of the first byte from i on that is not white space.
func (s *scanner) space(i int) int {
	if i < len(s.b) && s.b[i] > ' ' {
		return i
	}
	return s.spaces(i)
}

func (s *scanner) spaces(i int) int {
	b := s.b
	for i < len(b) {
		switch b[i] {
		case ' ', '\t':
			s.flags |= Blank
		case '\n', '\r':
			s.flags |= Break
		default:
			return i
		}
		// Indented text has long runs of spaces.
		for i++; i+8 <= len(b); i += 8 {
			if x := binary.LittleEndian.Uint64(b[i:i+8]) ^ ' '*ones; x != 0 {
				if x&0xFF == 0 {
					s.flags |= Blank
					i += bits.TrailingZeros64(x) >> 3
				}
				break
			}
			s.flags |= Blank
		}
	}
	return i
}

func (s *scanner) value(i int) int {
	if i >= len(s.b) {
		return s.fail(i, "a value")
	}
	switch c := s.b[i]; {
	case c == '"':
		return s.text(i + 1)
	case c-'0' < 10, c == '-':
		return s.number(i)
	case c == '{':
		return s.object(i + 1)
	case c == '[':
		return s.array(i + 1)
	case c == 't':
		return s.literal(i, "true")
	case c == 'f':
		return s.literal(i, "false")
	case c == 'n':
		return s.literal(i, "null")
	}
	return s.notFinite(i, i)
}

func (s *scanner) object(i int) int {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i-1, "less nesting")
	}
	b := s.b
	if i = s.space(i); i < len(b) && b[i] == '}' {
		s.depth--
		return i + 1
	}
	for {
		if i >= len(b) || b[i] != '"' {
			return s.fail(i, "a member name")
		}
		if i = s.text(i + 1); i < 0 {
			return i
		}
		if i >= len(b) || b[i] != ':' {
			if i = s.space(i); i >= len(b) || b[i] != ':' {
				return s.fail(i, "':'")
			}
		}
		if i = s.value(s.space(i + 1)); i < 0 {
			return i
		}
		if i = s.space(i); i >= len(b) {
			return s.fail(i, "',' or '}'")
		}
		switch b[i] {
		case ',':
			i = s.space(i + 1)
		case '}':
			s.depth--
			return i + 1
		default:
			return s.fail(i, "',' or '}'")
		}
	}
}

func (s *scanner) array(i int) int {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(i-1, "less nesting")
	}
	b := s.b
	if i = s.space(i); i < len(b) && b[i] == ']' {
		s.depth--
		return i + 1
	}
	for {
		if i = s.value(i); i < 0 {
			return i
		}
		if i = s.space(i); i >= len(b) {
			return s.fail(i, "',' or ']'")
		}
		switch b[i] {
		case ',':
			i = s.space(i + 1)
		case ']':
			s.depth--
			return i + 1
		default:
			return s.fail(i, "',' or ']'")
		}
	}
}

func (s *scanner) literal(i int, word string) int {
	if end := i + len(word); end <= len(s.b) && string(s.b[i:end]) == word {
		return end
	}
	for k := 0; k < len(word); k, i = k+1, i+1 {
		if i >= len(s.b) || s.b[i] != word[k] {
			break
		}
	}
	return s.fail(i, word)
}

// notFinite scans NaN, Infinity or -Infinity from start; i is after a sign.
func (s *scanner) notFinite(start, i int) int {
	if s.python && i < len(s.b) {
		switch {
		case s.b[i] == 'N' && i == start:
			s.flags |= NotFinite
			return s.literal(i, "NaN")
		case s.b[i] == 'I':
			s.flags |= NotFinite
			return s.literal(i, "Infinity")
		}
	}
	if i > start {
		return s.fail(i, "a digit")
	}
	return s.fail(i, "a value")
}

func (s *scanner) number(i int) int {
	b, start := s.b, i
	if b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	case i < len(b) && b[i]-'1' < 9:
		i = digits(b, i+1)
	default:
		return s.notFinite(start, i)
	}
	if i < len(b) && b[i] == '.' {
		end := digits(b, i+1)
		if end == i+1 {
			return s.fail(end, "a digit")
		}
		i = end
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		end := digits(b, i)
		if end == i {
			return s.fail(end, "a digit")
		}
		i = end
	}
	return i
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' < 10 {
		i++
	}
	return i
}
