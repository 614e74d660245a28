package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"anytap/value"
)

// printf is one run of the % operator on text.
type printf struct {
	st     *state
	format string
	i      int
	out    []byte
	args   []any
	next   int
	tuple  bool
	named  any // mapping for %(name)s, if the argument is one
	used   bool
	escape bool
}

// percent is format % arg.
func percent(st *state, format any, s string, arg any) (any, error) {
	_, isSafe := format.(markup)
	p := &printf{st: st, format: s, args: []any{arg}, escape: isSafe}
	switch a := arg.(type) {
	case value.Tuple:
		p.args, p.tuple = a, true
	case string, markup, value.Bytes:
	default:
		if subscriptable(a) {
			p.named = a
		}
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	return likeInput(string(p.out), isSafe), nil
}

// subscriptable reports what Python takes for a mapping in %: everything that
// has items, text and tuples excepted.
func subscriptable(v any) bool {
	switch v.(type) {
	case *value.Dict, *value.List, mapping, value.Undefined, *undefined:
		return true
	}
	return false
}

func (p *printf) run() error {
	for p.i < len(p.format) {
		n := strings.IndexByte(p.format[p.i:], '%')
		if n < 0 {
			p.out = append(p.out, p.format[p.i:]...)
			break
		}
		p.out = append(p.out, p.format[p.i:p.i+n]...)
		p.i += n + 1
		if err := p.directive(); err != nil {
			return err
		}
		if err := room(len(p.out)); err != nil {
			return err
		}
	}
	if p.next < len(p.args) && p.named == nil {
		return raiseType("not all arguments converted during string formatting")
	}
	return nil
}

// numSpec is the format of one value, for both ways of formatting.
type numSpec struct {
	fill           string
	align          byte // '<', '>', '^', '=' or 0
	sign           byte
	alt            bool
	noNegativeZero bool // a result of zero has no sign
	zero           bool
	width          int
	precision      int // -1: none
	group          byte
	verb           byte
}

func (p *printf) directive() error {
	sp := numSpec{fill: " ", precision: -1}
	if strings.HasPrefix(p.format[p.i:], "%") {
		p.out = append(p.out, '%')
		p.i++
		return nil
	}
	if p.i < len(p.format) && p.format[p.i] == '(' {
		if err := p.key(); err != nil {
			return err
		}
	}
	for ; p.i < len(p.format); p.i++ {
		switch p.format[p.i] {
		case '-':
			sp.align = '<'
			continue
		case '+':
			sp.sign = '+'
			continue
		case ' ':
			if sp.sign == 0 {
				sp.sign = ' '
			}
			continue
		case '#':
			sp.alt = true
			continue
		case '0':
			sp.zero = true
			continue
		}
		break
	}
	if err := p.width(&sp); err != nil {
		return err
	}
	for p.i < len(p.format) && strings.IndexByte("hlL", p.format[p.i]) >= 0 {
		p.i++
		break
	}
	if p.i >= len(p.format) {
		return raiseValue("incomplete format")
	}
	sp.verb = p.format[p.i]
	p.i++
	return p.convert(sp)
}

// key reads "(name)" and takes that member as the next argument.
func (p *printf) key() error {
	if p.named == nil {
		return raiseType("format requires a mapping")
	}
	depth, start := 1, p.i+1
	for p.i++; p.i < len(p.format) && depth > 0; p.i++ {
		switch p.format[p.i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	if depth > 0 {
		return raiseValue("incomplete format key")
	}
	name := p.format[start : p.i-1]
	v, err := subscript(p.named, name)
	if err != nil {
		if err == errNoKey {
			return raise(keyError, "%s", value.Repr(name))
		}
		return err
	}
	p.args, p.next, p.used = []any{v}, 0, true
	return nil
}

func (p *printf) width(sp *numSpec) error {
	n, given, err := p.count()
	if err != nil {
		return err
	}
	if given {
		if n < 0 {
			sp.align, n = '<', -n
		}
		sp.width = n
	}
	if p.i < len(p.format) && p.format[p.i] == '.' {
		p.i++
		if n, _, err = p.count(); err != nil {
			return err
		}
		sp.precision = max(n, 0)
	}
	if sp.width > maxLen || sp.precision > maxPrecision {
		return room(-1)
	}
	return nil
}

// maxPrecision bounds the digits of formatted numbers.
const maxPrecision = 100_000

// count reads a width or precision: digits, or an argument for "*".
func (p *printf) count() (n int, given bool, err error) {
	if p.i < len(p.format) && p.format[p.i] == '*' {
		p.i++
		v, err := p.arg()
		if err != nil {
			return 0, false, err
		}
		x, ok := number(v)
		if _, isFloat := x.(float64); !ok || isFloat {
			return 0, false, raiseType("* wants int")
		}
		n, ok := x.(int64)
		if !ok || n > math.MaxInt32 || n < math.MinInt32 {
			return 0, false, raise(overflowError, "signed integer is out of range")
		}
		if n > maxLen || n < -maxLen {
			return 0, false, room(-1)
		}
		return int(n), true, nil
	}
	for p.i < len(p.format) && p.format[p.i] >= '0' && p.format[p.i] <= '9' {
		n = min(n*10+int(p.format[p.i]-'0'), maxLen+1)
		given = true
		p.i++
	}
	return n, given, nil
}

func (p *printf) arg() (any, error) {
	if p.next >= len(p.args) {
		return nil, raiseType("not enough arguments for format string")
	}
	p.next++
	return p.args[p.next-1], nil
}

func (p *printf) convert(sp numSpec) error {
	v, err := p.arg()
	if err != nil {
		return err
	}
	switch sp.verb {
	case 's', 'r', 'a':
		s, err := p.text(v, sp.verb)
		if err != nil {
			return err
		}
		p.pad(cut(s, sp.precision), sp)
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
	return raiseValue("unsupported format character '%c' (0x%x) at index %d", sp.verb, sp.verb, p.i-1)
}

func (p *printf) text(v any, verb byte) (string, error) {
	var s string
	var err error
	switch verb {
	case 's':
		s, err = str(v)
	case 'r':
		s = value.Repr(v)
	default:
		s = asciiRepr(v)
	}
	if _, safe := v.(markup); p.escape && (!safe || verb != 's') {
		s = escapeHTML(s)
	}
	return s, err
}

// asciiRepr is Python's ascii().
func asciiRepr(v any) string {
	s := value.Repr(v)
	if isASCII(s) {
		return s
	}
	var b []byte
	for s != "" {
		r, n := decodeRune(s)
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case r < 0x100:
			b = append(b, `\x`+hexRune(r, 2)...)
		case r < 0x10000:
			b = append(b, `\u`+hexRune(r, 4)...)
		default:
			b = append(b, `\U`+hexRune(r, 8)...)
		}
		s = s[n:]
	}
	return string(b)
}

func hexRune(r rune, digits int) string {
	s := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", max(digits-len(s), 0)) + s
}

// cut shortens a text to n characters; negative n leaves it.
func cut(s string, n int) string {
	if n < 0 || n >= len(s) {
		return s
	}
	i := 0
	for ; n > 0 && i < len(s); n-- {
		i += runeLen(s[i:])
	}
	return s[:i]
}

// pad appends a text, filled up with blanks.
func (p *printf) pad(s string, sp numSpec) {
	fill := max(sp.width-length(s), 0)
	if sp.align != '<' {
		p.out = append(p.out, strings.Repeat(" ", fill)...)
	}
	p.out = append(p.out, s...)
	if sp.align == '<' {
		p.out = append(p.out, strings.Repeat(" ", fill)...)
	}
}

// number appends digits with their sign, filled up with blanks or zeros.
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
	n, ok := number(v)
	if u, undefined := asUndefined(v); undefined {
		return u.fail()
	}
	if !ok {
		return raiseType("%%%c format: a real number is required, not %s", sp.verb, value.TypeName(v))
	}
	if f, isFloat := n.(float64); isFloat {
		var err error
		if n, err = floatToInt(f); err != nil {
			return err
		}
	}
	return p.digits(bigInt(n), 10, "", sp)
}

func (p *printf) based(v any, sp numSpec) error {
	n, ok := number(v)
	if _, isFloat := n.(float64); !ok || isFloat {
		return raiseType("%%%c format: an integer is required, not %s", sp.verb, value.TypeName(v))
	}
	base, lead := 16, "0x"
	if sp.verb == 'o' {
		base, lead = 8, "0o"
	}
	if !sp.alt {
		lead = ""
	}
	return p.digits(bigInt(n), base, lead, sp)
}

func (p *printf) digits(n *big.Int, base int, lead string, sp numSpec) error {
	if base == 10 && n.BitLen() > maxDecimalBits {
		if _, err := str(n); err != nil {
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
	n, ok := number(v)
	if !ok {
		if u, undefined := asUndefined(v); undefined {
			return 0, u.fail()
		}
		return 0, raiseType("must be real number, not %s", value.TypeName(v))
	}
	return toFloat(n)
}

func charOf(v any) (string, error) {
	if s, ok := text(v); ok && length(s) == 1 {
		return s, nil
	}
	n, ok := number(v)
	if _, isFloat := n.(float64); !ok || isFloat {
		return "", raiseType("%%c requires int or char")
	}
	b := bigInt(n)
	if !b.IsInt64() || b.Int64() < 0 || b.Int64() > 0x10ffff {
		return "", raise(overflowError, "%%c arg not in range(0x110000)")
	}
	return string(appendRune(nil, rune(b.Int64()))), nil
}

// formatFloat formats without width; infinities and NaN are words.
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

// withPoint puts a point behind the digits, before an exponent.
func withPoint(s string) string {
	if i := strings.IndexByte(s, 'e'); i >= 0 {
		return s[:i] + "." + s[i:]
	}
	return s + "."
}

// generalFloat is the format "g": significant digits, an exponent only where
// it is needed, and without alt no zeros at the end.
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
