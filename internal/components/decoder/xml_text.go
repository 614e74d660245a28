package decoder

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"anytap/internal/value"
)

// xmlText reads a whole XML document in UTF-8, as strictly as expat does. It ignores namespaces.
// Entities that the document declares are replaced in attributes only; in text a reference to one
// is left out, as in the reference runtime.
type xmlText struct {
	b        []byte
	pos      int
	open     []element
	entities map[string]string // those that the document declares; nil: there is no document type
	outside  bool              // an external subset may declare more
	depth    int               // of the entity being replaced inside others
	expanded int               // bytes that entities were replaced by
}

// maxXMLDepth is how deep elements may be nested.
const maxXMLDepth = 10000

// declaration matches an XML declaration.
var declaration = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<\?xml\s+version\s*=\s*(?:"[^"<>]*"|'[^'<>]*')(?:\s[^?>]*)?\?>`)
})

// parseXML returns the document as {"root": …}, by the name of its outermost element.
func parseXML(doc []byte) (*value.Dict, error) {
	p := &xmlText{b: bytes.TrimPrefix(doc, []byte("\uFEFF"))}
	if bytes.HasPrefix(p.b, []byte("<?xml")) && len(p.b) > 5 && isSpace(p.b[5]) {
		end := declaration().FindIndex(p.b)
		if end == nil {
			return nil, p.fail("a whole XML declaration")
		}
		p.pos = end[1]
	}
	outer := element{}
	p.open = append(p.open, outer)
	for p.pos < len(p.b) {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	if len(p.open) > 1 || p.open[0].item == nil {
		return nil, p.fail("the end of an element")
	}
	return p.open[0].item, nil
}

func (p *xmlText) fail(want string) error {
	return fmt.Errorf("byte %d of the XML document: expected %s", p.pos, want)
}

func (p *xmlText) has(s string) bool {
	return len(p.b)-p.pos >= len(s) && string(p.b[p.pos:p.pos+len(s)]) == s
}

// upTo consumes everything up to s, and s itself. It returns what stands before s.
func (p *xmlText) upTo(s string) ([]byte, error) {
	i := bytes.Index(p.b[p.pos:], []byte(s))
	if i < 0 {
		return nil, p.fail(strconv.Quote(s))
	}
	taken := p.b[p.pos : p.pos+i]
	p.pos += i + len(s)
	return taken, nil
}

// next reads one piece of markup or the text before the next one.
func (p *xmlText) next() error {
	inside := len(p.open) > 1
	switch {
	case p.b[p.pos] != '<':
		return p.text(inside)
	case p.has("<!--"):
		p.pos += 4
		comment, err := p.upTo("--")
		if err != nil {
			return err
		}
		if !p.has(">") {
			return p.fail("'>' behind a comment")
		}
		p.pos++
		return p.characters(comment)
	case p.has("<![CDATA[") && inside:
		p.pos += 9
		data, err := p.upTo("]]>")
		if err != nil {
			return err
		}
		p.add(lineFeeds(data))
		return p.characters(data)
	case p.has("<?"):
		return p.instruction()
	case p.has("<!DOCTYPE") && !inside && p.open[0].item == nil:
		return p.doctype()
	case p.has("</"):
		return p.end()
	}
	return p.start()
}

func (p *xmlText) add(s []byte) {
	e := &p.open[len(p.open)-1]
	e.text = append(e.text, s...)
}

func (p *xmlText) instruction() error {
	p.pos += 2
	name, err := p.name()
	if err != nil {
		return err
	}
	if strings.EqualFold(name, "xml") {
		return p.fail("no XML declaration here")
	}
	body, err := p.upTo("?>")
	if err != nil {
		return err
	}
	return p.characters(body)
}

// text reads up to the next markup.
func (p *xmlText) text(inside bool) error {
	end := bytes.IndexByte(p.b[p.pos:], '<')
	if end < 0 {
		end = len(p.b) - p.pos
	}
	raw := p.b[p.pos : p.pos+end]
	if !inside {
		if len(bytes.Trim(raw, " \t\r\n")) > 0 {
			return p.fail("markup")
		}
		p.pos += end
		return nil
	}
	if bytes.Contains(raw, []byte("]]>")) {
		return p.fail("no ]]> in text")
	}
	if err := p.characters(raw); err != nil {
		return err
	}
	out, err := p.references(lineFeeds(raw), false)
	if err != nil {
		return err
	}
	p.add(out)
	p.pos += end
	return nil
}

// characters checks that s holds only characters that XML allows.
func (p *xmlText) characters(s []byte) error {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
				return p.fail("no control character")
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError && size == 1 {
			return p.fail("a character")
		}
		i += size
	}
	return nil
}

