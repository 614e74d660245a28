package jinja

import "strings"

// statements reads text, print statements and statements up to one of the end
// tags (without reading that tag), or to the end of the template without any.
func (p *parser) statements(ends []string) ([]stmt, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if ends != nil {
		p.ends = append(p.ends, ends)
		defer func() { p.ends = p.ends[:len(p.ends)-1] }()
	}
	var body []stmt
	for {
		t := p.next()
		switch t.kind {
		case tEOF:
			if ends != nil {
				return nil, p.unclosed(t, "unexpected end of template")
			}
			return body, nil
		case tData:
			body = append(body, &dataStmt{t.text})
		case tVarBegin:
			x, err := p.tuple(tupleRules{cond: true})
			if err != nil {
				return nil, err
			}
			if _, err := p.expect(tVarEnd); err != nil {
				return nil, err
			}
			body = append(body, &outputStmt{[]node{x}})
		case tBlockBegin:
			for _, end := range ends {
				if p.isName(end) {
					return body, nil
				}
			}
			s, err := p.statement()
			if err != nil {
				return nil, err
			}
			body = append(body, s)
			if _, err := p.expect(tBlockEnd); err != nil {
				return nil, err
			}
		}
	}
}

func (p *parser) unclosed(t *token, msg string) error {
	if n := len(p.ends); n > 0 {
		msg += ", expected '" + strings.Join(p.ends[n-1], "' or '") + "'"
	}
	if n := len(p.tags); n > 0 {
		msg += " to close '" + p.tags[n-1] + "'"
	}
	return p.fail(t, msg)
}

// statement reads one statement behind its "{%"; its "%}" stays.
func (p *parser) statement() (stmt, error) {
	t := p.cur()
	if t.kind != tName {
		return nil, p.fail(t, "tag name expected")
	}
	parse := p.tag(t.text)
	if parse == nil {
		return nil, p.unclosed(t, "encountered unknown tag '"+t.text+"'")
	}
	p.next()
	p.tags = append(p.tags, t.text)
	s, err := parse(t)
	p.tags = p.tags[:len(p.tags)-1]
	return s, err
}

func (p *parser) tag(name string) func(*token) (stmt, error) {
	switch name {
	case "for":
		return p.forTag
	case "if":
		return p.ifTag
	case "set":
		return p.setTag
	case "with":
		return p.withTag
	case "macro":
		return p.macroTag
	case "call":
		return p.callTag
	case "filter":
		return p.filterTag
	case "print":
		return p.printTag
	case "block":
		return p.blockTag
	case "autoescape":
		return p.escapeTag
	case "extends", "include", "import", "from":
		return p.loadTag
	}
	return nil
}

// body reads the rest of a tag and the statements up to one of the end tags;
// with drop that end tag's name is read too.
func (p *parser) body(drop bool, ends ...string) ([]stmt, error) {
	p.skip(tColon)
	if _, err := p.expect(tBlockEnd); err != nil {
		return nil, err
	}
	body, err := p.statements(ends)
	if err == nil && drop {
		p.next()
	}
	return body, err
}

func (p *parser) printTag(*token) (stmt, error) {
	out := &outputStmt{}
	for !p.is(tBlockEnd) {
		if len(out.exprs) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
		}
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		out.exprs = append(out.exprs, x)
	}
	return out, nil
}

func (p *parser) ifTag(*token) (stmt, error) {
	first := &ifStmt{}
	cur := first
	for {
		var err error
		if cur.test, err = p.tuple(tupleRules{}); err != nil {
			return nil, err
		}
		if cur.body, err = p.body(false, "elif", "else", "endif"); err != nil {
			return nil, err
		}
		switch p.next().text {
		case "elif":
			cur = &ifStmt{}
			first.elifs = append(first.elifs, cur)
			continue
		case "else":
			if first.alt, err = p.body(true, "endif"); err != nil {
				return nil, err
			}
		}
		return first, nil
	}
}

func (p *parser) forTag(t *token) (stmt, error) {
	f := &forStmt{pos: t.pos}
	var err error
	if f.target, err = p.target(false, "in"); err != nil {
		return nil, err
	}
	if err = p.expectName("in"); err != nil {
		return nil, err
	}
	if f.iter, err = p.tuple(tupleRules{end: "recursive"}); err != nil {
		return nil, err
	}
	if p.skipName("if") {
		if f.test, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	f.recursive = p.skipName("recursive")
	if f.body, err = p.body(false, "endfor", "else"); err != nil {
		return nil, err
	}
	if p.next().text == "else" {
		f.alt, err = p.body(true, "endfor")
	}
	return f, err
}

// target reads what a value is assigned to.
func (p *parser) target(ns bool, end string) (node, error) {
	t := p.cur()
	x, err := p.tuple(tupleRules{simple: true, ns: ns, end: end})
	if err != nil {
		return nil, err
	}
	if !assignable(x) {
		return nil, p.fail(t, "can't assign to this expression")
	}
	return x, nil
}

func assignable(x node) bool {
	switch x := x.(type) {
	case *nameNode, *nsNode:
		return true
	case *tupleNode:
		for _, item := range x.items {
			if !assignable(item) {
				return false
			}
		}
		return true
	}
	return false
}

// targetName reads a single name that is assigned to.
func (p *parser) targetName() (*nameNode, error) {
	t, err := p.expect(tName)
	if err != nil {
		return nil, err
	}
	switch t.text {
	case "true", "false", "none", "True", "False", "None":
		return nil, p.fail(t, "can't assign to '"+t.text+"'")
	}
	return &nameNode{t.text, t.pos}, nil
}

func (p *parser) setTag(*token) (stmt, error) {
	target, err := p.target(true, "")
	if err != nil {
		return nil, err
	}
	if p.skip(tAssign) {
		val, err := p.tuple(tupleRules{cond: true})
		return &setStmt{target, val}, err
	}
	s := &setBlockStmt{target: target}
	if s.filter, err = p.filterChain(); err != nil {
		return nil, err
	}
	s.body, err = p.body(true, "endset")
	return s, err
}

// filterChain reads "| a | b(c)" without a value in front.
func (p *parser) filterChain() (*filterNode, error) {
	var x node
	for n := 0; p.skip(tPipe); {
		if err := p.chain(&n); err != nil {
			return nil, err
		}
		var err error
		if x, err = p.filter(x); err != nil {
			return nil, err
		}
	}
	f, _ := x.(*filterNode)
	return f, nil
}
