package jinja

import "strings"

func (p *parser) withTag(*token) (stmt, error) {
	w := &withStmt{}
	for !p.is(tBlockEnd) {
		if len(w.targets) > 0 {
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
		w.targets = append(w.targets, target)
		w.vals = append(w.vals, val)
	}
	var err error
	w.body, err = p.body(true, "endwith")
	return w, err
}

// signature reads the parameters of a macro or call block.
func (p *parser) signature(m *macroStmt) error {
	if _, err := p.expect(tLParen); err != nil {
		return err
	}
	for !p.is(tRParen) {
		if len(m.params) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return err
			}
		}
		name, err := p.targetName()
		if err != nil {
			return err
		}
		for _, other := range m.params {
			if other == name.name {
				return p.fail(p.cur(), "duplicate argument '"+name.name+"' in macro definition")
			}
		}
		m.params = append(m.params, name.name)
		if p.skip(tAssign) {
			x, err := p.expression(true)
			if err != nil {
				return err
			}
			m.defaults = append(m.defaults, x)
		} else if len(m.defaults) > 0 {
			return p.fail(p.cur(), "non-default argument follows default argument")
		}
	}
	p.next()
	return nil
}

func (p *parser) macroTag(t *token) (stmt, error) {
	name, err := p.targetName()
	if err != nil {
		return nil, err
	}
	m := &macroStmt{name: name.name, pos: t.pos}
	if err := p.signature(m); err != nil {
		return nil, err
	}
	m.body, err = p.body(true, "endmacro")
	return m, err
}

func (p *parser) callTag(t *token) (stmt, error) {
	m := &macroStmt{pos: t.pos}
	if p.is(tLParen) {
		if err := p.signature(m); err != nil {
			return nil, err
		}
	}
	x, err := p.expression(true)
	if err != nil {
		return nil, err
	}
	call, ok := x.(*callNode)
	if !ok {
		return nil, p.fail(t, "expected call")
	}
	m.body, err = p.body(true, "endcall")
	return &callStmt{call, m}, err
}

func (p *parser) filterTag(*token) (stmt, error) {
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
	return &filterStmt{x.(*filterNode), body}, err
}

func (p *parser) escapeTag(*token) (stmt, error) {
	on, err := p.expression(true)
	if err != nil {
		return nil, err
	}
	body, err := p.body(true, "endautoescape")
	return &escapeStmt{on, body}, err
}

func (p *parser) blockTag(t *token) (stmt, error) {
	name, err := p.expect(tName)
	if err != nil {
		return nil, err
	}
	b := &blockStmt{name: name.text, pos: t.pos}
	b.scoped = p.skipName("scoped")
	b.required = p.skipName("required")
	if p.is(tSub) {
		return nil, p.fail(p.cur(), "block names can not contain hyphens")
	}
	if b.body, err = p.body(true, "endblock"); err != nil {
		return nil, err
	}
	if b.required {
		for _, s := range b.body {
			if d, ok := s.(*dataStmt); !ok || strings.TrimFunc(d.text, isSpace) != "" {
				return nil, p.fail(t, "required blocks can only contain comments or white space")
			}
		}
	}
	p.skipName(b.name)
	return b, nil
}

// loadTag reads the statements that ask for another template.
func (p *parser) loadTag(t *token) (stmt, error) {
	l := &loadStmt{pos: t.pos, extends: t.text == "extends"}
	var err error
	if l.template, err = p.expression(true); err != nil {
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
		l.targets = []string{name.name}
		p.importContext()
	case "from":
		if err := p.expectName("import"); err != nil {
			return nil, err
		}
		return l, p.importNames(l)
	}
	return l, nil
}

// importContext reads "with context" or "without context".
func (p *parser) importContext() bool {
	n := p.look()
	if (p.isName("with") || p.isName("without")) && n.kind == tName && n.text == "context" {
		p.i += 2
		return true
	}
	return false
}

func (p *parser) importNames(l *loadStmt) error {
	for {
		if len(l.targets) > 0 {
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
		if strings.HasPrefix(name.name, "_") {
			return &SyntaxError{Offset: name.pos, Msg: "names starting with an underline can not be imported", Class: AssertionError}
		}
		if p.skipName("as") {
			if name, err = p.targetName(); err != nil {
				return err
			}
		}
		l.targets = append(l.targets, name.name)
		if p.importContext() || !p.is(tComma) {
			return nil
		}
	}
}
