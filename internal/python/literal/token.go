package literal

import (
	"math/big"
	"strconv"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// number reads an integer, a float, an imaginary number or "...".
func (p *parser) number() (any, bool) {
	s := p.s[p.i:]
	if strings.HasPrefix(s, "...") {
		p.i += 3
		return python.Ellipsis, true
	}
	if n, base := basedLen(s); n > 0 {
		p.i += n
		b, ok := new(big.Int).SetString(strings.ReplaceAll(s[2:n], "_", ""), base)
		if !ok {
			return nil, false
		}
		return value.Integer(b), p.numberEnds()
	}
	n, isFloat := number.DecimalLen(s)
	if n == 0 {
		return nil, false
	}
	text := s[:n]
	p.i += n
	if n < len(s) && (s[n] == 'j' || s[n] == 'J') {
		p.i++
		f, ok := number.ReadFloat(text)
		return complexNumber{im: f}, ok && p.numberEnds()
	}
	if !p.numberEnds() {
		return nil, false
	}
	if isFloat {
		f, ok := number.ReadFloat(text)
		return f, ok
	}
	return decimalInt(text)
}

// numberEnds reports whether no letter or digit follows a number directly.
func (p *parser) numberEnds() bool {
	if p.i == len(p.s) {
		return true
	}
	c := p.s[p.i]
	return c < 0x80 && !pytext.IsWord(rune(c))
}

// basedLen is the length of a number with a base prefix.
func basedLen(s string) (n, base int) {
	if len(s) < 3 || s[0] != '0' {
		return 0, 0
	}
	valid := ""
	switch s[1] {
	case 'x', 'X':
		valid, base = "0123456789abcdefABCDEF", 16
	case 'o', 'O':
		valid, base = "01234567", 8
	case 'b', 'B':
		valid, base = "01", 2
	default:
		return 0, 0
	}
	n = number.BaseDigitsLen(s[2:], valid)
	if n == 0 {
		return 0, 0
	}
	return 2 + n, base
}

// decimalInt reads an int. Only zero may have leading zeros.
func decimalInt(s string) (any, bool) {
	s = strings.ReplaceAll(s, "_", "")
	if s[0] == '0' {
		return int64(0), strings.Trim(s, "0") == ""
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	if len(s) > number.MaxDigits {
		return nil, false
	}
	n, ok := new(big.Int).SetString(s, 10)
	return n, ok
}

// prefix holds what the letters before a quote mean.
type prefix struct{ raw, bytes bool }

// stringPrefix reads the letters before a quote. n is their number plus one for the quote, or 0 if
// no string begins here.
func stringPrefix(s string) (p prefix, n int) {
	for i := 0; i < len(s) && i < 3; i++ {
		switch c := s[i] | 0x20; {
		case s[i] == '\'' || s[i] == '"':
			return p, i + 1
		case c == 'r' && !p.raw && (i == 0 || p.bytes):
			p.raw = true
		case c == 'b' && !p.bytes && (i == 0 || p.raw):
			p.bytes = true
		case c == 'u' && i == 0 && len(s) > 1 && (s[1] == '\'' || s[1] == '"'):
		default:
			return p, 0
		}
	}
	return p, 0
}

// strings reads adjacent literals of text or bytes and joins them.
func (p *parser) strings() (any, bool) {
	var out []byte
	isBytes := false
	for count := 0; ; count++ {
		p.space()
		pre, n := stringPrefix(p.s[p.i:])
		if n == 0 {
			if count == 0 {
				return nil, false
			}
			break
		}
		if count > 0 && pre.bytes != isBytes {
			return nil, false
		}
		isBytes = pre.bytes
		p.i += n - 1
		body, ok := p.quoted()
		if !ok {
			return nil, false
		}
		if pre.bytes && !pytext.IsASCII(body) {
			return nil, false
		}
		if pre.raw {
			out = append(out, body...)
			continue
		}
		var msg string
		if out, msg = pytext.AppendUnescaped(out, body, !pre.bytes); msg != "" {
			return nil, false
		}
	}
	if isBytes {
		return value.Bytes(out), true
	}
	return string(out), true
}

// quoted reads a quoted text and gives the text between the quotes.
func (p *parser) quoted() (string, bool) {
	q := p.s[p.i]
	end := string(q)
	if triple := strings.Repeat(end, 3); strings.HasPrefix(p.s[p.i:], triple) {
		end = triple
	}
	start := p.i + len(end)
	for i := start; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '\\':
			i++
		case c == '\n' && len(end) == 1:
			return "", false
		case c == q && strings.HasPrefix(p.s[i:], end):
			p.i = i + len(end)
			return p.s[start:i], true
		}
	}
	return "", false
}
