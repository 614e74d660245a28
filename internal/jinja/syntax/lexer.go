package syntax

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
)

// maxSource is the largest length of a template in bytes.
const maxSource = 4 << 20

// lexer splits a template into tokens.
type lexer struct {
	src   string
	pos   int
	toks  []token
	stack []byte // closing brackets that are still due
}

// normalizeNewlines converts line breaks to "\n" and removes one at the end.
func normalizeNewlines(src string) string {
	if strings.Contains(src, "\r") {
		src = strings.ReplaceAll(src, "\r\n", "\n")
		src = strings.ReplaceAll(src, "\r", "\n")
	}
	return strings.TrimSuffix(src, "\n")
}

// tokenize splits a template into tokens.
func tokenize(src string) ([]token, error) {
	if len(src) > maxSource {
		return nil, &Error{Msg: "template is longer than 4 MiB"}
	}
	l := &lexer{src: normalizeNewlines(src)}
	for l.pos < len(l.src) {
		if err := l.root(); err != nil {
			return nil, err
		}
	}
	l.add(token{kind: tEOF, pos: len(l.src)})
	return l.toks, nil
}

func (l *lexer) add(t token) { l.toks = append(l.toks, t) }

func (l *lexer) fail(pos int, msg string) error {
	return &Error{Offset: pos, Msg: msg}
}

// data adds a piece of the source as text. If strip is set, it removes the white space at its end.
func (l *lexer) data(start, end int, strip bool) {
	text := l.src[start:end]
	if strip {
		text = strings.TrimRightFunc(text, pytext.IsSpace)
	}
	if text != "" {
		l.add(token{kind: tData, pos: start, text: text})
	}
}

// nextTag finds the next "{{", "{%" or "{#" at or after from.
func (l *lexer) nextTag(from int) int {
	for i := from; ; i++ {
		j := strings.IndexByte(l.src[i:], '{')
		if j < 0 || i+j+1 >= len(l.src) {
			return -1
		}
		i += j
		switch l.src[i+1] {
		case '{', '%', '#':
			return i
		}
	}
}

// root reads text up to the next tag, and the tag.
func (l *lexer) root() error {
	start := l.pos
	at := l.nextTag(start)
	if at < 0 {
		l.data(start, len(l.src), false)
		l.pos = len(l.src)
		return nil
	}
	l.pos = at + 2
	if l.src[at+1] == '%' {
		if end, strip, ok := l.rawBegin(at); ok {
			l.data(start, at, strip)
			l.pos = end
			return l.raw()
		}
	}
	sign := l.sign()
	l.data(start, at, sign == '-')
	switch l.src[at+1] {
	case '#':
		return l.comment()
	case '{':
		l.add(token{kind: tVarBegin, pos: at})
		return l.code(tVarEnd)
	}
	l.add(token{kind: tBlockBegin, pos: at})
	return l.code(tBlockEnd)
}

// sign reads the white space control after the opening of a tag, "-" or "+". It returns 0 if there
// is none.
func (l *lexer) sign() byte {
	if l.pos < len(l.src) && (l.src[l.pos] == '-' || l.src[l.pos] == '+') {
		l.pos++
		return l.src[l.pos-1]
	}
	return 0
}

func (l *lexer) skipSpace(i int) int {
	for i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[i:])
		if !pytext.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

// rawBegin recognizes "{% raw %}" at a tag. end is the position after it. strip tells to remove the
// white space before it.
func (l *lexer) rawBegin(at int) (end int, strip, ok bool) {
	i := at + 2
	if i < len(l.src) && (l.src[i] == '-' || l.src[i] == '+') {
		strip = l.src[i] == '-'
		i++
	}
	i = l.skipSpace(i)
	if !strings.HasPrefix(l.src[i:], "raw") {
		return 0, false, false
	}
	i = l.skipSpace(i + 3)
	switch {
	case strings.HasPrefix(l.src[i:], "-%}"):
		return l.skipSpace(i + 3), strip, true
	case strings.HasPrefix(l.src[i:], "%}"):
		return i + 2, strip, true
	}
	return 0, false, false
}

// raw reads verbatim text up to its "{% endraw %}".
func (l *lexer) raw() error {
	start := l.pos
	if start == len(l.src) {
		return nil
	}
	for i := start; ; i++ {
		j := strings.Index(l.src[i:], "{%")
		if j < 0 {
			return l.fail(start, "missing end of raw directive")
		}
		i += j
		k, strip := i+2, false
		if k < len(l.src) && (l.src[k] == '-' || l.src[k] == '+') {
			strip = l.src[k] == '-'
			k++
		}
		k = l.skipSpace(k)
		if !strings.HasPrefix(l.src[k:], "endraw") {
			continue
		}
		k = l.skipSpace(k + len("endraw"))
		if end, ok := l.tagEnd(k, "%}"); ok {
			l.data(start, i, strip)
			l.pos = end
			return nil
		}
	}
}

// tagEnd recognizes the end of a tag at i, such as "%}", "+%}" or "-%}". It returns the position
// after it. A "-" includes the white space that follows.
func (l *lexer) tagEnd(i int, end string) (int, bool) {
	rest := l.src[i:]
	switch {
	case strings.HasPrefix(rest, end):
		return i + 2, true
	case strings.HasPrefix(rest, "+"+end):
		return i + 3, true
	case strings.HasPrefix(rest, "-"+end):
		return l.skipSpace(i + 3), true
	}
	return 0, false
}

