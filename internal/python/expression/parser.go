package expression

// Parse reads an expression: the first line's, as Python would take it from a text. Further lines
// or expressions behind a ";" are only checked. Its errors are of type *Error.
func Parse(text string) (Node, error) {
	if len(text) > maxText {
		return nil, errorAt(0, "the expression is longer than %d bytes", maxText)
	}
	return parse(&lexer{src: text})
}

// maxText is the largest length of a text in bytes.
const maxText = 1 << 20

func parse(l *lexer) (Node, error) {
	toks, err := l.tokens()
	if err != nil {
		return nil, err
	}
	p := &parser{toks: toks}
	var first Node
	for {
		for p.cur().kind == tLine {
			p.at++
		}
		if p.cur().kind == tEnd {
			break
		}
		x, err := p.expressions()
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = x
		}
		semicolon := p.skip(";")
		if t := p.cur(); !semicolon && t.kind != tLine && t.kind != tEnd || l.inner && (semicolon || t.kind != tEnd) {
			return nil, p.unexpected()
		}
	}
	if first == nil {
		return nil, errorAt(l.base, "the expression is empty")
	}
	return first, nil
}

// parser reads tokens. depth counts nested expressions.
type parser struct {
	toks  []token
	at    int
	depth int
}

// maxDepth is how deeply expressions may be nested.
const maxDepth = 1000

func (p *parser) cur() token { return p.toks[p.at] }

// is reports whether the next token is an operator or a keyword.
func (p *parser) is(text string) bool {
	t := p.cur()
	return (t.kind == tOperator || t.kind == tKeyword) && t.text == text
}

// skip steps over an operator or a keyword if it is next.
func (p *parser) skip(text string) bool {
	if p.is(text) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if p.skip(text) {
		return nil
	}
	t := p.cur()
	return errorAt(t.pos, "expected %q, found %s", text, t.describe())
}

// unexpected is the error for the next token.
func (p *parser) unexpected() error {
	t := p.cur()
	switch t.text {
	case "yield", "await", ":=":
		return errorAt(t.pos, "%s is not supported", t.text)
	case "=", "+=", "-=", "*=", "/=":
		return errorAt(t.pos, "unexpected %q: an expression has no assignment (== compares)", t.text)
	}
	return errorAt(t.pos, "unexpected %s", t.describe())
}

// expressions reads expressions with commas between them: one, or a tuple.
func (p *parser) expressions() (Node, error) {
	pos := At(p.cur().pos)
	x, err := p.starred()
	if err != nil || !p.is(",") {
		return x, err
	}
	items := []Node{x}
	for p.skip(",") {
		if t := p.cur(); t.kind == tEnd || t.kind == tLine || p.is(")") || p.is("]") || p.is("}") || p.is("=") || p.is(";") {
			break
		}
		if x, err = p.starred(); err != nil {
			return nil, err
		}
		items = append(items, x)
	}
	return &Sequence{pos, '(', items}, nil
}

// starred reads an expression or *x.
func (p *parser) starred() (Node, error) {
	pos := At(p.cur().pos)
	if !p.skip("*") {
		return p.expression()
	}
	x, err := p.binary(0)
	return &Starred{pos, x}, err
}

// expression reads one expression without commas.
func (p *parser) expression() (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errorAt(p.cur().pos, "the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	pos := At(p.cur().pos)
	if p.skip("lambda") {
		return p.lambda(pos)
	}
	x, err := p.logic(true)
	if err != nil || !p.skip("if") {
		return x, err
	}
	test, err := p.logic(true)
	if err != nil {
		return nil, err
	}
	if err := p.expect("else"); err != nil {
		return nil, err
	}
	otherwise, err := p.expression()
	return &Conditional{pos, test, x, otherwise}, err
}

// lambda reads the parameters and the body behind the word.
func (p *parser) lambda(pos At) (Node, error) {
	l := &Lambda{At: pos}
	for !p.is(":") {
		var param Param
		for _, stars := range []string{"**", "*", "/"} {
			if p.skip(stars) {
				param.Stars = stars
				break
			}
		}
		if t := p.cur(); t.kind == tName && param.Stars != "/" {
			p.at++
			param.Name = t.text
		} else if param.Stars == "" || param.Stars == "**" {
			return nil, errorAt(t.pos, "expected a parameter of the lambda, found %s", t.describe())
		}
		if param.Stars == "" && p.skip("=") {
			x, err := p.expression()
			if err != nil {
				return nil, err
			}
			param.Default = x
		}
		l.Params = append(l.Params, param)
		if !p.skip(",") {
			break
		}
	}
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	var err error
	l.Body, err = p.expression()
	return l, err
}

// logic reads operands of or, or with or being false those of and.
func (p *parser) logic(or bool) (Node, error) {
	word, next := "and", p.not
	if or {
		word, next = "or", func() (Node, error) { return p.logic(false) }
	}
	pos := At(p.cur().pos)
	x, err := next()
	if err != nil || !p.is(word) {
		return x, err
	}
	all := []Node{x}
	for p.skip(word) {
		if x, err = next(); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return &Logic{pos, or, all}, nil
}

func (p *parser) not() (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errorAt(p.cur().pos, "the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	pos := At(p.cur().pos)
	if !p.skip("not") {
		return p.compare()
	}
	x, err := p.not()
	return &Unary{pos, "not", x}, err
}

func (p *parser) compare() (Node, error) {
	pos := At(p.cur().pos)
	first, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	c := &Compare{At: pos, First: first}
	for {
		op := p.comparison()
		if op == "" {
			break
		}
		x, err := p.binary(0)
		if err != nil {
			return nil, err
		}
		c.Ops, c.Rest = append(c.Ops, op), append(c.Rest, x)
	}
	if len(c.Ops) == 0 {
		return first, nil
	}
	return c, nil
}

// comparison reads a comparison operator; empty: there is none.
func (p *parser) comparison() string {
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">", "in"} {
		if p.skip(op) {
			return op
		}
	}
	switch {
	case p.is("not") && p.toks[p.at+1].text == "in":
		p.at += 2
		return "not in"
	case p.skip("is"):
		if p.skip("not") {
			return "is not"
		}
		return "is"
	}
	return ""
}

// binaries are the operators of two operands, those that bind least first.
var binaries = [][]string{{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%", "@"}}

func (p *parser) binary(level int) (Node, error) {
	if level == len(binaries) {
		return p.factor()
	}
	pos := At(p.cur().pos)
	x, err := p.binary(level + 1)
	for err == nil {
		op := p.operator(level)
		if op == "" {
			break
		}
		var r Node
		r, err = p.binary(level + 1)
		x = &Binary{pos, op, x, r}
	}
	return x, err
}

// operator reads an operator of a level; empty: there is none.
func (p *parser) operator(level int) string {
	for _, op := range binaries[level] {
		if p.skip(op) {
			return op
		}
	}
	return ""
}

// factor reads an operand with signs, and its power.
func (p *parser) factor() (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errorAt(p.cur().pos, "the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	pos := At(p.cur().pos)
	for _, op := range []string{"-", "+", "~"} {
		if p.skip(op) {
			x, err := p.factor()
			return &Unary{pos, op, x}, err
		}
	}
	x, err := p.primary()
	if err != nil || !p.skip("**") {
		return x, err
	}
	r, err := p.factor()
	return &Binary{pos, "**", x, r}, err
}
