package jinja

func (p *parser) postfix(x node) (node, error) {
	var err error
	for n := 0; err == nil; {
		switch p.cur().kind {
		case tDot, tLBracket:
			x, err = p.subscript(x)
		case tLParen:
			x, err = p.call(x)
		default:
			return x, nil
		}
		if err == nil {
			err = p.chain(&n)
		}
	}
	return nil, err
}

// filtered reads filters, tests and calls behind an expression.
func (p *parser) filtered(x node) (node, error) {
	var err error
	for n := 0; err == nil; {
		switch {
		case p.is(tPipe):
			p.next()
			x, err = p.filter(x)
		case p.isName("is"):
			x, err = p.test(x)
		case p.is(tLParen):
			x, err = p.call(x)
		default:
			return x, nil
		}
		if err == nil {
			err = p.chain(&n)
		}
	}
	return nil, err
}

func (p *parser) subscript(x node) (node, error) {
	if p.next().kind == tDot {
		t := p.next()
		switch t.kind {
		case tName:
			return &attrNode{x, t.text}, nil
		case tInteger:
			return &itemNode{x, &constNode{t.val, t.pos}}, nil
		}
		return nil, p.fail(t, "expected name or number")
	}
	pos := p.cur().pos
	var args []node
	for !p.is(tRBracket) {
		if len(args) > 0 {
			if _, err := p.expect(tComma); err != nil {
				return nil, err
			}
		}
		a, err := p.subscribed()
		if err != nil {
			return nil, err
		}
		args = append(args, a)
	}
	p.next()
	if len(args) == 1 {
		return &itemNode{x, args[0]}, nil
	}
	for _, a := range args {
		if _, ok := a.(*sliceNode); ok {
			return nil, &SyntaxError{Offset: pos, Msg: "a slice can not stand in a list of subscripts", Class: pythonSyntax}
		}
	}
	return &itemNode{x, &tupleNode{args, pos}}, nil
}

func (p *parser) subscribed() (node, error) {
	s := &sliceNode{}
	var err error
	if !p.is(tColon) {
		x, err := p.expression(true)
		if err != nil || !p.is(tColon) {
			return x, err
		}
		s.start = x
	}
	p.next()
	if !p.is(tColon) && !p.is(tRBracket) && !p.is(tComma) {
		if s.stop, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	if p.skip(tColon) && !p.is(tRBracket) && !p.is(tComma) {
		if s.step, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (p *parser) call(fn node) (node, error) {
	pos := p.cur().pos
	args, err := p.callArgs()
	return &callNode{fn: fn, args: args, pos: pos}, err
}

// callArgs reads "(a, b=1, *c, **d)".
func (p *parser) callArgs() (callArgs, error) {
	open, err := p.expect(tLParen)
	if err != nil {
		return callArgs{}, err
	}
	a := callArgs{offset: open.pos}
	for comma := false; !p.is(tRParen); comma = true {
		if comma {
			if _, err := p.expect(tComma); err != nil {
				return a, err
			}
			if p.is(tRParen) {
				break
			}
		}
		if err := p.argument(&a, open); err != nil {
			return a, err
		}
	}
	p.next()
	for i, name := range a.names {
		for _, other := range a.names[:i] {
			if name == other {
				return a, &SyntaxError{Offset: open.pos, Msg: "keyword argument repeated: " + name, Class: pythonSyntax}
			}
		}
	}
	return a, nil
}

func (p *parser) argument(a *callArgs, open *token) (err error) {
	invalid := false
	switch {
	case p.is(tMul):
		invalid = a.star != nil || a.dstar != nil
		p.next()
		a.star, err = p.expression(true)
	case p.is(tPow):
		invalid = a.dstar != nil
		p.next()
		a.dstar, err = p.expression(true)
	case p.is(tName) && p.look().kind == tAssign:
		invalid = a.dstar != nil
		name := p.next().text
		p.next()
		var x node
		x, err = p.expression(true)
		a.names = append(a.names, name)
		a.kw = append(a.kw, x)
	default:
		invalid = a.star != nil || a.dstar != nil || len(a.kw) > 0
		var x node
		x, err = p.expression(true)
		a.pos = append(a.pos, x)
	}
	if invalid {
		return p.fail(open, "invalid syntax for function call expression")
	}
	return err
}

func (p *parser) dotted() (string, error) {
	t, err := p.expect(tName)
	if err != nil {
		return "", err
	}
	name := t.text
	for p.skip(tDot) {
		t, err := p.expect(tName)
		if err != nil {
			return "", err
		}
		name += "." + t.text
	}
	return name, nil
}

// filter reads one filter's name and arguments, behind its "|".
func (p *parser) filter(x node) (node, error) {
	f := &filterNode{obj: x, pos: p.cur().pos}
	var err error
	if f.name, err = p.dotted(); err != nil {
		return nil, err
	}
	if p.is(tLParen) {
		f.args, err = p.callArgs()
	}
	return f, err
}

func (p *parser) test(x node) (node, error) {
	pos := p.next().pos
	negated := p.skipName("not")
	name, err := p.dotted()
	if err != nil {
		return nil, err
	}
	t := &testNode{obj: x, name: name, pos: pos}
	switch {
	case p.is(tLParen):
		t.args, err = p.callArgs()
	case p.testOperand():
		if p.isName("is") {
			return nil, p.fail(p.cur(), "tests can not be chained with is")
		}
		var arg node
		if arg, err = p.simple(false); err == nil {
			arg, err = p.postfix(arg)
		}
		t.args.pos = []node{arg}
	}
	if err != nil {
		return nil, err
	}
	if negated {
		return &notNode{t}, nil
	}
	return t, nil
}

// testOperand reports whether a test's only argument follows without brackets.
func (p *parser) testOperand() bool {
	switch p.cur().kind {
	case tName:
		return !p.isName("else") && !p.isName("or") && !p.isName("and")
	case tString, tInteger, tFloat, tLBracket, tLBrace:
		return true
	}
	return false
}
