package jinja

// Bounds that keep hostile templates from exhausting the stack; the reference
// runtime gives up earlier.
const (
	maxNesting = 150 // brackets and statements inside each other
	maxChain   = 600 // operators or filters in a row
)

// parser builds the syntax tree by recursive descent.
type parser struct {
	toks  []token
	i     int
	depth int
	tags  []string // open statements, for messages
	ends  [][]string
}

func parseTemplate(src string) ([]stmt, error) {
	toks, err := tokenize(src)
	if err != nil {
		return nil, err
	}
	p := &parser{toks: toks}
	return p.statements(nil)
}

func (p *parser) cur() *token { return &p.toks[p.i] }

func (p *parser) look() *token {
	if p.i+1 < len(p.toks) {
		return &p.toks[p.i+1]
	}
	return p.cur()
}

func (p *parser) next() *token {
	t := &p.toks[p.i]
	if t.kind != tEOF {
		p.i++
	}
	return t
}

func (p *parser) is(k kind) bool { return p.toks[p.i].kind == k }

func (p *parser) isName(name string) bool {
	t := p.cur()
	return t.kind == tName && t.text == name
}

func (p *parser) skipName(name string) bool {
	if p.isName(name) {
		p.i++
		return true
	}
	return false
}

func (p *parser) skip(k kind) bool {
	if p.is(k) && k != tEOF {
		p.i++
		return true
	}
	return false
}

func (p *parser) fail(t *token, msg string) error {
	return &SyntaxError{Offset: t.pos, Msg: msg}
}

func (p *parser) expect(k kind) (*token, error) {
	if p.is(k) {
		return p.next(), nil
	}
	return nil, p.unexpected(k.describe())
}

func (p *parser) expectName(name string) error {
	if p.skipName(name) {
		return nil
	}
	return p.unexpected(name)
}

func (p *parser) unexpected(want string) error {
	t := p.cur()
	if t.kind == tEOF {
		return p.fail(t, "unexpected end of template, expected '"+want+"'")
	}
	return p.fail(t, "expected token '"+want+"', got '"+t.describe()+"'")
}

// enter counts one level of nesting; every successful call needs a leave.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return p.fail(p.cur(), "template is nested too deeply")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// chain bounds how many operators may follow each other on one level.
func (p *parser) chain(n *int) error {
	if *n++; *n > maxChain {
		return p.fail(p.cur(), "expression is too long")
	}
	return nil
}

func (p *parser) expression(cond bool) (node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if cond {
		return p.conditional()
	}
	return p.or()
}

func (p *parser) conditional() (node, error) {
	pos := p.cur().pos
	a, err := p.or()
	if err != nil {
		return nil, err
	}
	for n := 0; p.skipName("if"); {
		if err := p.chain(&n); err != nil {
			return nil, err
		}
		test, err := p.or()
		if err != nil {
			return nil, err
		}
		var b node
		if p.skipName("else") {
			if b, err = p.expression(true); err != nil {
				return nil, err
			}
		}
		a = &condNode{test: test, a: a, b: b, pos: pos}
	}
	return a, nil
}

func (p *parser) or() (node, error) {
	l, err := p.and()
	for n := 0; err == nil && p.skipName("or"); {
		if err = p.chain(&n); err != nil {
			break
		}
		var r node
		r, err = p.and()
		l = &orNode{l, r}
	}
	return l, err
}

func (p *parser) and() (node, error) {
	l, err := p.not()
	for n := 0; err == nil && p.skipName("and"); {
		if err = p.chain(&n); err != nil {
			break
		}
		var r node
		r, err = p.not()
		l = &andNode{l, r}
	}
	return l, err
}

