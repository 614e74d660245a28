package pyre

import (
	"strconv"
	"unicode/utf8"

	"anytap/internal/python/pytext"
)

// class reads "[…]".
func (t *translator) class() error {
	t.out.WriteByte('[')
	t.i++
	if t.i < len(t.s) && t.s[t.i] == '^' {
		t.out.WriteByte('^')
		t.i++
	}
	for first := true; ; first = false {
		if t.i >= len(t.s) {
			return t.bad("unterminated character set")
		}
		switch c := t.s[t.i]; {
		case c == ']' && !first:
			t.out.WriteByte(c)
			t.i++
			return nil
		case c == ']' || c == '[' || c == '^':
			t.out.WriteString(`\` + string(c))
			t.i++
		case c == '\\':
			if err := t.escape(true); err != nil {
				return err
			}
		default:
			_, n := utf8.DecodeRuneInString(t.s[t.i:])
			t.out.WriteString(t.s[t.i : t.i+n])
			t.i += n
		}
	}
}

// escape reads a backslash escape inside or outside a class.
func (t *translator) escape(inClass bool) error {
	if t.i+1 >= len(t.s) {
		return t.bad("bad escape (end of pattern)")
	}
	c := t.s[t.i+1]
	if out, ok := t.category(c, inClass); ok {
		t.out.WriteString(out)
		t.i += 2
		return nil
	}
	switch {
	case c == 'x' || c == 'u' || c == 'U':
		return t.hex(c)
	case c >= '0' && c <= '9':
		return t.octal(inClass)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return t.bad(`bad escape \` + string(c))
	}
	r, n := utf8.DecodeRuneInString(t.s[t.i+1:])
	t.literal(r)
	t.i += 1 + n
	return nil
}

// category translates an escape of one letter. It reports false if Python has no such escape there.
func (t *translator) category(c byte, inClass bool) (string, bool) {
	word, space := wordClass, spaceClass
	digit, noDigit := `\d`, `\D`
	if t.ascii {
		word, space, digit, noDigit = "a-zA-Z0-9_", ` \t-\r`, "0-9", `[^0-9]`
		if !inClass {
			digit = "[0-9]"
		}
	}
	set := func(body string, not string, short string) string {
		switch {
		case !inClass && not != "":
			return "[^" + body + "]"
		case !inClass:
			return "[" + body + "]"
		case not != "":
			return short
		}
		return body
	}
	switch c {
	case 'w':
		return set(word, "", ""), true
	case 'W':
		return set(word, "^", `\W`), true
	case 's':
		return set(space, "", ""), true
	case 'S':
		return set(space, "^", `\S`), true
	case 'd':
		return digit, true
	case 'D':
		return noDigit, true
	case 'a', 'f', 'n', 'r', 't', 'v', '\\':
		return `\` + string(c), true
	case 'b':
		if inClass {
			return `\x08`, true
		}
		return boundary(word, "(?!", "(?="), true
	}
	if inClass {
		return "", false
	}
	switch c {
	case 'A':
		return `\A`, true
	case 'B':
		return boundary(word, "(?=", "(?!"), true
	case 'Z':
		return `\z`, true
	}
	return "", false
}

// boundary gives the pattern of \b or, if behind and before are exchanged, of \B. behind opens the
// look-ahead at the end of a word, and before the one at its beginning.
func boundary(word, behind, before string) string {
	return "(?:(?<=[" + word + "])" + behind + "[" + word + "])|(?<![" + word + "])" + before + "[" + word + "]))"
}

func (t *translator) literal(r rune) {
	if r < utf8.RuneSelf && !pytext.IsWord(r) {
		if r < ' ' || r == 0x7f {
			t.out.WriteString(`\x` + pytext.HexRune(r, 2))
			return
		}
		t.out.WriteString(`\` + string(r))
		return
	}
	t.out.WriteRune(r)
}

func (t *translator) hex(c byte) error {
	n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if t.i+2+n > len(t.s) {
		return t.bad("incomplete escape")
	}
	v, err := strconv.ParseUint(t.s[t.i+2:t.i+2+n], 16, 32)
	if err != nil || v > utf8.MaxRune {
		return t.bad("incomplete escape")
	}
	t.literal(rune(v))
	t.i += 2 + n
	return nil
}

// octal reads an escape of digits: "\0" or three octal digits are a character, anything else is a
// reference to a group.
func (t *translator) octal(inClass bool) error {
	s := t.s[t.i+1:]
	n := 0
	for n < 3 && n < len(s) && isOctal(s[n]) {
		n++
	}
	if s[0] == '0' || n == 3 || inClass {
		if n == 0 {
			return t.bad("bad escape")
		}
		v, err := strconv.ParseUint(s[:n], 8, 32)
		if err != nil || v > 0o377 {
			return t.bad("octal escape value is outside of range 0-0o377")
		}
		t.literal(rune(v))
		t.i += 1 + n
		return nil
	}
	n = min(pytext.CountDigits(s), 2)
	g, err := strconv.Atoi(s[:n])
	if err != nil || g > t.groups {
		return t.bad("invalid group reference")
	}
	t.out.WriteString(`(?:\` + s[:n] + `)`)
	t.i += 1 + n
	return nil
}
