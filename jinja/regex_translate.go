package jinja

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// regexTranslator writes a Python pattern in the .NET dialect. Named groups
// become numbered ones, because .NET numbers them after all others.
type regexTranslator struct {
	s      string
	i      int
	out    strings.Builder
	groups int
	names  map[string]int
	open   []int // where open groups start in the output
	atom   int   // where the last atom starts, for possessive quantifiers
	ascii  bool
}

const (
	wordClass  = `\p{L}\p{N}_`
	spaceClass = `\s\x1c-\x1f`
)

func (t *regexTranslator) bad(msg string) error {
	return raise(regexError, "%s at position %d", msg, t.i)
}

func (t *regexTranslator) translate() (string, error) {
	for t.i < len(t.s) {
		if err := t.next(); err != nil {
			return "", err
		}
	}
	if len(t.open) > 0 {
		return "", t.bad("missing ), unterminated subpattern")
	}
	return t.out.String(), nil
}

func (t *regexTranslator) next() error {
	c := t.s[t.i]
	switch c {
	case '\\':
		t.atom = t.out.Len()
		return t.escape(false)
	case '[':
		t.atom = t.out.Len()
		return t.class()
	case '(':
		return t.group()
	case ')':
		if len(t.open) == 0 {
			return t.bad("unbalanced parenthesis")
		}
		t.atom = t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
	case '*', '+', '?':
		t.out.WriteByte(c)
		t.i++
		t.suffix()
		return nil
	case '{':
		return t.repeat()
	case '}':
		t.atom = t.out.Len()
		t.out.WriteString(`\}`)
		t.i++
		return nil
	default:
		t.atom = t.out.Len()
		_, n := utf8.DecodeRuneInString(t.s[t.i:])
		t.out.WriteString(t.s[t.i : t.i+n])
		t.i += n
		return nil
	}
	t.out.WriteByte(c)
	t.i++
	return nil
}

// suffix reads what may follow a quantifier: "?" for lazy, "+" for possessive.
func (t *regexTranslator) suffix() {
	if t.i >= len(t.s) {
		return
	}
	switch t.s[t.i] {
	case '?':
		t.out.WriteByte('?')
		t.i++
	case '+':
		t.i++
		all := t.out.String()
		t.out.Reset()
		t.out.WriteString(all[:t.atom] + "(?>" + all[t.atom:] + ")")
	}
}

// repeat reads "{m,n}"; anything else after a brace is text.
func (t *regexTranslator) repeat() error {
	end := strings.IndexByte(t.s[t.i:], '}')
	body := ""
	if end > 0 {
		body = t.s[t.i+1 : t.i+end]
	}
	low, high, comma := strings.Cut(body, ",")
	if body == "" || digits(low) != len(low) || digits(high) != len(high) || low == "" && !comma {
		t.atom = t.out.Len()
		t.out.WriteString(`\{`)
		t.i++
		return nil
	}
	if low == "" {
		low = "0"
	}
	t.out.WriteString("{" + low)
	if comma {
		t.out.WriteString("," + high)
	}
	t.out.WriteByte('}')
	t.i += end + 1
	t.suffix()
	return nil
}

func (t *regexTranslator) group() error {
	t.open = append(t.open, t.out.Len())
	rest := t.s[t.i:]
	switch {
	case !strings.HasPrefix(rest, "(?"):
		t.groups++
		t.out.WriteByte('(')
		t.i++
		return nil
	case strings.HasPrefix(rest, "(?P<"):
		end := strings.IndexByte(rest, '>')
		if end < 0 || !isIdentifier(rest[4:end]) {
			return t.bad("bad character in group name")
		}
		name := rest[4:end]
		if _, twice := t.names[name]; twice {
			return t.bad("redefinition of group name")
		}
		t.groups++
		t.names[name] = t.groups
		t.out.WriteByte('(')
		t.i += end + 1
		return nil
	case strings.HasPrefix(rest, "(?P="):
		return t.backReference(rest)
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.bad("missing ), unterminated comment")
		}
		t.open = t.open[:len(t.open)-1]
		t.i += end + 1
		return nil
	case strings.HasPrefix(rest, "(?("):
		return t.conditional(rest)
	}
	for _, p := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"} {
		if strings.HasPrefix(rest, p) {
			t.out.WriteString(p)
			t.i += len(p)
			return nil
		}
	}
	return t.flags(rest)
}

