package pyre

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
)

// translator translates a pattern from Python's dialect to that of .NET. It turns named groups into
// numbered ones, because .NET numbers named groups after all others.
type translator struct {
	s      string
	i      int
	out    strings.Builder
	groups int
	names  map[string]int
	open   []int // where open groups start in the output
	atom   int   // where the last atom starts, for possessive quantifiers
	last   lastKind
	ascii  bool
}

// lastKind says what precedes a quantifier.
type lastKind uint8

const (
	noAtom   lastKind = iota // start of an alternative
	noLength                 // something that matches a position, such as "^"
	anAtom
	repeated
)

const (
	wordClass  = `\p{L}\p{N}_`
	spaceClass = `\s\x1c-\x1f`
)

func (t *translator) bad(msg string) error {
	return exception.New(exception.RegexError, "%s at position %d", msg, t.i)
}

func (t *translator) translate() (string, error) {
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

func (t *translator) next() error {
	c := t.s[t.i]
	switch c {
	case '\\':
		t.atom, t.last = t.out.Len(), anAtom
		if t.i+1 < len(t.s) && strings.IndexByte("AbBZ", t.s[t.i+1]) >= 0 {
			t.last = noLength
		}
		return t.escape(false)
	case '[':
		t.atom, t.last = t.out.Len(), anAtom
		return t.class()
	case '^', '$':
		t.last = noLength
	case '|':
		t.last = noAtom
	case '(':
		return t.group()
	case ')':
		if len(t.open) == 0 {
			return t.bad("unbalanced parenthesis")
		}
		t.atom, t.last = t.open[len(t.open)-1], anAtom
		t.open = t.open[:len(t.open)-1]
	case '*', '+', '?':
		if err := t.quantify(); err != nil {
			return err
		}
		t.out.WriteByte(c)
		t.i++
		t.suffix()
		return nil
	case '{':
		return t.repeat()
	case '}':
		t.atom, t.last = t.out.Len(), anAtom
		t.out.WriteString(`\}`)
		t.i++
		return nil
	default:
		t.atom, t.last = t.out.Len(), anAtom
		_, n := utf8.DecodeRuneInString(t.s[t.i:])
		t.out.WriteString(t.s[t.i : t.i+n])
		t.i += n
		return nil
	}
	t.out.WriteByte(c)
	t.i++
	return nil
}

// quantify fails if there is nothing that a quantifier could repeat here.
func (t *translator) quantify() error {
	switch t.last {
	case noAtom, noLength:
		return t.bad("nothing to repeat")
	case repeated:
		return t.bad("multiple repeat")
	}
	t.last = repeated
	return nil
}

// suffix reads the suffix of a quantifier: "?" for lazy, "+" for possessive.
func (t *translator) suffix() {
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

// repeat reads "{m,n}". A brace that does not begin a quantifier is text.
func (t *translator) repeat() error {
	end := strings.IndexByte(t.s[t.i:], '}')
	body := ""
	if end > 0 {
		body = t.s[t.i+1 : t.i+end]
	}
	low, high, comma := strings.Cut(body, ",")
	if body == "" || pytext.CountDigits(low) != len(low) || pytext.CountDigits(high) != len(high) || low == "" && !comma {
		t.atom, t.last = t.out.Len(), anAtom
		t.out.WriteString(`\{`)
		t.i++
		return nil
	}
	if err := t.quantify(); err != nil {
		return err
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

func (t *translator) group() error {
	before := t.last
	t.last = noAtom
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
		if end < 0 || !pytext.IsIdentifier(rest[4:end]) {
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
		t.last = before
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

func (t *translator) backReference(rest string) error {
	end := strings.IndexByte(rest, ')')
	if end < 0 {
		return t.bad("missing ), unterminated name")
	}
	g, ok := t.names[rest[4:end]]
	if !ok {
		return t.bad("unknown group name")
	}
	t.open = t.open[:len(t.open)-1]
	t.atom, t.last = t.out.Len(), anAtom
	t.out.WriteString(`(?:\` + strconv.Itoa(g) + `)`)
	t.i += end + 1
	return nil
}

func (t *translator) conditional(rest string) error {
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
func (t *translator) flags(rest string) error {
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
