package syntax

import "anytap/internal/python"

// Limits that prevent a hostile template from exhausting the stack. Jinja fails earlier.
const (
	maxNesting = 150 // brackets and statements inside each other
	maxChain   = 600 // operators or filters in a row
)

// parser builds the syntax tree by recursive descent.
type parser struct {
	toks  []token
	i     int        // index of the current token
	depth int        // levels of nesting
	tags  []string   // open statements, for messages
	ends  [][]string // end tags of the open statements, for messages
}

// Parse reads a template. The error is an *Error.
func Parse(src string) ([]Stmt, error) {
	toks, err := tokenize(src)
	if err != nil {
		return nil, err
	}
	p := &parser{toks: toks}
	return p.statements(nil)
}

func (p *parser) cur() *token { return &p.toks[p.i] }

// look returns the token after the current one.
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
	return &Error{Offset: t.pos, Msg: msg}
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

// enter counts a level of nesting. Every successful call needs a call of leave.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return p.fail(p.cur(), "template is nested too deeply")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// chain counts an operator in n and limits the number of operators in a row.
func (p *parser) chain(n *int) error {
	if *n++; *n > maxChain {
		return p.fail(p.cur(), "expression is too long")
	}
	return nil
}

// expression reads an expression. If cond is set, it may be conditional: "a if b else c".
func (p *parser) expression(cond bool) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if cond {
		return p.conditional()
	}
	return p.or()
}

func (p *parser) conditional() (Node, error) {
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
		var b Node
		if p.skipName("else") {
			if b, err = p.expression(true); err != nil {
				return nil, err
			}
		}
		a = &Cond{Test: test, A: a, B: b, pos: pos}
	}
	return a, nil
}

func (p *parser) or() (Node, error) {
	l, err := p.and()
	for n := 0; err == nil && p.skipName("or"); {
		if err = p.chain(&n); err != nil {
			break
		}
		var r Node
		r, err = p.and()
		l = &Or{l, r}
	}
	return l, err
}

func (p *parser) and() (Node, error) {
	l, err := p.not()
	for n := 0; err == nil && p.skipName("and"); {
		if err = p.chain(&n); err != nil {
			break
		}
		var r Node
		r, err = p.not()
		l = &And{l, r}
	}
	return l, err
}

func (p *parser) not() (Node, error) {
	if !p.isName("not") {
		return p.compare()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.next()
	x, err := p.not()
	return &Not{x}, err
}

func (p *parser) compare() (Node, error) {
	first, err := p.sum()
	if err != nil {
		return nil, err
	}
	c := &Compare{First: first}
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
		c.Ops = append(c.Ops, op)
		c.Rest = append(c.Rest, r)
	}
	if len(c.Ops) == 0 {
		return first, nil
	}
	return c, nil
}

// arithmetic and comparisons map tokens to operators.
var (
	arithmetic = map[kind]python.Operator{
		tAdd: python.Add, tSub: python.Sub, tMul: python.Mul, tDiv: python.Div, tFloorDiv: python.FloorDiv, tMod: python.Mod, tPow: python.Pow,
	}
	comparisons = map[kind]python.Comparison{tEq: python.Eq, tNe: python.Ne, tLt: python.Lt, tLe: python.Le, tGt: python.Gt, tGe: python.Ge}
)

func (p *parser) comparison() (python.Comparison, bool) {
	if op, ok := comparisons[p.cur().kind]; ok {
		p.next()
		return op, true
	}
	if p.skipName("in") {
		return python.In, true
	}
	if t := p.look(); p.isName("not") && t.kind == tName && t.text == "in" {
		p.i += 2
		return python.NotIn, true
	}
	return 0, false
}

// binary reads operands with any of the operators ops between them.
func (p *parser) binary(operand func() (Node, error), ops ...kind) (Node, error) {
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
		var r Node
		r, err = operand()
		l = &Binary{Op: arithmetic[k], L: l, R: r}
	}
	return l, err
}

func (p *parser) sum() (Node, error) { return p.binary(p.concat, tAdd, tSub) }

func (p *parser) concat() (Node, error) {
	x, err := p.product()
	if err != nil || !p.is(tTilde) {
		return x, err
	}
	c := &Concat{Parts: []Node{x}}
	for p.skip(tTilde) {
		x, err := p.product()
		if err != nil {
			return nil, err
		}
		c.Parts = append(c.Parts, x)
	}
	return c, nil
}

func (p *parser) product() (Node, error) {
	return p.binary(p.power, tMul, tDiv, tFloorDiv, tMod)
}

func (p *parser) power() (Node, error) {
	return p.binary(func() (Node, error) { return p.unary(true) }, tPow)
}

// unary reads an operand with its signs and subscripts. If filters is set, filters and tests may
// follow it.
func (p *parser) unary(filters bool) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	var x Node
	var err error
	if p.is(tSub) || p.is(tAdd) {
		minus := p.next().kind == tSub
		x, err = p.unary(false)
		x = &Unary{Minus: minus, X: x}
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
