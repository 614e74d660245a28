package literal

import (
	"slices"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Typed gives the value of a literal, see Parse. It gives s itself if s is no literal, or if the
// name of its type is not in valid. If valid is empty, all types except complex are valid.
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

// HasType reports whether the name of a value's type is in valid; see Typed. A bool is also an int.
func HasType(v any, valid []string) bool {
	name := value.TypeName(v)
	if len(valid) == 0 {
		return name != "complex"
	}
	return slices.Contains(valid, name) || name == "bool" && slices.Contains(valid, "int")
}

// MayBe reports whether s may be a literal, mostly by its first character. It is quick.
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

// maxBrackets limits nested brackets, as Python's tokenizer does.
const maxBrackets = 200

// parser reads one literal. Its methods report false if the text is not a literal.
type parser struct {
	s      string
	i      int
	depth  int
	th     python.Thread
	signed bool // the last value has a sign, so another sign before it is an error
}

// Parse is Python's ast.literal_eval: it reads numbers, text, bytes, None, True, False, "..." and
// tuples, lists, dicts and sets of them. It reports false if s is no literal.
func Parse(s string) (any, bool) {
	s = strings.TrimLeft(s, " \t")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 || pytext.HasSurrogate(s) {
		return nil, false
	}
	p := &parser{s: s}
	if !p.start() {
		return nil, false
	}
	v, ok := p.tuple()
	if !ok || !p.end() {
		return nil, false
	}
	return v, true
}

// start skips blank lines and comments. The first other line must not be indented.
func (p *parser) start() bool {
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

// space skips white space between tokens and, inside brackets, line breaks and comments.
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

// end reports whether only blank lines and comments are left. The last line must not consist of
// indentation only, unless it has a line break.
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

// atEnd reports whether the line ends here, outside brackets.
func (p *parser) atEnd() bool {
	c := p.peek()
	return c == 0 || c == '\n' || c == '#'
}
