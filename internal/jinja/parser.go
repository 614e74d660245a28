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

// arithmetic and comparisons are the operators that tokens stand for.
var (
	arithmetic = map[kind]Operator{
		tAdd: Add, tSub: Sub, tMul: Mul, tDiv: Div, tFloorDiv: FloorDiv, tMod: Mod, tPow: Pow,
	}
	comparisons = map[kind]Comparison{tEq: Eq, tNe: Ne, tLt: Lt, tLe: Le, tGt: Gt, tGe: Ge}
)

func (p *parser) comparison() (Comparison, bool) {
	if op, ok := comparisons[p.cur().kind]; ok {
		p.next()
		return op, true
	}
	if p.skipName("in") {
		return In, true
	}
	if t := p.look(); p.isName("not") && t.kind == tName && t.text == "in" {
		p.i += 2
		return NotIn, true
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
		l = &binaryNode{op: arithmetic[k], l: l, r: r}
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
