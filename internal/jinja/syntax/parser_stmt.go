package syntax

import "strings"

// statements reads text, print statements and statements up to one of the end tags, which it does
// not read. Without end tags it reads up to the end of the template.
func (p *parser) statements(ends []string) ([]Stmt, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if ends != nil {
		p.ends = append(p.ends, ends)
		defer func() { p.ends = p.ends[:len(p.ends)-1] }()
	}
	var body []Stmt
	for {
		t := p.next()
		switch t.kind {
		case tEOF:
			if ends != nil {
				return nil, p.unclosed(t, "unexpected end of template")
			}
			return body, nil
		case tData:
			body = append(body, &Data{t.text})
		case tVarBegin:
			x, err := p.tuple(tupleRules{cond: true})
			if err != nil {
				return nil, err
			}
			if _, err := p.expect(tVarEnd); err != nil {
				return nil, err
			}
			body = append(body, &Output{[]Node{x}})
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

// unclosed is an error that also names the open statement and its end tags.
func (p *parser) unclosed(t *token, msg string) error {
	if n := len(p.ends); n > 0 {
		msg += ", expected '" + strings.Join(p.ends[n-1], "' or '") + "'"
	}
	if n := len(p.tags); n > 0 {
		msg += " to close '" + p.tags[n-1] + "'"
	}
	return p.fail(t, msg)
}

// statement reads a statement after its "{%" and before its "%}".
func (p *parser) statement() (Stmt, error) {
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

func (p *parser) tag(name string) func(*token) (Stmt, error) {
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

// body reads the rest of a tag and the statements up to one of the end tags. If drop is set, it
// reads the name of the end tag, too.
func (p *parser) body(drop bool, ends ...string) ([]Stmt, error) {
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

func (p *parser) printTag(*token) (Stmt, error) {
	out := &Output{}
	for !p.is(tBlockEnd) {
		if len(out.Exprs) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
		}
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		out.Exprs = append(out.Exprs, x)
	}
	return out, nil
}

func (p *parser) ifTag(*token) (Stmt, error) {
	first := &If{}
	cur := first
	for {
		var err error
		if cur.Test, err = p.tuple(tupleRules{}); err != nil {
			return nil, err
		}
		if cur.Body, err = p.body(false, "elif", "else", "endif"); err != nil {
			return nil, err
		}
		switch p.next().text {
		case "elif":
			cur = &If{}
			first.Elifs = append(first.Elifs, cur)
			continue
		case "else":
			if first.Alt, err = p.body(true, "endif"); err != nil {
				return nil, err
			}
		}
		return first, nil
	}
}

func (p *parser) forTag(t *token) (Stmt, error) {
	f := &For{pos: t.pos}
	var err error
	if f.Target, err = p.target(false, "in"); err != nil {
		return nil, err
	}
	if err = p.expectName("in"); err != nil {
		return nil, err
	}
	if f.Iter, err = p.tuple(tupleRules{end: "recursive"}); err != nil {
		return nil, err
	}
	if p.skipName("if") {
		if f.Test, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	f.Recursive = p.skipName("recursive")
	if f.Body, err = p.body(false, "endfor", "else"); err != nil {
		return nil, err
	}
	if p.next().text == "else" {
		f.Alt, err = p.body(true, "endfor")
	}
	return f, err
}

// target reads an assignment target. For ns and end see tupleRules.
func (p *parser) target(ns bool, end string) (Node, error) {
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

func assignable(x Node) bool {
	switch x := x.(type) {
	case *Name, *NamespaceAttr:
		return true
	case *Tuple:
		for _, item := range x.Items {
			if !assignable(item) {
				return false
			}
		}
		return true
	}
	return false
}

// targetName reads an assignment target that is a single name.
func (p *parser) targetName() (*Name, error) {
	t, err := p.expect(tName)
	if err != nil {
		return nil, err
	}
	switch t.text {
	case "true", "false", "none", "True", "False", "None":
		return nil, p.fail(t, "can't assign to '"+t.text+"'")
	}
	return &Name{t.text, t.pos}, nil
}

func (p *parser) setTag(*token) (Stmt, error) {
	target, err := p.target(true, "")
	if err != nil {
		return nil, err
	}
	if p.skip(tAssign) {
		val, err := p.tuple(tupleRules{cond: true})
		return &Set{target, val}, err
	}
	s := &SetBlock{Target: target}
	if s.Filter, err = p.filterChain(); err != nil {
		return nil, err
	}
	s.Body, err = p.body(true, "endset")
	return s, err
}

// filterChain reads "| a | b(c)" without a value before it.
func (p *parser) filterChain() (*Filter, error) {
	var x Node
	for n := 0; p.skip(tPipe); {
		if err := p.chain(&n); err != nil {
			return nil, err
		}
		var err error
		if x, err = p.filter(x); err != nil {
			return nil, err
		}
	}
	f, _ := x.(*Filter)
	return f, nil
}