func (l *lexer) comment() error {
	start := l.pos
	if start == len(l.src) {
		return nil
	}
	j := strings.Index(l.src[start:], "#}")
	if j < 0 {
		return l.fail(start, "missing end of comment tag")
	}
	l.pos = start + j + 2
	if j > 0 && l.src[start+j-1] == '-' {
		l.pos = l.skipSpace(l.pos)
	}
	return nil
}

// code reads the tokens inside a tag, up to its end.
func (l *lexer) code(end kind) error {
	l.stack = l.stack[:0]
	for l.pos < len(l.src) {
		if len(l.stack) == 0 && l.closes(end) {
			return nil
		}
		if p := l.skipSpace(l.pos); p > l.pos {
			l.pos = p
			continue
		}
		if err := l.token(); err != nil {
			return err
		}
	}
	return nil
}

// closes reads the end of a tag if it is next.
func (l *lexer) closes(end kind) bool {
	if end == tBlockEnd {
		p, ok := l.tagEnd(l.pos, "%}")
		if ok {
			l.add(token{kind: end, pos: l.pos})
			l.pos = p
		}
		return ok
	}
	rest := l.src[l.pos:]
	switch {
	case strings.HasPrefix(rest, "}}"):
		l.add(token{kind: end, pos: l.pos})
		l.pos += 2
		return true
	case strings.HasPrefix(rest, "-}}"):
		l.add(token{kind: end, pos: l.pos})
		l.pos = l.skipSpace(l.pos + 3)
		return true
	}
	return false
}

func (l *lexer) token() error {
	c := l.src[l.pos]
	switch {
	case c >= '0' && c <= '9':
		return l.number()
	case c == '\'' || c == '"':
		return l.string(c)
	}
	if n := l.nameLen(); n > 0 {
		name := l.src[l.pos : l.pos+n]
		if !pytext.IsIdentifier(name) {
			return l.fail(l.pos, "invalid character in identifier")
		}
		l.add(token{kind: tName, pos: l.pos, text: name})
		l.pos += n
		return nil
	}
	return l.operator()
}

func (l *lexer) operator() error {
	for n := 2; n > 0; n-- {
		if l.pos+n > len(l.src) {
			continue
		}
		k, ok := operators[l.src[l.pos:l.pos+n]]
		if !ok {
			continue
		}
		if err := l.balance(k); err != nil {
			return err
		}
		l.add(token{kind: k, pos: l.pos})
		l.pos += n
		return nil
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.pos:])
	return l.fail(l.pos, "unexpected char "+strconv.QuoteRune(r))
}

// balance checks that brackets match.
func (l *lexer) balance(k kind) error {
	switch k {
	case tLBrace:
		l.stack = append(l.stack, '}')
	case tLParen:
		l.stack = append(l.stack, ')')
	case tLBracket:
		l.stack = append(l.stack, ']')
	case tRBrace, tRParen, tRBracket:
		c := l.src[l.pos]
		if len(l.stack) == 0 {
			return l.fail(l.pos, "unexpected '"+string(c)+"'")
		}
		if due := l.stack[len(l.stack)-1]; due != c {
			return l.fail(l.pos, "unexpected '"+string(c)+"', expected '"+string(due)+"'")
		}
		l.stack = l.stack[:len(l.stack)-1]
	}
	return nil
}

func (l *lexer) nameLen() int {
	i := l.pos
	for i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[i:])
		if !pytext.IsWord(r) {
			break
		}
		i += n
	}
	return i - l.pos
}

// number reads a float or an integer. A float cannot follow a dot, so that "a.0.1" is two
// subscripts.
func (l *lexer) number() error {
	start := l.pos
	if start == 0 || l.src[start-1] != '.' {
		if n := floatLen(l.src[start:]); n > 0 {
			text := strings.ReplaceAll(l.src[start:start+n], "_", "")
			f, err := strconv.ParseFloat(text, 64)
			if err != nil && f == 0 {
				return l.fail(start, "invalid number")
			}
			l.add(token{kind: tFloat, pos: start, val: f})
			l.pos += n
			return nil
		}
	}
	n := integerLen(l.src[start:])
	text := strings.ReplaceAll(l.src[start:start+n], "_", "")
	if len(text) > number.MaxDigits {
		return exception.ValueErrorf("Exceeds the limit (%d digits) for integer string conversion", number.MaxDigits)
	}
	if strings.Trim(text, "0") == "" {
		text = "0"
	}
	v, err := strconv.ParseInt(text, 0, 64)
	if err == nil {
		l.add(token{kind: tInteger, pos: start, val: v})
	} else {
		b, ok := new(big.Int).SetString(text, 0)
		if !ok {
			return l.fail(start, "invalid number")
		}
		l.add(token{kind: tInteger, pos: start, val: b})
	}
	l.pos += n
	return nil
}

func (l *lexer) string(quote byte) error {
	start := l.pos
	for i := start + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case quote:
			s, msg := pytext.Unescape(l.src[start+1 : i])
			if msg != "" {
				return l.fail(start, msg)
			}
			l.add(token{kind: tString, pos: start, val: s})
			l.pos = i + 1
			return nil
		}
	}
	return l.fail(start, "unexpected char "+strconv.Quote(string(quote)))
}
