package literal

import (
	"math"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/operator"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// tuple reads the whole text: one value or several, separated by commas.
func (p *parser) tuple() (any, bool) {
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

// value reads one value, which may have a sign or be the sum of a real and an imaginary number.
func (p *parser) value() (any, bool) {
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

// operand reads a value without a sign before it. It sets p.signed if the value is a number with a
// sign inside parentheses.
func (p *parser) operand() (any, bool) {
	p.signed = false
	v, ok := p.atom()
	if _, num := number.Of(v); !num {
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
	if _, ok := number.Of(v); !ok {
		return nil, false
	}
	v, err := operator.Unary(sign == '-', v)
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
	n, ok := number.Of(re)
	if !ok {
		return nil, false
	}
	f, err := number.ToFloat(n)
	if err != nil {
		return nil, false
	}
	if op == '-' {
		return complexNumber{re: f - 0, im: 0 - c.im}, true
	}
	return complexNumber{re: f + 0, im: 0 + c.im}, true
}

// atom reads a value without a sign.
func (p *parser) atom() (any, bool) {
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

func (p *parser) wordEnds() bool {
	return p.i == len(p.s) || !pytext.IsWord(rune(p.s[p.i])) && p.s[p.i] < 0x80
}

func (p *parser) emptySet() (any, bool) {
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

func (p *parser) bracket(end byte, inside func() (any, bool)) (any, bool) {
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

// items reads values separated by commas up to a closing bracket. comma reports whether there is a
// comma.
func (p *parser) items(end byte) (vs []any, comma, ok bool) {
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

func (p *parser) parens() (any, bool) {
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

func (p *parser) list() (any, bool) {
	vs, _, ok := p.items(']')
	if !ok {
		return nil, false
	}
	return python.ListOf(vs), true
}

// braces reads a dict or a set.
func (p *parser) braces() (any, bool) {
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
	items := []any{first}
	if p.peek() == ',' {
		p.i++
		rest, _, ok := p.items('}')
		if !ok {
			return nil, false
		}
		items = append(items, rest...)
	}
	set := value.NewSet()
	for _, v := range python.SetOrder(items) {
		if _, err := python.Key(&p.th, v); err != nil {
			return nil, false
		}
		set.Add(v)
	}
	return set, true
}

func (p *parser) dict(k any) (any, bool) {
	d := value.NewDict(4)
	for {
		if p.peek() != ':' {
			return nil, false
		}
		p.i++
		v, ok := p.value()
		if !ok || python.SetItem(&p.th, d, k, v) != nil {
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
