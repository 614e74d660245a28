package expression

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// kind is the type of a token.
type kind uint8

const (
	tEnd kind = iota
	tLine
	tName
	tKeyword
	tOperator
	tConstant // val is a number
	tText     // val is a Constant or a Joined
)

// token is a lexical unit.
type token struct {
	kind kind
	pos  int
	text string // of a name, keyword or operator
	val  any
}

// describe is how a message calls the token.
func (t token) describe() string {
	switch t.kind {
	case tEnd:
		return "the end"
	case tLine:
		return "the end of the line"
	case tConstant:
		return "a number"
	case tText:
		return "a text"
	}
	return strconv.Quote(t.text)
}

// keywords are the names that no variable may have, each between spaces.
const keywords = " False None True and as assert async await break class continue def del elif else except finally for from" +
	" global if import in is lambda nonlocal not or pass raise return try while with yield "

// operators by length, longest first.
var operators = [][]string{
	{"**=", "//=", ">>=", "<<=", "..."},
	{"**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@="},
	{"+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=", "!"},
}

// lexer splits a text into tokens. base is added to their positions.
type lexer struct {
	src   string
	pos   int
	base  int
	open  []byte // brackets that are not closed yet
	inner bool   // the text stands in brackets, so that lines do not end it
	level int    // of f-strings in f-strings
	toks  []token
}

func (l *lexer) fail(pos int, format string, args ...any) error {
	return errorAt(l.base+pos, format, args...)
}

func (l *lexer) add(t token) {
	t.pos += l.base
	l.toks = append(l.toks, t)
}

// tokens splits the whole text.
func (l *lexer) tokens() ([]token, error) {
	lineStart := !l.inner
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == ' ' || c == '\t' || c == '\f':
			start := l.pos
			for l.pos < len(l.src) && strings.IndexByte(" \t\f", l.src[l.pos]) >= 0 {
				l.pos++
			}
			if lineStart && !l.lineIsEmpty() {
				return nil, l.fail(start, "the line begins with a space")
			}
			continue
		case c == '#':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' {
				l.pos++
			}
			continue
		case c == '\r' || c == '\n':
			l.pos++
			if len(l.open) == 0 && !l.inner {
				l.add(token{kind: tLine, pos: l.pos - 1})
				lineStart = true
			}
			continue
		case c == '\\' && strings.HasPrefix(strings.TrimPrefix(l.src[l.pos+1:], "\r"), "\n"):
			l.pos = strings.IndexByte(l.src[l.pos:], '\n') + l.pos + 1
			continue
		}
		lineStart = false
		if err := l.token(c); err != nil {
			return nil, err
		}
	}
	if n := len(l.open); n > 0 {
		return nil, l.fail(len(l.src), "%q is never closed", l.open[n-1])
	}
	l.add(token{kind: tEnd, pos: len(l.src)})
	return l.toks, nil
}

// lineIsEmpty reports whether nothing but a comment is left of the line.
func (l *lexer) lineIsEmpty() bool {
	return l.pos == len(l.src) || strings.IndexByte("#\r\n", l.src[l.pos]) >= 0
}

func (l *lexer) token(c byte) error {
	if c >= '0' && c <= '9' || c == '.' && l.pos+1 < len(l.src) && l.src[l.pos+1] >= '0' && l.src[l.pos+1] <= '9' {
		return l.number()
	}
	if p, n := literalPrefix(l.src[l.pos:]); n > 0 {
		return l.literal(p, n)
	}
	if n := nameLen(l.src[l.pos:]); n > 0 {
		name := l.src[l.pos : l.pos+n]
		if !pytext.IsIdentifier(name) {
			return l.fail(l.pos, "%q is no name", name)
		}
		k := tName
		if strings.Contains(keywords, " "+name+" ") {
			k = tKeyword
		}
		l.add(token{kind: k, pos: l.pos, text: name})
		l.pos += n
		return nil
	}
	for _, ops := range operators {
		for _, op := range ops {
			if strings.HasPrefix(l.src[l.pos:], op) {
				return l.operator(op)
			}
		}
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.pos:])
	return l.fail(l.pos, "unexpected character %q", r)
}

// operator adds an operator and keeps account of brackets.
func (l *lexer) operator(op string) error {
	switch op {
	case "(", "[", "{":
		if len(l.open) == maxBrackets {
			return l.fail(l.pos, "too many nested brackets")
		}
		l.open = append(l.open, op[0])
	case ")", "]", "}":
		n := len(l.open)
		if n == 0 {
			return l.fail(l.pos, "unmatched %q", op)
		}
		if due := map[byte]string{'(': ")", '[': "]", '{': "}"}[l.open[n-1]]; due != op {
			return l.fail(l.pos, "%q closes %q", op, l.open[n-1])
		}
		l.open = l.open[:n-1]
	}
	l.add(token{kind: tOperator, pos: l.pos, text: op})
	l.pos += len(op)
	return nil
}

// maxBrackets is how deeply brackets may be nested, as in CPython.
const maxBrackets = 200

func nameLen(s string) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !pytext.IsWord(r) {
			break
		}
		i += n
	}
	return i
}

// number reads an int or a float.
func (l *lexer) number() error {
	s, start := l.src[l.pos:], l.pos
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		valid := map[byte]string{'x': "0123456789abcdefABCDEF", 'o': "01234567", 'b': "01"}[s[1]|0x20]
		n := number.BaseDigitsLen(s[2:], valid)
		b, ok := new(big.Int).SetString(strings.ReplaceAll(s[2:2+n], "_", ""), map[int]int{22: 16, 8: 8, 2: 2}[len(valid)])
		if !ok {
			return l.fail(start, "%q has no digits", s[:2])
		}
		return l.numberOf(value.Integer(b), 2+n)
	}
	n, isFloat := number.DecimalLen(s)
	text := strings.ReplaceAll(s[:n], "_", "")
	if isFloat {
		f, ok := number.ReadFloat(text)
		if !ok {
			return l.fail(start, "%q is no number", text)
		}
		return l.numberOf(f, n)
	}
	if text[0] == '0' && strings.Trim(text, "0") != "" {
		return l.fail(start, "leading zeros are not permitted in whole numbers")
	}
	if len(text) > number.MaxDigits {
		return l.fail(start, "the number has more than %d digits", number.MaxDigits)
	}
	b, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return l.fail(start, "%q is no number", text)
	}
	return l.numberOf(value.Integer(b), n)
}

// numberOf adds a number of n bytes, which no letter may follow.
func (l *lexer) numberOf(v any, n int) error {
	if nameLen(l.src[l.pos+n:]) > 0 {
		if c := l.src[l.pos+n] | 0x20; c == 'j' {
			return l.fail(l.pos, "complex numbers are not supported")
		}
		return l.fail(l.pos, "a letter follows the number %s directly", l.src[l.pos:l.pos+n])
	}
	l.add(token{kind: tConstant, pos: l.pos, val: v})
	l.pos += n
	return nil
}