func (p *parser) not() (node, error) {
	if !p.isName("not") {
		return p.compare()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.next()
	x, err := p.not()
	return &notNode{x}, err
}

func (p *parser) compare() (node, error) {
	first, err := p.sum()
	if err != nil {
		return nil, err
	}
	c := &compareNode{first: first}
	for n := 0; ; {
		op, ok := p.comparison()
		if !ok {
			break
		}
		if err := p.chain(&n); err != nil {
			return nil, err
		}
		r, err := p.sum()
		if err != nil {
			return nil, err
		}
		c.ops = append(c.ops, op)
		c.rest = append(c.rest, r)
	}
	if len(c.ops) == 0 {
		return first, nil
	}
	return c, nil
}

func (p *parser) comparison() (cmpOp, bool) {
	if op, ok := comparisons[p.cur().kind]; ok {
		p.next()
		return op, true
	}
	if p.skipName("in") {
		return opIn, true
	}
	if t := p.look(); p.isName("not") && t.kind == tName && t.text == "in" {
		p.i += 2
		return opNotIn, true
	}
	return 0, false
}

func (p *parser) binary(operand func() (node, error), ops ...kind) (node, error) {
	l, err := operand()
	for n := 0; err == nil; {
		k := p.cur().kind
		found := false
		for _, op := range ops {
			found = found || op == k
		}
		if !found {
			break
		}
		if err = p.chain(&n); err != nil {
			break
		}
		p.next()
		var r node
		r, err = operand()
		l = &binaryNode{op: k, l: l, r: r}
	}
	return l, err
}

func (p *parser) sum() (node, error) { return p.binary(p.concat, tAdd, tSub) }

func (p *parser) concat() (node, error) {
	x, err := p.product()
	if err != nil || !p.is(tTilde) {
		return x, err
	}
	c := &concatNode{parts: []node{x}}
	for p.skip(tTilde) {
		x, err := p.product()
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, x)
	}
	return c, nil
}

func (p *parser) product() (node, error) {
	return p.binary(p.power, tMul, tDiv, tFloorDiv, tMod)
}

func (p *parser) power() (node, error) {
	return p.binary(func() (node, error) { return p.unary(true) }, tPow)
}

func (p *parser) unary(filters bool) (node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	var x node
	var err error
	if p.is(tSub) || p.is(tAdd) {
		minus := p.next().kind == tSub
		x, err = p.unary(false)
		x = &unaryNode{minus: minus, x: x}
	} else {
		x, err = p.primary(false)
	}
	if err == nil {
		x, err = p.postfix(x)
	}
	if err == nil && filters {
		x, err = p.filtered(x)
	}
	return x, err
}

// primary reads a name, a literal or something in brackets. With ns, a name
// may be followed by one attribute, as assignment targets are.
func (p *parser) primary(ns bool) (node, error) {
	t := p.cur()
	switch t.kind {
	case tName:
		return p.name(ns)
	case tString:
		return p.text(), nil
	case tInteger, tFloat:
		p.next()
		return &constNode{t.val, t.pos}, nil
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

func (p *parser) name(ns bool) (node, error) {
	t := p.next()
	switch t.text {
	case "true", "True":
		return &constNode{true, t.pos}, nil
	case "false", "False":
		return &constNode{false, t.pos}, nil
	case "none", "None":
		return &constNode{nil, t.pos}, nil
	}
	if ns && p.skip(tDot) {
		attr, err := p.expect(tName)
		if err != nil {
			return nil, err
		}
		return &nsNode{t.text, attr.text, t.pos}, nil
	}
	return &nameNode{t.text, t.pos}, nil
}

// text joins string literals that follow each other.
func (p *parser) text() node {
	t := p.next()
	s := t.val.(string)
	for p.is(tString) {
		s += p.next().val.(string)
	}
	return &constNode{s, t.pos}
}

// tupleRules say what may stand in a comma list.
type tupleRules struct {
	simple bool   // only names and literals, as in assignment targets
	cond   bool   // conditional expressions are allowed
	parens bool   // stands in parentheses, so it may be empty
	ns     bool   // namespace attributes are allowed
	end    string // name that ends the list besides the usual tokens
}

func (p *parser) tupleEnd(end string) bool {
	switch p.cur().kind {
	case tVarEnd, tBlockEnd, tRParen:
		return true
	}
	return end != "" && p.isName(end)
}

func (p *parser) tuple(r tupleRules) (node, error) {
	pos := p.cur().pos
	var items []node
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
		var x node
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
	return &tupleNode{items, pos}, nil
}

func (p *parser) simple(ns bool) (node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	return p.primary(ns)
}

func (p *parser) list() (node, error) {
	p.next()
	l := &listNode{}
	for !p.is(tRBracket) {
		if len(l.items) > 0 {
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
		l.items = append(l.items, x)
	}
	_, err := p.expect(tRBracket)
	return l, err
}

func (p *parser) dict() (node, error) {
	p.next()
	d := &dictNode{}
	for !p.is(tRBrace) {
		if len(d.keys) > 0 {
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
		d.keys = append(d.keys, k)
		d.vals = append(d.vals, v)
	}
	_, err := p.expect(tRBrace)
	return d, err
}
