package format

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

func (p *printf) convert(sp numSpec) error {
	v, err := p.arg()
	if err != nil {
		return err
	}
	if sp.width > python.MaxLen || sp.precision > maxPrecision {
		return python.Room(-1)
	}
	switch sp.verb {
	case 's', 'r', 'a':
		s, err := p.text(v, sp.verb)
		if err != nil {
			return err
		}
		p.pad(pytext.Prefix(s, sp.precision), sp)
		return nil
	case 'c':
		s, err := charOf(v)
		if err != nil {
			return err
		}
		p.pad(s, sp)
		return nil
	case 'd', 'i', 'u':
		return p.integer(v, sp)
	case 'o', 'x', 'X':
		return p.based(v, sp)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		f, err := floatArg(v)
		if err != nil {
			return err
		}
		if sp.precision < 0 {
			sp.precision = 6
		}
		s := formatFloat(f, sp)
		p.number(s, sp)
		return nil
	}
	return exception.ValueErrorf("unsupported format character '%c' (0x%x) at index %d", sp.verb, sp.verb, p.i-1)
}

func (p *printf) text(v any, verb byte) (string, error) {
	var s string
	var err error
	switch verb {
	case 's':
		s, err = python.Str(p.th, v)
	case 'r':
		s, err = python.Repr(p.th, v)
	default:
		s, err = ASCII(p.th, v)
	}
	if _, safe := v.(pytext.Markup); p.escape && (!safe || verb != 's') {
		s = pytext.EscapeHTML(s)
	}
	return s, err
}

// ASCII is Python's ascii(v).
func ASCII(th *python.Thread, v any) (string, error) {
	s, err := python.Repr(th, v)
	if err != nil || pytext.IsASCII(s) {
		return s, err
	}
	var b []byte
	for s != "" {
		r, n := value.DecodeRune(s)
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case r < 0x100:
			b = append(b, `\x`+pytext.HexRune(r, 2)...)
		case r < 0x10000:
			b = append(b, `\u`+pytext.HexRune(r, 4)...)
		default:
			b = append(b, `\U`+pytext.HexRune(r, 8)...)
		}
		s = s[n:]
	}
	return string(b), nil
}

// pad appends a text, padded with blanks.
func (p *printf) pad(s string, sp numSpec) {
	fill := max(sp.width-pytext.Len(s), 0)
	if sp.align != '<' {
		p.out = append(p.out, strings.Repeat(" ", fill)...)
	}
	p.out = append(p.out, s...)
	if sp.align == '<' {
		p.out = append(p.out, strings.Repeat(" ", fill)...)
	}
}

// number appends digits with their sign, padded with blanks or zeros.
func (p *printf) number(s string, sp numSpec) {
	sign, digits := splitSign(s)
	if sign == "" && sp.sign != 0 {
		sign = string(sp.sign)
	}
	if sp.zero && sp.align != '<' {
		lead := ""
		if len(digits) > 1 && digits[0] == '0' && (digits[1]|0x20 == 'x' || digits[1]|0x20 == 'o') {
			lead, digits = digits[:2], digits[2:]
		}
		n := max(sp.width-len(sign)-len(lead)-len(digits), 0)
		p.out = append(p.out, sign+lead+strings.Repeat("0", n)+digits...)
		return
	}
	p.pad(sign+digits, sp)
}

func splitSign(s string) (sign, rest string) {
	if strings.HasPrefix(s, "-") {
		return "-", s[1:]
	}
	return "", s
}

func (p *printf) integer(v any, sp numSpec) error {
	n, ok := number.Of(v)
	if err := exception.Raised(v); err != nil {
		return err
	}
	if !ok {
		return exception.TypeErrorf("%%%c format: a real number is required, not %s", sp.verb, value.TypeName(v))
	}
	if f, isFloat := n.(float64); isFloat {
		var err error
		if n, err = number.Trunc(f); err != nil {
			return err
		}
	}
	return p.digits(number.Big(n), 10, "", sp)
}

func (p *printf) based(v any, sp numSpec) error {
	n, ok := number.Of(v)
	if _, isFloat := n.(float64); !ok || isFloat {
		return exception.TypeErrorf("%%%c format: an integer is required, not %s", sp.verb, value.TypeName(v))
	}
	base, lead := 16, "0x"
	if sp.verb == 'o' {
		base, lead = 8, "0o"
	}
	if !sp.alt {
		lead = ""
	}
	return p.digits(number.Big(n), base, lead, sp)
}

func (p *printf) digits(n *big.Int, base int, lead string, sp numSpec) error {
	if base == 10 && n.BitLen() > number.MaxDecimalBits {
		if _, err := python.Str(p.th, n); err != nil {
			return err
		}
	}
	sign, s := splitSign(n.Text(base))
	if len(s) < sp.precision {
		s = strings.Repeat("0", sp.precision-len(s)) + s
	}
	s = sign + lead + s
	if sp.verb == 'X' {
		s = strings.ToUpper(s)
	}
	p.number(s, sp)
	return nil
}

func floatArg(v any) (float64, error) {
	n, ok := number.Of(v)
	if !ok {
		if err := exception.Raised(v); err != nil {
			return 0, err
		}
		return 0, exception.TypeErrorf("must be real number, not %s", value.TypeName(v))
	}
	return number.ToFloat(n)
}

func charOf(v any) (string, error) {
	if s, ok := pytext.Of(v); ok && len(s) <= utf8.UTFMax && pytext.Len(s) == 1 {
		return s, nil
	}
	n, ok := number.Of(v)
	if _, isFloat := n.(float64); !ok || isFloat {
		return "", exception.TypeErrorf("%%c requires int or char")
	}
	b := number.Big(n)
	if !b.IsInt64() || b.Int64() < 0 || b.Int64() > 0x10ffff {
		return "", exception.New(exception.OverflowError, "%%c arg not in range(0x110000)")
	}
	return string(pytext.AppendRune(nil, rune(b.Int64()))), nil
}

// formatFloat formats f without padding. Infinities and NaN are written "inf" and "nan".
func formatFloat(f float64, sp numSpec) string {
	upper := sp.verb < 'a'
	verb := sp.verb | 0x20
	var s string
	switch {
	case math.IsNaN(f):
		s = "nan"
	case math.IsInf(f, 0):
		s = strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+")
		s = strings.ToLower(s)
	case verb == 'g':
		s = generalFloat(f, max(sp.precision, 1), sp.alt)
	default:
		s = strconv.FormatFloat(f, verb, sp.precision, 64)
		if sp.alt && sp.precision == 0 {
			s = withPoint(s)
		}
	}
	if upper {
		s = strings.ToUpper(s)
	}
	return s
}

// withPoint adds a decimal point at the end, or before the exponent if there is one.
func withPoint(s string) string {
	if i := strings.IndexByte(s, 'e'); i >= 0 {
		return s[:i] + "." + s[i:]
	}
	return s + "."
}

// generalFloat is the format "g": significant digits, and an exponent only if it is needed. Without
// alt, trailing zeros are removed.
func generalFloat(f float64, precision int, alt bool) string {
	e := strconv.FormatFloat(f, 'e', precision-1, 64)
	mantissa, exponent, _ := strings.Cut(e, "e")
	x, err := strconv.Atoi(exponent)
	if err != nil {
		return e
	}
	s, tail := mantissa, "e"+exponent
	if x >= -4 && x < precision {
		s, tail = strconv.FormatFloat(f, 'f', precision-1-x, 64), ""
	}
	switch {
	case alt && !strings.Contains(s, "."):
		s += "."
	case !alt && strings.Contains(s, "."):
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s + tail
}
