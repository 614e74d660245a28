package expression

import (
	"strings"

	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// prefix is what the letters before a quote say.
type prefix struct{ raw, bytes, format bool }

// literalPrefix reads the letters before a quote. n is their number plus one; 0: no text begins
// here.
func literalPrefix(s string) (p prefix, n int) {
	for i := 0; i < len(s) && i < 3; i++ {
		if s[i] == '\'' || s[i] == '"' {
			return p, i + 1
		}
		switch c := s[i] | 0x20; {
		case c == 'r' && !p.raw:
			p.raw = true
		case c == 'b' && !p.bytes && !p.format:
			p.bytes = true
		case c == 'f' && !p.format && !p.bytes:
			p.format = true
		case c == 'u' && i == 0 && len(s) > 1 && (s[1] == '\'' || s[1] == '"'):
		default:
			return p, 0
		}
	}
	return p, 0
}

// literal reads a text whose prefix and first quote have n bytes.
func (l *lexer) literal(p prefix, n int) error {
	start, at := l.pos, l.pos+n-1
	quote := l.src[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(l.src[at:], triple) {
		quote = triple
	}
	at += len(quote)
	end := bodyEnd(l.src, at, quote, p.format)
	if end < 0 {
		return l.fail(start, "the text has no end: a %s is missing", quote)
	}
	body := l.src[at:end]
	var node Node
	var err error
	switch {
	case p.format:
		node, err = l.joined(body, at, p.raw, 0)
	case p.bytes && !pytext.IsASCII(body):
		return l.fail(start, "bytes may only have ASCII characters")
	default:
		var text string
		if text, err = l.unescape(body, at, p.raw, !p.bytes); err == nil {
			var v any = text
			if p.bytes {
				v = value.Bytes(text)
			}
			node = &Constant{At(l.base + start), v}
		}
	}
	if err != nil {
		return err
	}
	l.add(token{kind: tText, pos: start, val: node})
	l.pos = end + len(quote)
	return nil
}

// bodyEnd is where the body of a text that begins at i ends; -1: nowhere. Quotes in the fields of
// an f-string do not end it.
func bodyEnd(s string, i int, quote string, format bool) int {
	depth := 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && depth == 0:
			i++
		case depth == 0 && strings.HasPrefix(s[i:], quote):
			return i
		case c == '\n' && len(quote) == 1:
			return -1
		case format && c == '{':
			if depth == 0 && strings.HasPrefix(s[i:], "{{") {
				i++
			} else {
				depth++
			}
		case format && c == '}' && depth > 0:
			depth--
		case depth > 0 && (c == '\'' || c == '"'):
			inner := s[i : i+1]
			if triple := strings.Repeat(inner, 3); strings.HasPrefix(s[i:], triple) {
				inner = triple
			}
			end := bodyEnd(s, i+len(inner), inner, false)
			if end < 0 {
				return -1
			}
			i = end + len(inner) - 1
		}
	}
	return -1
}

func (l *lexer) unescape(body string, at int, raw, wide bool) (string, error) {
	if raw || strings.IndexByte(body, '\\') < 0 {
		return body, nil
	}
	text, msg := pytext.AppendUnescaped(nil, body, wide)
	if msg != "" {
		return "", l.fail(at, "%s", msg)
	}
	return string(text), nil
}

// maxFormats is how deeply f-strings and their formats may be nested.
const maxFormats = 10

