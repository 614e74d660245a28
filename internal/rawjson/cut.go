package rawjson

import "unicode/utf8"

// Skip validates the one value that starts at b[i] (no white space before it) and returns the index
// after it. The error is a *SyntaxError.
func Skip(b []byte, i int) (end int, err error) {
	end, _, err = skip(b, i, false)
	return end, err
}

func skip(b []byte, i int, python bool) (int, Flags, error) {
	s := scanner{b: b, python: python}
	if end := s.value(i); end >= 0 {
		return end, s.flags, nil
	}
	return i, s.flags, s.err
}

// Trim validates a whole text: one value with white space around it. It returns the value and what
// was seen in it. With python, NaN, Infinity and -Infinity are values too.
func Trim(b []byte, python bool) (raw []byte, seen Flags, err error) {
	s := scanner{b: b, python: python}
	start := s.space(0)
	s.flags = 0
	end := s.value(start)
	seen = s.flags
	if end < 0 {
		return nil, seen, s.err
	}
	if rest := s.space(end); rest < len(b) {
		return nil, seen, syntaxError(b, rest, "the end of the text")
	}
	return b[start:end:end], seen, nil
}

// stopped is what a walk's callback returns to end the walk.
const stopped = -2

// members walks the object whose '{' is at i. It calls f with each name, where it starts and (with
// its quotes) ends, and with where the value starts; f returns the index after the value, or a
// negative one, which ends the walk and is returned.
func (s *scanner) members(i int, f func(key, keyEnd, at int) int) int {
	b := s.b
	if i = s.space(i + 1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(b) || b[i] != '"' {
			return s.fail(i, "a member name")
		}
		end := s.text(i + 1)
		if end < 0 {
			return end
		}
		key := i
		if i = s.space(end); i >= len(b) || b[i] != ':' {
			return s.fail(i, "':'")
		}
		if i = f(key, end, s.space(i+1)); i < 0 {
			return i
		}
		if i = s.space(i); i < len(b) && b[i] == '}' {
			return i + 1
		}
		if i >= len(b) || b[i] != ',' {
			return s.fail(i, "',' or '}'")
		}
		i = s.space(i + 1)
	}
}

// elements walks the array whose '[' is at i, as members does an object.
func (s *scanner) elements(i int, f func(at int) int) int {
	b := s.b
	if i = s.space(i + 1); i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		if i = f(i); i < 0 {
			return i
		}
		if i = s.space(i); i < len(b) && b[i] == ']' {
			return i + 1
		}
		if i >= len(b) || b[i] != ',' {
			return s.fail(i, "',' or ']'")
		}
		i = s.space(i + 1)
	}
}

// Members calls f with each member of the object raw: its name as it is written, with the quotes,
// and its value. It stops when f returns false. The error is for text that was not validated
// before.
func Members(raw []byte, f func(key, val []byte) bool) error {
	s := scanner{b: raw, python: true}
	i := s.space(0)
	if i >= len(raw) || raw[i] != '{' {
		return syntaxError(raw, i, "an object")
	}
	end := s.members(i, func(key, keyEnd, at int) int {
		end := s.value(at)
		if end >= 0 && !f(raw[key:keyEnd:keyEnd], raw[at:end:end]) {
			return stopped
		}
		return end
	})
	return s.walked(end)
}

// Elements calls f with each element of the array raw, as Members does for an object.
func Elements(raw []byte, f func(val []byte) bool) error {
	s := scanner{b: raw, python: true}
	i := s.space(0)
	if i >= len(raw) || raw[i] != '[' {
		return syntaxError(raw, i, "an array")
	}
	end := s.elements(i, func(at int) int {
		end := s.value(at)
		if end >= 0 && !f(raw[at:end:end]) {
			return stopped
		}
		return end
	})
	return s.walked(end)
}

func (s *scanner) walked(end int) error {
	if end < 0 && end != stopped {
		return s.err
	}
	return nil
}

// KeyIs reports whether key, a member name as it is written (with quotes), is name.
func KeyIs(key []byte, name string) bool {
	if len(key) < 2 {
		return false
	}
	p := key[1 : len(key)-1]
	if len(p) > 0 && len(name) > 0 && p[0] != name[0] && p[0] != '\\' && p[0] < utf8.RuneSelf {
		return false
	}
	if plain(p, 0) == len(p) {
		return string(p) == name
	}
	var room [64]byte
	return string(appendUnquoted(room[:0], p)) == name
}

// Find returns the value of the member of the object raw that has this name; the last one, when
// several have it.
func Find(raw []byte, name string) (val []byte, ok bool) {
	err := Members(raw, func(k, v []byte) bool {
		if KeyIs(k, name) {
			val, ok = v, true
		}
		return true
	})
	return val, ok && err == nil
}
