package decoder

import (
	"bytes"
	"regexp"
	"sync"
)

// entity matches the declaration of a general entity, with its value if it has one.
var entity = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<!ENTITY\s+([^\s%"'<>]+)\s+(?:"([^"]*)"|'([^']*)')?`)
})

// doctype reads a document type declaration. Only its entities matter.
func (p *xmlText) doctype() error {
	if p.entities != nil {
		return p.fail("one document type only")
	}
	p.pos += len("<!DOCTYPE")
	if !p.space() {
		return p.fail("white space")
	}
	if _, err := p.name(); err != nil {
		return err
	}
	p.entities = map[string]string{}
	p.space()
	p.outside = p.has("SYSTEM") || p.has("PUBLIC")
	for p.pos < len(p.b) {
		switch c := p.b[p.pos]; c {
		case '"', '\'':
			p.pos++
			if _, err := p.upTo(string(c)); err != nil {
				return err
			}
		case '[':
			if err := p.subset(); err != nil {
				return err
			}
		case '>':
			p.pos++
			return nil
		default:
			p.pos++
		}
	}
	return p.fail("the end of the document type")
}

// subset reads the internal subset, between brackets.
func (p *xmlText) subset() error {
	p.pos++
	start := p.pos
	for p.pos < len(p.b) {
		switch c := p.b[p.pos]; {
		case c == ']':
			inner := p.b[start:p.pos]
			for _, m := range entity().FindAllSubmatch(inner, -1) {
				if _, twice := p.entities[string(m[1])]; !twice {
					p.entities[string(m[1])] = string(m[2]) + string(m[3])
				}
			}
			p.outside = p.outside || bytes.IndexByte(inner, '%') >= 0
			p.pos++
			return nil
		case c == '"', c == '\'':
			p.pos++
			if _, err := p.upTo(string(c)); err != nil {
				return err
			}
		case p.has("<!--"):
			p.pos += 4
			if _, err := p.upTo("-->"); err != nil {
				return err
			}
		default:
			p.pos++
		}
	}
	return p.fail("']'")
}