func (t *regexTranslator) backReference(rest string) error {
	end := strings.IndexByte(rest, ')')
	if end < 0 {
		return t.bad("missing ), unterminated name")
	}
	g, ok := t.names[rest[4:end]]
	if !ok {
		return t.bad("unknown group name")
	}
	t.open = t.open[:len(t.open)-1]
	t.atom = t.out.Len()
	t.out.WriteString(`(?:\` + strconv.Itoa(g) + `)`)
	t.i += end + 1
	return nil
}

func (t *regexTranslator) conditional(rest string) error {
	end := strings.IndexByte(rest, ')')
	if end < 0 {
		return t.bad("missing ), unterminated name")
	}
	name := rest[3:end]
	g, ok := t.names[name]
	if !ok {
		var err error
		if g, err = strconv.Atoi(name); err != nil || g < 1 {
			return t.bad("unknown group name")
		}
	}
	t.out.WriteString("(?(" + strconv.Itoa(g) + ")")
	t.i += end + 1
	return nil
}

// flags reads "(?i)" and "(?i-s:".
func (t *regexTranslator) flags(rest string) error {
	i := 2
	var on, off strings.Builder
	cur := &on
	for ; i < len(rest) && rest[i] != ')' && rest[i] != ':'; i++ {
		switch c := rest[i]; c {
		case 'i', 'm', 's', 'x':
			cur.WriteByte(c)
		case 'a':
			t.ascii = true
		case 'u', 'L':
		case '-':
			cur = &off
		default:
			return t.bad("unknown extension")
		}
	}
	if i == len(rest) {
		return t.bad("missing flag")
	}
	if rest[i] == ')' {
		if t.i != 0 {
			return t.bad("global flags not at the start of the expression")
		}
		t.open = t.open[:len(t.open)-1]
		if on.Len() > 0 {
			t.out.WriteString("(?" + on.String() + ")")
		}
	} else {
		t.out.WriteString("(?" + on.String())
		if off.Len() > 0 {
			t.out.WriteString("-" + off.String())
		}
		t.out.WriteByte(':')
	}
	t.i += i + 1
	return nil
}

// class reads "[…]".
func (t *regexTranslator) class() error {
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

// escape reads a backslash escape, inside or outside a class.
func (t *regexTranslator) escape(inClass bool) error {
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

// category translates the escapes of one letter.
func (t *regexTranslator) category(c byte, inClass bool) (string, bool) {
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

// boundary is a place where a word ends or starts, or the opposite of it.
func boundary(word, behind, before string) string {
	return "(?:(?<=[" + word + "])" + behind + "[" + word + "])|(?<![" + word + "])" + before + "[" + word + "]))"
}

func (t *regexTranslator) literal(r rune) {
	if r < utf8.RuneSelf && !isWordRune(r) {
		if r < ' ' || r == 0x7f {
			t.out.WriteString(`\x` + hexRune(r, 2))
			return
		}
		t.out.WriteString(`\` + string(r))
		return
	}
	t.out.WriteRune(r)
}

func (t *regexTranslator) hex(c byte) error {
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

// octal reads "\0", three octal digits, or a reference to a group.
func (t *regexTranslator) octal(inClass bool) error {
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
	n = min(digits(s), 2)
	g, err := strconv.Atoi(s[:n])
	if err != nil || g > t.groups {
		return t.bad("invalid group reference")
	}
	t.out.WriteString(`(?:\` + s[:n] + `)`)
	t.i += 1 + n
	return nil
}
