package expression

import (
	"anytap/internal/python"
	"anytap/internal/value"
)

// primary reads an atom with its attributes, subscripts and calls.
func (p *parser) primary() (Node, error) {
	pos := At(p.cur().pos)
	x, err := p.atom()
	for err == nil {
		switch {
		case p.skip("."):
			t := p.cur()
			if t.kind != tName {
				return nil, errorAt(t.pos, "expected a name behind the dot, found %s", t.describe())
			}
			p.at++
			x = &Attribute{pos, x, t.text}
		case p.skip("["):
			var index Node
			if index, err = p.subscript(); err == nil {
				err = p.expect("]")
			}
			x = &Subscript{pos, x, index}
		case p.skip("("):
			x, err = p.call(pos, x)
		default:
			return x, nil
		}
	}
	return nil, err
}

// subscript reads what stands in the brackets of a subscript.
func (p *parser) subscript() (Node, error) {
	pos := At(p.cur().pos)
	x, err := p.slice()
	if err != nil || !p.is(",") {
		return x, err
	}
	items := []Node{x}
	for p.skip(",") {
		if p.is("]") {
			break
		}
		if x, err = p.slice(); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
	return &Sequence{pos, '(', items}, nil
}

func (p *parser) slice() (Node, error) {
	s := &Slice{At: At(p.cur().pos)}
	for i, part := range []*Node{&s.Low, &s.High, &s.Step} {
		if !p.is(":") && !p.is("]") && !p.is(",") {
			x, err := p.starred()
			if err != nil {
				return nil, err
			}
			*part = x
		}
		if i == 0 && !p.is(":") {
			if s.Low == nil {
				return nil, p.unexpected()
			}
			return s.Low, nil
		}
		if i == 2 || !p.skip(":") {
			break
		}
	}
	return s, nil
}

// call reads the arguments behind the opening bracket.
func (p *parser) call(pos At, fn Node) (Node, error) {
	c := &Call{At: pos, Fn: fn}
	for !p.is(")") {
		if err := p.argument(c); err != nil {
			return nil, err
		}
		if !p.skip(",") {
			break
		}
	}
	return c, p.expect(")")
}

func (p *parser) argument(c *Call) error {
	t := p.cur()
	if p.skip("**") {
		x, err := p.expression()
		c.Keywords = append(c.Keywords, Keyword{At(t.pos), "", x})
		return err
	}
	if t.kind == tName && p.toks[p.at+1].kind == tOperator && p.toks[p.at+1].text == "=" {
		p.at += 2
		x, err := p.expression()
		for _, k := range c.Keywords {
			if k.Name == t.text {
				return errorAt(t.pos, "the argument %s is given twice", t.text)
			}
		}
		c.Keywords = append(c.Keywords, Keyword{At(t.pos), t.text, x})
		return err
	}
	x, err := p.starred()
	if err != nil {
		return err
	}
	if p.isFor() {
		if len(c.Args) > 0 {
			return errorAt(t.pos, "a generator beside other arguments needs parentheses")
		}
		if x, err = p.comprehension(&Comprehension{At: At(t.pos), Kind: '(', Elt: x}); err != nil {
			return err
		}
		if p.is(",") && p.toks[p.at+1].text != ")" {
			return errorAt(t.pos, "a generator beside other arguments needs parentheses")
		}
	}
	_, star := x.(*Starred)
	for _, k := range c.Keywords {
		if !star || k.Name == "" {
			return errorAt(t.pos, "an argument without a name follows one with a name")
		}
	}
	c.Args = append(c.Args, x)
	return nil
}

func (p *parser) atom() (Node, error) {
	t := p.cur()
	pos := At(t.pos)
	switch t.kind {
	case tName:
		p.at++
		return &Name{pos, t.text}, nil
	case tConstant:
		p.at++
		return &Constant{pos, t.val}, nil
	case tText:
		return p.text()
	}
	switch {
	case p.skip("None"):
		return &Constant{pos, nil}, nil
	case p.skip("True"):
		return &Constant{pos, true}, nil
	case p.skip("False"):
		return &Constant{pos, false}, nil
	case p.skip("..."):
		return &Constant{pos, python.Ellipsis}, nil
	case p.skip("("):
		return p.parens(pos)
	case p.skip("["):
		if p.skip("]") {
			return &Sequence{At: pos, Kind: '['}, nil
		}
		x, err := p.starred()
		if err != nil {
			return nil, err
		}
		return p.items(&Sequence{At: pos, Kind: '['}, x, "]")
	case p.skip("{"):
		return p.braces(pos)
	}
	return nil, p.unexpected()
}

// text joins adjacent texts.
func (p *parser) text() (Node, error) {
	first := p.cur()
	var parts []Node
	for p.cur().kind == tText {
		switch n := p.cur().val.(type) {
		case *Joined:
			parts = append(parts, n)
		case *Constant:
			last := len(parts) - 1
			if last >= 0 {
				if c, ok := parts[last].(*Constant); ok {
					joined, err := concat(c, n)
					if err != nil {
						return nil, err
					}
					parts[last] = joined
					break
				}
			}
			parts = append(parts, n)
		}
		p.at++
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	j := &Joined{At: At(first.pos)}
	for _, part := range parts {
		if inner, ok := part.(*Joined); ok {
			j.Parts = append(j.Parts, inner.Parts...)
			continue
		}
		if _, ok := part.(*Constant).Val.(string); !ok {
			return nil, errorAt(part.Pos(), "texts and bytes stand beside each other")
		}
		j.Parts = append(j.Parts, part)
	}
	return j, nil
}

func concat(a, b *Constant) (*Constant, error) {
	switch x := a.Val.(type) {
	case string:
		if y, ok := b.Val.(string); ok {
			return &Constant{a.At, x + y}, nil
		}
	case value.Bytes:
		if y, ok := b.Val.(value.Bytes); ok {
			return &Constant{a.At, append(x[:len(x):len(x)], y...)}, nil
		}
	}
	return nil, errorAt(b.Pos(), "texts and bytes stand beside each other")
}

// parens reads behind an opening parenthesis: a value, a tuple or a generator.
func (p *parser) parens(pos At) (Node, error) {
	if p.skip(")") {
		return &Sequence{At: pos, Kind: '('}, nil
	}
	x, err := p.expressions()
	if err != nil {
		return nil, err
	}
	if p.isFor() {
		if x, err = p.comprehension(&Comprehension{At: pos, Kind: '(', Elt: x}); err != nil {
			return nil, err
		}
	}
	if s, ok := x.(*Starred); ok {
		return nil, errorAt(s.Pos(), "* can not be used here")
	}
	return x, p.expect(")")
}

// items reads the items of a list or a set behind its first one, up to its end.
func (p *parser) items(s *Sequence, first Node, end string) (Node, error) {
	if p.isFor() {
		c, err := p.comprehension(&Comprehension{At: s.At, Kind: s.Kind, Elt: first})
		if err != nil {
			return nil, err
		}
		return c, p.expect(end)
	}
	s.Items = append(s.Items, first)
	for p.skip(",") && !p.is(end) {
		x, err := p.starred()
		if err != nil {
			return nil, err
		}
		s.Items = append(s.Items, x)
	}
	return s, p.expect(end)
}

// braces reads behind an opening brace: a dict or a set.
func (p *parser) braces(pos At) (Node, error) {
	d := &Dict{At: pos}
	for !p.is("}") {
		if p.skip("**") {
			x, err := p.binary(0)
			if err != nil {
				return nil, err
			}
			d.Keys, d.Vals = append(d.Keys, nil), append(d.Vals, x)
		} else {
			k, err := p.starred()
			if err != nil {
				return nil, err
			}
			if len(d.Vals) == 0 && !p.is(":") {
				return p.items(&Sequence{At: pos, Kind: '{'}, k, "}")
			}
			if err := p.expect(":"); err != nil {
				return nil, err
			}
			v, err := p.expression()
			if err != nil {
				return nil, err
			}
			if len(d.Vals) == 0 && p.isFor() {
				c, err := p.comprehension(&Comprehension{At: pos, Kind: '{', Key: k, Elt: v})
				if err != nil {
					return nil, err
				}
				return c, p.expect("}")
			}
			d.Keys, d.Vals = append(d.Keys, k), append(d.Vals, v)
		}
		if !p.skip(",") {
			break
		}
	}
	return d, p.expect("}")
}

func (p *parser) isFor() bool { return p.is("for") || p.is("async") }

// comprehension reads the parts behind the element.
func (p *parser) comprehension(c *Comprehension) (Node, error) {
	if s, ok := c.Elt.(*Starred); ok {
		return nil, errorAt(s.Pos(), "* can not be used here")
	}
	for p.skip("for") {
		target, err := p.targets()
		if err != nil {
			return nil, err
		}
		if err := p.expect("in"); err != nil {
			return nil, err
		}
		f := For{Target: target}
		if f.Iter, err = p.logic(true); err != nil {
			return nil, err
		}
		for p.skip("if") {
			x, err := p.logic(true)
			if err != nil {
				return nil, err
			}
			f.Ifs = append(f.Ifs, x)
		}
		c.For = append(c.For, f)
	}
	if p.is("async") {
		return nil, errorAt(p.cur().pos, "async is not supported")
	}
	return c, nil
}

// targets reads the variables of a for: names, and tuples of them.
func (p *parser) targets() (Node, error) {
	pos := At(p.cur().pos)
	x, err := p.target()
	if err != nil || !p.is(",") {
		return x, err
	}
	items := []Node{x}
	for p.skip(",") {
		if p.is("in") || p.is(")") || p.is("]") {
			break
		}
		if x, err = p.target(); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
	return &Sequence{pos, '(', items}, nil
}

func (p *parser) target() (Node, error) {
	t := p.cur()
	if t.kind == tName {
		p.at++
		return &Name{At(t.pos), t.text}, nil
	}
	for _, bracket := range []string{"()", "[]"} {
		if p.skip(bracket[:1]) {
			x, err := p.targets()
			if err != nil {
				return nil, err
			}
			return x, p.expect(bracket[1:])
		}
	}
	return nil, errorAt(t.pos, "expected the name of a variable, found %s", t.describe())
}
