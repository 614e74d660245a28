package decoder

import (
	"bytes"
	"errors"

	"anytap/internal/value"
)

var errXMLDepth = errors.New("elements lie too deep")

// start reads a start tag or the tag of an empty element.
func (p *xmlText) start() error {
	if len(p.open) == 1 && p.open[0].item != nil {
		return p.fail("the end of the document")
	}
	if len(p.open) > maxXMLDepth {
		return errXMLDepth
	}
	p.pos++
	name, err := p.name()
	if err != nil {
		return err
	}
	e := element{name: name}
	for {
		spaced := p.space()
		switch {
		case p.has(">"):
			p.pos++
			p.open = append(p.open, e)
			return nil
		case p.has("/>"):
			p.pos += 2
			p.open[len(p.open)-1].push(name, e.close())
			return nil
		case !spaced:
			return p.fail("white space before an attribute")
		}
		if err := p.attribute(&e); err != nil {
			return err
		}
	}
}

func (p *xmlText) attribute(e *element) error {
	name, err := p.name()
	if err != nil {
		return err
	}
	p.space()
	if !p.has("=") {
		return p.fail("'='")
	}
	p.pos++
	p.space()
	if !p.has(`"`) && !p.has("'") {
		return p.fail("a quote")
	}
	quote := string(p.b[p.pos])
	p.pos++
	raw, err := p.upTo(quote)
	if err != nil {
		return err
	}
	if bytes.IndexByte(raw, '<') >= 0 {
		return p.fail("no '<' in an attribute")
	}
	if err := p.characters(raw); err != nil {
		return err
	}
	plain := bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, lineFeeds(raw))
	v, err := p.references(plain, true)
	if err != nil {
		return err
	}
	if e.item == nil {
		e.item = value.NewDict(4)
	}
	if _, twice := e.item.Get("@" + name); twice {
		return p.fail("the attribute " + name + " once only")
	}
	e.item.Set("@"+name, string(v))
	return nil
}

// end reads an end tag.
func (p *xmlText) end() error {
	p.pos += 2
	name, err := p.name()
	if err != nil {
		return err
	}
	p.space()
	if !p.has(">") {
		return p.fail("'>'")
	}
	last := len(p.open) - 1
	if last == 0 || p.open[last].name != name {
		return p.fail("the end of another element")
	}
	p.pos++
	p.open[last-1].push(name, p.open[last].close())
	p.open = p.open[:last]
	return nil
}
