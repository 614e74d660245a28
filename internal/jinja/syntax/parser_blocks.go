package syntax

import (
	"strings"

	"anytap/internal/python/pytext"
)

func (p *parser) withTag(*token) (Stmt, error) {
	w := &With{}
	for !p.is(tBlockEnd) {
		if len(w.Targets) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
		}
		target, err := p.target(false, "")
		if err != nil {
			return nil, err
		}
		if _, err := p.expect(tAssign); err != nil {
			return nil, err
		}
		val, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		w.Targets = append(w.Targets, target)
		w.Vals = append(w.Vals, val)
	}
	var err error
	w.Body, err = p.body(true, "endwith")
	return w, err
}

// signature reads the parameters of a macro or call block.
func (p *parser) signature(m *Macro) error {
	if _, err := p.expect(tLParen); err != nil {
		return err
	}
	for !p.is(tRParen) {
		if len(m.Params) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return err
			}
		}
		name, err := p.targetName()
		if err != nil {
			return err
		}
		for _, other := range m.Params {
			if other == name.Name {
				return p.fail(p.cur(), "duplicate argument '"+name.Name+"' in macro definition")
			}
		}
		m.Params = append(m.Params, name.Name)
		if p.skip(tAssign) {
			x, err := p.expression(true)
			if err != nil {
				return err
			}
			m.Defaults = append(m.Defaults, x)
		} else if len(m.Defaults) > 0 {
			return p.fail(p.cur(), "non-default argument follows default argument")
		}
	}
	p.next()
	return nil
}

func (p *parser) macroTag(t *token) (Stmt, error) {
	name, err := p.targetName()
	if err != nil {
		return nil, err
	}
	m := &Macro{Name: name.Name, pos: t.pos}
	if err := p.signature(m); err != nil {
		return nil, err
	}
	m.Body, err = p.body(true, "endmacro")
	return m, err
}

func (p *parser) callTag(t *token) (Stmt, error) {
	m := &Macro{pos: t.pos}
	if p.is(tLParen) {
		if err := p.signature(m); err != nil {
			return nil, err
		}
	}
	x, err := p.expression(true)
	if err != nil {
		return nil, err
	}
	call, ok := x.(*Call)
	if !ok {
		return nil, p.fail(t, "expected call")
	}
	m.Body, err = p.body(true, "endcall")
	return &CallBlock{call, m}, err
}

func (p *parser) filterTag(*token) (Stmt, error) {
	x, err := p.filter(nil)
	for n := 0; err == nil && p.skip(tPipe); {
		if err = p.chain(&n); err == nil {
			x, err = p.filter(x)
		}
	}
	if err != nil {
		return nil, err
	}
	body, err := p.body(true, "endfilter")
	return &FilterBlock{x.(*Filter), body}, err
}

func (p *parser) escapeTag(*token) (Stmt, error) {
	on, err := p.expression(true)
	if err != nil {
		return nil, err
	}
	body, err := p.body(true, "endautoescape")
	return &Autoescape{on, body}, err
}

func (p *parser) blockTag(t *token) (Stmt, error) {
	name, err := p.expect(tName)
	if err != nil {
		return nil, err
	}
	b := &Block{Name: name.text, pos: t.pos}
	b.Scoped = p.skipName("scoped")
	b.Required = p.skipName("required")
	if p.is(tSub) {
		return nil, p.fail(p.cur(), "block names can not contain hyphens")
	}
	if b.Body, err = p.body(true, "endblock"); err != nil {
		return nil, err
	}
	if b.Required {
		for _, s := range b.Body {
			if d, ok := s.(*Data); !ok || strings.TrimFunc(d.Text, pytext.IsSpace) != "" {
				return nil, p.fail(t, "required blocks can only contain comments or white space")
			}
		}
	}
	p.skipName(b.Name)
	return b, nil
}

// loadTag reads the statements that load another template.
func (p *parser) loadTag(t *token) (Stmt, error) {
	l := &Load{pos: t.pos, Extends: t.text == "extends"}
	var err error
	if l.Template, err = p.expression(true); err != nil {
		return nil, err
	}
	switch t.text {
	case "include":
		if n := p.look(); p.isName("ignore") && n.kind == tName && n.text == "missing" {
			p.i += 2
		}
		p.importContext()
	case "import":
		if err := p.expectName("as"); err != nil {
			return nil, err
		}
		name, err := p.targetName()
		if err != nil {
			return nil, err
		}
		l.Targets = []string{name.Name}
		p.importContext()
	case "from":
		if err := p.expectName("import"); err != nil {
			return nil, err
		}
		return l, p.importNames(l)
	}
	return l, nil
}

// importContext reads "with context" or "without context" and reports whether it was there.
func (p *parser) importContext() bool {
	n := p.look()
	if (p.isName("with") || p.isName("without")) && n.kind == tName && n.text == "context" {
		p.i += 2
		return true
	}
	return false
}

func (p *parser) importNames(l *Load) error {
	for {
		if len(l.Targets) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return err
			}
		}
		if !p.is(tName) {
			_, err := p.expect(tName)
			return err
		}
		if p.importContext() {
			return nil
		}
		name, err := p.targetName()
		if err != nil {
			return err
		}
		if strings.HasPrefix(name.Name, "_") {
			return &Error{Offset: name.pos, Msg: "names starting with an underline can not be imported", Class: AssertionError}
		}
		if p.skipName("as") {
			if name, err = p.targetName(); err != nil {
				return err
			}
		}
		l.Targets = append(l.Targets, name.Name)
		if p.importContext() || !p.is(tComma) {
			return nil
		}
	}
}
