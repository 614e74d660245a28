package jinja

import (
	"math"
	"strings"

	"anytap/value"
)

// typed reads a text as a Python literal, as ast.literal_eval does: numbers,
// text, bytes, None, True, False, "..." and tuples, lists, dicts and sets of
// them. Any other text is its own value, and so is a literal whose type is not
// among valid (no valid types: all but complex numbers).
func typed(s string, valid []string) any {
	if !mayBeLiteral(s) {
		return s
	}
	v, ok := parseLiteral(s)
	if !ok || !isValid(v, valid) {
		return s
	}
	return v
}

// isValid reports whether the type of a value is among valid; a bool is an int
// too.
func isValid(v any, valid []string) bool {
	name := value.TypeName(v)
	if len(valid) == 0 {
		return name != "complex"
	}
	return has(valid, name) || name == "bool" && has(valid, "int")
}

// mayBeLiteral tells most other texts by their first character.
func mayBeLiteral(s string) bool {
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

// literalParser reads one literal. Its methods report false for everything
// that is not one, whatever the reason.
type literalParser struct {
	s      string
	i      int
	depth  int
	signed bool // the last value had a sign, so it takes no other one
}

func parseLiteral(s string) (any, bool) {
	s = strings.TrimLeft(s, " \t")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 || hasSurrogate(s) {
		return nil, false
	}
	p := &literalParser{s: s}
	if !p.start() {
		return nil, false
	}
	v, ok := p.tuple()
	if !ok || !p.end() {
		return nil, false
	}
	return v, true
}

// hasSurrogate finds what can not be encoded as UTF-8.
func hasSurrogate(s string) bool {
	for i := strings.IndexByte(s, 0xed); i >= 0 && i+1 < len(s); {
		if s[i+1] >= 0xa0 {
			return true
		}
		k := strings.IndexByte(s[i+1:], 0xed)
		if k < 0 {
			return false
		}
		i += 1 + k
	}
	return false
}

// start skips blank lines and comments; the first other line must not be
// indented.
func (p *literalParser) start() bool {
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

func (p *literalParser) comment() {
	n := strings.IndexByte(p.s[p.i:], '\n')
	if n < 0 {
		p.i = len(p.s)
		return
	}
	p.i += n
}

// space skips what may stand between tokens; line breaks and comments only
// inside brackets.
func (p *literalParser) space() {
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
func (p *literalParser) end() bool {
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

func (p *literalParser) peek() byte {
	p.space()
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// atEnd reports the end of the line outside brackets.
func (p *literalParser) atEnd() bool {
	c := p.peek()
	return c == 0 || c == '\n' || c == '#'
}

// tuple reads the whole text: one value, or several with commas.
func (p *literalParser) tuple() (any, bool) {
	v, ok := p.value()
	if !ok || p.peek() != ',' {
		return v, ok
	}
	t := value.Tuple{v}
	for p.peek() == ',' {
		p.i++
		if p.atEnd() {
			break
		}
		if v, ok = p.value(); !ok {
			return nil, false
		}
		t = append(t, v)
	}
	return t, true
}

// value reads one value, with a sign and as a sum of a real and an imaginary
// number.
func (p *literalParser) value() (any, bool) {
	c := p.peek()
	signed := c == '+' || c == '-'
	if signed {
		p.i++
	}
	v, ok := p.operand()
	if ok && signed {
		v, ok = signedNumber(v, c)
		ok = ok && !p.signed
	}
	signed = signed || p.signed
	op := p.peek()
	if ok && (op == '+' || op == '-') {
		p.i++
		var im any
		if im, ok = p.operand(); ok {
			v, ok = complexSum(v, im, op)
			ok = ok && !p.signed
		}
		signed = true
	}
	p.signed = signed
	return v, ok
}

// operand reads what may have a sign; parentheses around it do not matter.
func (p *literalParser) operand() (any, bool) {
	p.signed = false
	v, ok := p.atom()
	if _, num := number(v); !num {
		_, num = v.(complexNumber)
		p.signed = p.signed && num
	}
	return v, ok
}

func signedNumber(v any, sign byte) (any, bool) {
	if _, ok := v.(bool); ok {
		return nil, false
	}
	if c, ok := v.(complexNumber); ok {
		if sign == '-' {
			c.re, c.im = -c.re, -c.im
		}
		return c, true
	}
	if _, ok := number(v); !ok {
		return nil, false
	}
	v, err := unaryOp(sign == '-', v)
	return v, err == nil
}

// complexSum is re + im or re - im, the only sum that is a literal.
func complexSum(re, im any, op byte) (any, bool) {
	c, ok := im.(complexNumber)
	if !ok {
		return nil, false
	}
	if _, isBool := re.(bool); isBool {
		return nil, false
	}
	n, ok := number(re)
	if !ok {
		return nil, false
	}
	f, err := toFloat(n)
	if err != nil {
		return nil, false
	}
	if op == '-' {
		return complexNumber{re: f - 0, im: 0 - c.im}, true
	}
	return complexNumber{re: f + 0, im: 0 + c.im}, true
}

// atom reads a value without a sign.
func (p *literalParser) atom() (any, bool) {
	switch c := p.peek(); {
	case c >= '0' && c <= '9' || c == '.':
		return p.number()
	case c == '(':
		return p.bracket(')', p.parens)
	case c == '[':
		return p.bracket(']', p.list)
	case c == '{':
		return p.bracket('}', p.braces)
	}
	for _, w := range words {
		if strings.HasPrefix(p.s[p.i:], w.text) {
			p.i += len(w.text)
			return w.val, p.wordEnds()
		}
	}
	if strings.HasPrefix(p.s[p.i:], "set") {
		return p.emptySet()
	}
	return p.strings()
}

var words = []struct {
	text string
	val  any
}{{"None", nil}, {"True", true}, {"False", false}}

func (p *literalParser) wordEnds() bool {
	return p.i == len(p.s) || !isWordRune(rune(p.s[p.i])) && p.s[p.i] < 0x80
}

func (p *literalParser) emptySet() (any, bool) {
	p.i += len("set")
	if p.peek() != '(' {
		return nil, false
	}
	p.i++
	p.depth++
	ok := p.peek() == ')'
	p.depth--
	p.i++
	return value.NewSet(), ok
}

func (p *literalParser) bracket(end byte, inside func() (any, bool)) (any, bool) {
	p.i++
	if p.depth++; p.depth > maxBrackets {
		return nil, false
	}
	v, ok := inside()
	if !ok || p.peek() != end {
		return nil, false
	}
	p.i++
	p.depth--
	return v, true
}

// items reads values with commas up to a closing bracket; comma reports that
// there was one.
func (p *literalParser) items(end byte) (vs []any, comma, ok bool) {
	for p.peek() != end {
		if len(vs) > 0 {
			if p.peek() != ',' {
				return nil, false, false
			}
			comma = true
			p.i++
			if p.peek() == end {
				break
			}
		}
		v, ok := p.value()
		if !ok {
			return nil, false, false
		}
		vs = append(vs, v)
	}
	return vs, comma, true
}

func (p *literalParser) parens() (any, bool) {
	vs, comma, ok := p.items(')')
	switch {
	case !ok:
		return nil, false
	case len(vs) == 1 && !comma:
		return vs[0], true
	}
	p.signed = false
	return append(value.Tuple{}, vs...), true
}

func (p *literalParser) list() (any, bool) {
	vs, _, ok := p.items(']')
	if !ok {
		return nil, false
	}
	return listOf(vs), true
}

// braces reads a dict or a set.
func (p *literalParser) braces() (any, bool) {
	if p.peek() == '}' {
		return value.NewDict(0), true
	}
	first, ok := p.value()
	if !ok {
		return nil, false
	}
	if p.peek() == ':' {
		return p.dict(first)
	}
	s := value.NewSet()
	if _, hashable := key(first); !hashable {
		return nil, false
	}
	s.Add(first)
	if p.peek() != ',' {
		return s, true
	}
	p.i++
	vs, _, ok := p.items('}')
	if !ok {
		return nil, false
	}
	for _, v := range vs {
		if _, hashable := key(v); !hashable {
			return nil, false
		}
		s.Add(v)
	}
	return s, true
}

func (p *literalParser) dict(k any) (any, bool) {
	d := value.NewDict(4)
	for {
		if p.peek() != ':' {
			return nil, false
		}
		p.i++
		v, ok := p.value()
		if !ok || setKey(d, k, v) != nil {
			return nil, false
		}
		if p.peek() != ',' {
			return d, true
		}
		p.i++
		if p.peek() == '}' {
			return d, true
		}
		if k, ok = p.value(); !ok {
			return nil, false
		}
	}
}

// complexNumber is an imaginary literal or a sum with one.
type complexNumber struct{ re, im float64 }

// TypeName is part of value.Object.
func (complexNumber) TypeName() string { return "complex" }

// Repr is part of value.Object.
func (c complexNumber) Repr() string {
	im := strings.TrimSuffix(value.Repr(c.im), ".0") + "j"
	if c.re == 0 && !math.Signbit(c.re) {
		return im
	}
	if !math.Signbit(c.im) {
		im = "+" + im
	}
	return "(" + strings.TrimSuffix(value.Repr(c.re), ".0") + im + ")"
}

// Str is part of value.Object.
func (c complexNumber) Str() string { return c.Repr() }

// Truth is part of value.Object.
func (c complexNumber) Truth() bool { return c.re != 0 || c.im != 0 }
