package syntax

// primary reads a name, a literal or an expression in brackets. If ns is set, a name may have one
// attribute, as in an assignment target.
func (p *parser) primary(ns bool) (Node, error) {
	t := p.cur()
	switch t.kind {
	case tName:
		return p.name(ns)
	case tString:
		return p.text(), nil
	case tInteger, tFloat:
		p.next()
		return &Const{t.val, t.pos}, nil
	case tLParen:
		p.next()
		x, err := p.tuple(tupleRules{cond: true, parens: true})
		if err != nil {
			return nil, err
		}
		_, err = p.expect(tRParen)
		return x, err
	case tLBracket:
		return p.list()
	case tLBrace:
		return p.dict()
	}
	return nil, p.fail(t, "unexpected '"+t.describe()+"'")
}

func (p *parser) name(ns bool) (Node, error) {
	t := p.next()
	switch t.text {
	case "true", "True":
		return &Const{true, t.pos}, nil
	case "false", "False":
		return &Const{false, t.pos}, nil
	case "none", "None":
		return &Const{nil, t.pos}, nil
	}
	if ns && p.skip(tDot) {
		attr, err := p.expect(tName)
		if err != nil {
			return nil, err
		}
		return &NamespaceAttr{t.text, attr.text, t.pos}, nil
	}
	return &Name{t.text, t.pos}, nil
}

// text joins adjacent string literals.
func (p *parser) text() Node {
	t := p.next()
	s := t.val.(string)
	for p.is(tString) {
		s += p.next().val.(string)
	}
	return &Const{s, t.pos}
}

// tupleRules say what may stand in an expression with commas.
type tupleRules struct {
	simple bool   // only names and literals, as in assignment targets
	cond   bool   // conditional expressions are allowed
	parens bool   // the expression is in parentheses, so it may be empty
	ns     bool   // namespace attributes are allowed
	end    string // name that ends the expression besides the usual tokens
}

func (p *parser) tupleEnd(end string) bool {
	switch p.cur().kind {
	case tVarEnd, tBlockEnd, tRParen:
		return true
	}
	return end != "" && p.isName(end)
}

func (p *parser) tuple(r tupleRules) (Node, error) {
	pos := p.cur().pos
	var items []Node
	isTuple := false
	for {
		if len(items) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
		}
		if p.tupleEnd(r.end) {
			break
		}
		var x Node
		var err error
		if r.simple {
			x, err = p.simple(r.ns)
		} else {
			x, err = p.expression(r.cond)
		}
		if err != nil {
			return nil, err
		}
		items = append(items, x)
		if !p.is(tComma) {
			break
		}
		isTuple = true
	}
	if !isTuple {
		if len(items) > 0 {
			return items[0], nil
		}
		if !r.parens {
			return nil, p.fail(p.cur(), "expected an expression, got '"+p.cur().describe()+"'")
		}
	}
	return &Tuple{items, pos}, nil
}

func (p *parser) simple(ns bool) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	return p.primary(ns)
}

func (p *parser) list() (Node, error) {
	p.next()
	l := &List{}
	for !p.is(tRBracket) {
		if len(l.Items) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
			if p.is(tRBracket) {
				break
			}
		}
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, x)
	}
	_, err := p.expect(tRBracket)
	return l, err
}

func (p *parser) dict() (Node, error) {
	p.next()
	d := &Dict{}
	for !p.is(tRBrace) {
		if len(d.Keys) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
			if p.is(tRBrace) {
				break
			}
		}
		k, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		if _, err := p.expect(tColon); err != nil {
			return nil, err
		}
		v, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		d.Keys = append(d.Keys, k)
		d.Vals = append(d.Vals, v)
	}
	_, err := p.expect(tRBrace)
	return d, err
}