// joined reads the body of an f-string, which stands at an offset, or with a depth the format of a
// field.
func (l *lexer) joined(body string, at int, raw bool, depth int) (*Joined, error) {
	if depth+l.level > maxFormats {
		return nil, l.fail(at, "f-strings are nested too deeply")
	}
	j := &Joined{At: At(l.base + at)}
	literal := func(from, to int) error {
		text, err := l.unescape(body[from:to], at+from, raw, true)
		if text != "" {
			j.Parts = append(j.Parts, &Constant{At(l.base + at + from), text})
		}
		return err
	}
	start := 0
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c == '\\' && !raw {
			i++
			continue
		}
		if c != '{' && c != '}' {
			continue
		}
		if depth == 0 && i+1 < len(body) && body[i+1] == c { // {{ and }}
			if err := literal(start, i+1); err != nil {
				return nil, err
			}
			i++
			start = i + 1
			continue
		}
		if c == '}' {
			return nil, l.fail(at+i, "a single } in an f-string: write }}")
		}
		if err := literal(start, i); err != nil {
			return nil, err
		}
		end := fieldEnd(body, i+1)
		if end < 0 {
			return nil, l.fail(at+i, "{ is never closed")
		}
		if err := l.field(j, body[i+1:end], at+i+1, raw, depth); err != nil {
			return nil, err
		}
		i, start = end, end+1
	}
	return j, literal(start, len(body))
}

// fieldEnd is the } that closes the field whose text begins at i; -1: there is none.
func fieldEnd(s string, i int) int {
	depth, inFormat := 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case (c == '\'' || c == '"') && (!inFormat || depth > 0):
			quote := s[i : i+1]
			if triple := strings.Repeat(quote, 3); strings.HasPrefix(s[i:], triple) {
				quote = triple
			}
			end := bodyEnd(s, i+len(quote), quote, false)
			if end < 0 {
				return -1
			}
			i = end + len(quote) - 1
		case c == ':' && depth == 0:
			inFormat = true
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case c == '}' && depth == 0:
			return i
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return -1
}

// field reads what stands between the braces of a field.
func (l *lexer) field(j *Joined, text string, at int, raw bool, depth int) error {
	head, tail := splitField(text)
	f := &Formatted{At: At(l.base + at)}
	expr := strings.TrimRight(head, " \t\n")
	if strings.HasSuffix(expr, "=") && !strings.HasSuffix(expr, "==") && !strings.HasSuffix(expr, "!=") && !strings.HasSuffix(expr, "<=") && !strings.HasSuffix(expr, ">=") {
		j.Parts = append(j.Parts, &Constant{At(l.base + at), head})
		head = strings.TrimSuffix(expr, "=")
		if tail == "" {
			f.Conversion = 'r'
		}
	}
	if strings.TrimSpace(head) == "" {
		return l.fail(at, "a field of the f-string is empty")
	}
	var err error
	if f.X, err = parse(&lexer{src: head, base: l.base + at, inner: true, level: l.level + depth + 1}); err != nil {
		return err
	}
	tailAt := at + len(text) - len(tail)
	if strings.HasPrefix(tail, "!") {
		conversion, rest, _ := strings.Cut(tail[1:], ":")
		if len(conversion) != 1 || strings.IndexByte("sra", conversion[0]) < 0 {
			return l.fail(tailAt, "the conversion %q is none of !s, !r, !a", tail[:1+len(conversion)])
		}
		f.Conversion = conversion[0]
		if rest == "" && !strings.Contains(tail, ":") {
			j.Parts = append(j.Parts, f)
			return nil
		}
		tailAt += 2
		tail = ":" + rest
	}
	if strings.HasPrefix(tail, ":") {
		if f.Spec, err = l.joined(tail[1:], tailAt+1, raw, depth+1); err != nil {
			return err
		}
	}
	j.Parts = append(j.Parts, f)
	return nil
}

// splitField separates the expression of a field from "!conversion:format" behind it.
func splitField(s string) (head, tail string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			quote := s[i : i+1]
			if triple := strings.Repeat(quote, 3); strings.HasPrefix(s[i:], triple) {
				quote = triple
			}
			end := bodyEnd(s, i+len(quote), quote, false)
			if end < 0 {
				return s, ""
			}
			i = end + len(quote) - 1
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth == 0 && c == ':', depth == 0 && c == '!' && !strings.HasPrefix(s[i:], "!="):
			return s[:i], s[i:]
		}
	}
	return s, ""
}
