package literal

import (
	"slices"
	"strings"

	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Typed reads a text as a Python literal, as ast.literal_eval does: numbers,
// text, bytes, None, True, False, "..." and tuples, lists, dicts and sets of
// them. Any other text is its own value, and so is a literal whose type is not
// among valid (no valid types: all but complex numbers).
func Typed(s string, valid []string) any {
	if !MayBe(s) {
		return s
	}
	v, ok := Parse(s)
	if !ok || !HasType(v, valid) {
		return s
	}
	return v
}

// HasType reports whether the type of a value is among valid; a bool is an int
// too.
func HasType(v any, valid []string) bool {
	name := value.TypeName(v)
	if len(valid) == 0 {
		return name != "complex"
	}
	return slices.Contains(valid, name) || name == "bool" && slices.Contains(valid, "int")
}

// MayBe tells most other texts by their first character.
func MayBe(s string) bool {
	s = strings.TrimLeft(s, " \t")
	if s == "" {
		return false
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', strings.IndexByte(".+-'\"([{#\n\r\f\\", c) >= 0:
		return true
	case c == 'N':
		return strings.HasPrefix(s, "None")
	case c == 'T':
		return strings.HasPrefix(s, "True")
	case c == 'F':
		return strings.HasPrefix(s, "False")
	case c == 's':
		return strings.HasPrefix(s, "set")
	}
	_, n := stringPrefix(s)
	return n > 0
}

// maxBrackets is how many brackets Python's tokenizer takes inside each other.
const maxBrackets = 200

// parser reads one literal. Its methods report false for everything
// that is not one, whatever the reason.
type parser struct {
	s      string
	i      int
	depth  int
	signed bool // the last value had a sign, so it takes no other one
}

// Parse reads a literal as ast.literal_eval does; ok is false for a text that is none.
func Parse(s string) (any, bool) {
	s = strings.TrimLeft(s, " \t")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 || pytext.HasSurrogate(s) {
		return nil, false
	}
	p := &parser{s: s}
	if !p.Start() {
		return nil, false
	}
	v, ok := p.tuple()
	if !ok || !p.end() {
		return nil, false
	}
	return v, true
}

// Start skips blank lines and comments; the first other line must not be
// indented.
func (p *parser) Start() bool {
	for {
		col := 0
	indent:
		for p.i < len(p.s) {
			switch p.s[p.i] {
			case ' ', '\t':
				col++
			case '\f':
				col = 0
			default:
				break indent
			}
			p.i++
		}
		if p.i == len(p.s) {
			return false
		}
		switch p.s[p.i] {
		case '#':
			p.comment()
		case '\n':
			p.i++
		default:
			return col == 0
		}
	}
}

func (p *parser) comment() {
	n := strings.IndexByte(p.s[p.i:], '\n')
	if n < 0 {
		p.i = len(p.s)
		return
	}
	p.i += n
}

// space skips what may stand between tokens; line breaks and comments only
// inside brackets.
func (p *parser) space() {
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == ' ' || c == '\t' || c == '\f':
			p.i++
		case c == '\\' && p.i+2 < len(p.s) && p.s[p.i+1] == '\n':
			p.i += 2
		case c == '\n' && p.depth > 0:
			p.i++
		case c == '#' && p.depth > 0:
			p.comment()
		default:
			return
		}
	}
}

// end reports whether nothing but blank lines and comments is left. The last
// line, if it has no line break, must not be mere indentation.
func (p *parser) end() bool {
	first, col := true, 0
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t':
			col++
		case '\f':
			col = 0
		case '\n':
			first, col = false, 0
		case '#':
			p.comment()
			col = 0
			continue
		default:
			return false
		}
		p.i++
	}
	return first || col == 0
}

func (p *parser) peek() byte {
	p.space()
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// atEnd reports the end of the line outside brackets.
func (p *parser) atEnd() bool {
	c := p.peek()
	return c == 0 || c == '\n' || c == '#'
}