// lineFeeds makes every line end a "\n".
func lineFeeds(s []byte) []byte {
	if bytes.IndexByte(s, '\r') < 0 {
		return s
	}
	s = bytes.ReplaceAll(s, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(s, []byte("\r"), []byte("\n"))
}

// references replaces references such as &amp; in text or in an attribute.
func (p *xmlText) references(s []byte, attribute bool) ([]byte, error) {
	if bytes.IndexByte(s, '&') < 0 {
		return s, nil
	}
	var out []byte
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(out, s...), nil
		}
		out = append(out, s[:i]...)
		end := bytes.IndexByte(s[i:], ';')
		if end < 0 {
			return nil, p.fail("';' behind '&'")
		}
		r, err := p.reference(string(s[i+1:i+end]), attribute)
		if err != nil {
			return nil, err
		}
		out = append(out, r...)
		s = s[i+end+1:]
	}
}

func (p *xmlText) reference(name string, attribute bool) (string, error) {
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		r := rune(n)
		if err != nil || digits[0] == '+' || n > utf8.MaxRune || !utf8.ValidRune(r) || r == 0xFFFE || r == 0xFFFF ||
			r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return "", p.fail("a character behind &#")
		}
		return string(r), nil
	}
	switch name {
	case "lt":
		return "<", nil
	case "gt":
		return ">", nil
	case "amp":
		return "&", nil
	case "quot":
		return `"`, nil
	case "apos":
		return "'", nil
	}
	v, declared := p.entities[name]
	switch {
	case !declared && !p.outside:
		return "", p.fail("an entity that is declared, not " + strconv.Quote(name))
	case !declared || !attribute:
		return "", nil
	case p.depth >= maxEntityDepth || strings.Contains(v, "<"):
		return "", p.fail("an entity that an attribute may have")
	}
	p.depth++
	out, err := p.references([]byte(v), true)
	p.depth--
	if p.expanded += len(out); p.expanded > maxExpansion {
		return "", p.fail("shorter entities")
	}
	return string(out), err
}

// Limits of the entities that a document declares.
const (
	maxEntityDepth = 16      // entities inside entities
	maxExpansion   = 8 << 20 // bytes that a document's entities are replaced by
)

// name reads a name.
func (p *xmlText) name() (string, error) {
	start := p.pos
	for p.pos < len(p.b) {
		r, size := rune(p.b[p.pos]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(p.b[p.pos:])
		}
		if !nameRune(r, p.pos == start) {
			break
		}
		p.pos += size
	}
	if p.pos == start {
		return "", p.fail("a name")
	}
	return string(p.b[start:p.pos]), nil
}

func nameRune(r rune, first bool) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == ':':
		return true
	case r < utf8.RuneSelf:
		return !first && (r >= '0' && r <= '9' || r == '-' || r == '.')
	}
	return unicode.IsLetter(r) || !first && (unicode.IsDigit(r) || unicode.IsMark(r) || r == 0xB7)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// space skips white space and reports whether there was any.
func (p *xmlText) space() bool {
	start := p.pos
	for p.pos < len(p.b) && isSpace(p.b[p.pos]) {
		p.pos++
	}
	return p.pos > start
}
