package syntax

import "anytap/internal/python/exception"

// postfix reads the subscripts and calls that follow an operand.
func (p *parser) postfix(x Node) (Node, error) {
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

// filtered reads the filters, tests and calls that follow an expression.
func (p *parser) filtered(x Node) (Node, error) {
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

func (p *parser) subscript(x Node) (Node, error) {
	if p.next().kind == tDot {
		t := p.next()
		switch t.kind {
		case tName:
			return &Attr{x, t.text}, nil
		case tInteger:
			return &Item{x, &Const{t.val, t.pos}}, nil
		}
		return nil, p.fail(t, "expected name or number")
	}
	pos := p.cur().pos
	var args []Node
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
		return &Item{x, args[0]}, nil
	}
	for _, a := range args {
		if _, ok := a.(*Slice); ok {
			return nil, &Error{Offset: pos, Msg: "a slice can not stand in a list of subscripts", Class: exception.SyntaxError}
		}
	}
	return &Item{x, &Tuple{args, pos}}, nil
}

// subscribed reads what stands in square brackets: an expression or a slice.
func (p *parser) subscribed() (Node, error) {
	s := &Slice{}
	var err error
	if !p.is(tColon) {
		x, err := p.expression(true)
		if err != nil || !p.is(tColon) {
			return x, err
		}
		s.Start = x
	}
	p.next()
	if !p.is(tColon) && !p.is(tRBracket) && !p.is(tComma) {
		if s.Stop, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	if p.skip(tColon) && !p.is(tRBracket) && !p.is(tComma) {
		if s.Step, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (p *parser) call(fn Node) (Node, error) {
	pos := p.cur().pos
	args, err := p.callArgs()
	return &Call{Fn: fn, Args: args, pos: pos}, err
}

// callArgs reads "(a, b=1, *c, **d)".
func (p *parser) callArgs() (Args, error) {
	open, err := p.expect(tLParen)
	if err != nil {
		return Args{}, err
	}
	a := Args{offset: open.pos}
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
	for i, name := range a.Names {
		for _, other := range a.Names[:i] {
			if name == other {
				return a, &Error{Offset: open.pos, Msg: "keyword argument repeated: " + name, Class: exception.SyntaxError}
			}
		}
	}
	return a, nil
}

func (p *parser) argument(a *Args, open *token) (err error) {
	invalid := false
	switch {
	case p.is(tMul):
		invalid = a.Star != nil || a.Dstar != nil
		p.next()
		a.Star, err = p.expression(true)
	case p.is(tPow):
		invalid = a.Dstar != nil
		p.next()
		a.Dstar, err = p.expression(true)
	case p.is(tName) && p.look().kind == tAssign:
		invalid = a.Dstar != nil
		name := p.next().text
		p.next()
		var x Node
		x, err = p.expression(true)
		a.Names = append(a.Names, name)
		a.Kw = append(a.Kw, x)
	default:
		invalid = a.Star != nil || a.Dstar != nil || len(a.Kw) > 0
		var x Node
		x, err = p.expression(true)
		a.Pos = append(a.Pos, x)
	}
	if invalid {
		return p.fail(open, "invalid syntax for function call expression")
	}
	return err
}

// dotted reads a name that may contain dots.
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

// filter reads the name and arguments of a filter, after its "|".
func (p *parser) filter(x Node) (Node, error) {
	f := &Filter{Obj: x, pos: p.cur().pos}
	var err error
	if f.Name, err = p.dotted(); err != nil {
		return nil, err
	}
	if p.is(tLParen) {
		f.Args, err = p.callArgs()
	}
	return f, err
}

func (p *parser) test(x Node) (Node, error) {
	pos := p.next().pos
	negated := p.skipName("not")
	name, err := p.dotted()
	if err != nil {
		return nil, err
	}
	t := &Test{Obj: x, Name: name, pos: pos}
	switch {
	case p.is(tLParen):
		t.Args, err = p.callArgs()
	case p.testOperand():
		if p.isName("is") {
			return nil, p.fail(p.cur(), "tests can not be chained with is")
		}
		var arg Node
		if arg, err = p.simple(false); err == nil {
			arg, err = p.postfix(arg)
		}
		t.Args.Pos = []Node{arg}
	}
	if err != nil {
		return nil, err
	}
	if negated {
		return &Not{t}, nil
	}
	return t, nil
}

// testOperand reports whether the only argument of a test follows without brackets.
func (p *parser) testOperand() bool {
	switch p.cur().kind {
	case tName:
		return !p.isName("else") && !p.isName("or") && !p.isName("and")
	case tString, tInteger, tFloat, tLBracket, tLBrace:
		return true
	}
	return false
}
