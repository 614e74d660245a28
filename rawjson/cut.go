package rawjson

// Skip validates the one value that starts at b[i] (no white space before it) and returns the index after
// it. The error is a *SyntaxError.
func Skip(b []byte, i int) (end int, err error) {
	end, _, err = skip(b, i, false)
	return end, err
}

// SkipPython is Skip with NaN, Infinity and -Infinity among the values.
func SkipPython(b []byte, i int) (end int, err error) {
	end, _, err = skip(b, i, true)
	return end, err
}

func skip(b []byte, i int, python bool) (int, Flags, error) {
	s := scanner{b: b, python: python}
	if end := s.value(i); end >= 0 {
		return end, s.flags, nil
	}
	return i, s.flags, s.err
}

// Trim validates a whole text: one value with white space around it. It returns the value and what was
// seen in it. With python, NaN, Infinity and -Infinity are values too.
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

// Members calls f with each member of the object raw: its name as it is written, with the quotes, and its
// value. It stops when f returns false. Of raw nothing is validated beyond what finding the members needs:
// the error is for text that was not validated before.
func Members(raw []byte, f func(key, val []byte) bool) error {
	s := scanner{b: raw, python: true}
	i := s.space(0)
	if i >= len(raw) || raw[i] != '{' {
		return syntaxError(raw, i, "an object")
	}
	if i = s.space(i + 1); i < len(raw) && raw[i] == '}' {
		return nil
	}
	for {
		if i >= len(raw) || raw[i] != '"' {
			return syntaxError(raw, i, "a member name")
		}
		end := s.text(i + 1)
		if end < 0 {
			return s.err
		}
		key := raw[i:end:end]
		if i = s.space(end); i >= len(raw) || raw[i] != ':' {
			return syntaxError(raw, i, "':'")
		}
		i = s.space(i + 1)
		if end = s.value(i); end < 0 {
			return s.err
		}
		if !f(key, raw[i:end:end]) {
			return nil
		}
		i = s.space(end)
		switch {
		case i < len(raw) && raw[i] == ',':
			i = s.space(i + 1)
		case i < len(raw) && raw[i] == '}':
			return nil
		default:
			return syntaxError(raw, i, "',' or '}'")
		}
	}
}

// Elements calls f with each element of the array raw, as Members does for an object.
func Elements(raw []byte, f func(val []byte) bool) error {
	s := scanner{b: raw, python: true}
	i := s.space(0)
	if i >= len(raw) || raw[i] != '[' {
		return syntaxError(raw, i, "an array")
	}
	if i = s.space(i + 1); i < len(raw) && raw[i] == ']' {
		return nil
	}
	for {
		end := s.value(i)
		if end < 0 {
			return s.err
		}
		if !f(raw[i:end:end]) {
			return nil
		}
		i = s.space(end)
		switch {
		case i < len(raw) && raw[i] == ',':
			i = s.space(i + 1)
		case i < len(raw) && raw[i] == ']':
			return nil
		default:
			return syntaxError(raw, i, "',' or ']'")
		}
	}
}

// KeyIs reports whether key, a member name as it is written (with quotes), is name.
func KeyIs(key []byte, name string) bool {
	if len(key) < 2 {
		return false
	}
	if len(key)-2 == len(name) && string(key[1:len(key)-1]) == name {
		return true
	}
	if p := key[1 : len(key)-1]; plain(p, 0) < len(p) {
		return Unquote(key) == name
	}
	return false
}

// Find returns the value of the member of the object raw that has this name; the last one, when several
// have it.
func Find(raw []byte, name string) (val []byte, ok bool) {
	err := Members(raw, func(k, v []byte) bool {
		if KeyIs(k, name) {
			val, ok = v, true
		}
		return true
	})
	return val, ok && err == nil
}
