package format

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// formatValue is Python's format(v, spec).
func formatValue(th *python.Thread, v any, spec string) (string, error) {
	if spec == "" {
		return python.Str(th, v)
	}
	switch x := v.(type) {
	case value.Datetime:
		return pytime.Strftime(pytime.Moment{At: x.Time, Naive: x.Naive}, spec), nil
	case value.Date:
		return pytime.Strftime(pytime.Moment{At: x.Time(), Naive: true, Date: true}, spec), nil
	}
	s, isText := pytext.Of(v)
	n, isNumber := number.Of(v)
	if !isText && !isNumber {
		return "", exception.TypeErrorf("unsupported format string passed to %s.__format__", value.TypeName(v))
	}
	sp, err := parseSpec(spec, !isText)
	if err != nil {
		return "", err
	}
	if isText {
		return formatText(s, sp)
	}
	if f, ok := n.(float64); ok {
		return formatFloatSpec(f, sp)
	}
	return formatIntSpec(th, number.Big(n), sp)
}

// parseSpec reads [[fill]align][sign][#][0][width][grouping][.precision][type]. A zero before the
// width pads only numbers after their sign.
func parseSpec(s string, number bool) (numSpec, error) {
	sp := numSpec{precision: -1}
	if s != "" {
		if n := pytext.RuneLen(s); n < len(s) && isAlign(s[n]) {
			sp.fill, sp.align, s = s[:n], s[n], s[n+1:]
		} else if isAlign(s[0]) {
			sp.align, s = s[0], s[1:]
		}
	}
	take := func(set string) byte {
		if s != "" && strings.IndexByte(set, s[0]) >= 0 {
			c := s[0]
			s = s[1:]
			return c
		}
		return 0
	}
	sp.sign = take("+- ")
	sp.noNegativeZero = take("z") != 0
	sp.alt = take("#") != 0
	if sp.fill == "" && take("0") != 0 {
		sp.fill = "0"
		if sp.align == 0 && number {
			sp.align = '='
		}
	}
	s, err := sp.size(s)
	if err != nil {
		return sp, err
	}
	if len(s) > 1 {
		return sp, exception.ValueErrorf("Invalid format specifier")
	}
	if s != "" {
		sp.verb = s[0]
	}
	if sp.fill == "" {
		sp.fill = " "
	}
	return sp, nil
}

// size reads width, grouping and precision, and returns the rest.
func (sp *numSpec) size(s string) (string, error) {
	if n := pytext.CountDigits(s); n > 0 {
		w, err := strconv.Atoi(s[:n])
		if err != nil {
			return s, exception.ValueErrorf("Too many decimal digits in format string")
		}
		if w > python.MaxLen {
			return s, python.Room(-1)
		}
		sp.width, s = w, s[n:]
	}
	if s != "" && (s[0] == ',' || s[0] == '_') {
		sp.group, s = s[0], s[1:]
	}
	if !strings.HasPrefix(s, ".") {
		return s, nil
	}
	s = s[1:]
	n := pytext.CountDigits(s)
	if n == 0 {
		return s, exception.ValueErrorf("Format specifier missing precision")
	}
	p, err := strconv.Atoi(s[:n])
	if err != nil || p > maxPrecision {
		return s, exception.ValueErrorf("Too many decimal digits in format string")
	}
	sp.precision = p
	return s[n:], nil
}

func isAlign(c byte) bool { return c == '<' || c == '>' || c == '=' || c == '^' }

func formatText(s string, sp numSpec) (string, error) {
	switch {
	case sp.verb != 0 && sp.verb != 's':
		return "", exception.ValueErrorf("Unknown format code '%c' for object of type 'str'", sp.verb)
	case sp.noNegativeZero:
		return "", exception.ValueErrorf("Negative zero coercion (z) not allowed in string format specifier")
	case sp.sign != 0:
		return "", exception.ValueErrorf("Sign not allowed in string format specifier")
	case sp.alt:
		return "", exception.ValueErrorf("Alternate form (#) not allowed in string format specifier")
	case sp.group != 0:
		return "", exception.ValueErrorf("Cannot specify '%c' with 's'.", sp.group)
	case sp.align == '=':
		return "", exception.ValueErrorf("'=' alignment not allowed in string format specifier")
	}
	s = pytext.Prefix(s, sp.precision)
	return align(s, sp, '<'), nil
}

// align pads a text to the width.
func align(s string, sp numSpec, dflt byte) string {
	n := max(sp.width-pytext.Len(s), 0)
	if n == 0 {
		return s
	}
	a := sp.align
	if a == 0 {
		a = dflt
	}
	switch a {
	case '<':
		return s + strings.Repeat(sp.fill, n)
	case '^':
		return strings.Repeat(sp.fill, n/2) + s + strings.Repeat(sp.fill, n-n/2)
	}
	return strings.Repeat(sp.fill, n) + s
}

func formatIntSpec(th *python.Thread, n *big.Int, sp numSpec) (string, error) {
	if err := sp.allowed(); err != nil {
		return "", err
	}
	base, lead, every := 10, "", 3
	switch sp.verb {
	case 0, 'd', 'n':
	case 'b':
		base, lead, every = 2, "0b", 4
	case 'o':
		base, lead, every = 8, "0o", 4
	case 'x', 'X':
		base, lead, every = 16, "0"+string(sp.verb), 4
	case 'c':
		s, err := charOf(value.Integer(n))
		return align(s, sp, '<'), err
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		f, err := number.ToFloat(value.Integer(n))
		if err != nil {
			return "", err
		}
		return formatFloatSpec(f, sp)
	default:
		return "", exception.ValueErrorf("Unknown format code '%c' for object of type 'int'", sp.verb)
	}
	if base == 10 && n.BitLen() > number.MaxDecimalBits {
		if _, err := python.Str(th, n); err != nil {
			return "", err
		}
	}
	sign, s := splitSign(n.Text(base))
	if sp.verb == 'X' {
		s = strings.ToUpper(s)
	}
	if !sp.alt {
		lead = ""
	}
	return assemble(sign, lead, s, "", every, sp), nil
}

// allowed fails if the format type is one for integers and has options that integers do not allow.
func (sp *numSpec) allowed() error {
	switch sp.verb {
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		return nil
	}
	switch {
	case sp.precision >= 0:
		return exception.ValueErrorf("Precision not allowed in integer format specifier")
	case sp.noNegativeZero:
		return exception.ValueErrorf("Negative zero coercion (z) not allowed in format specifier with integer")
	case sp.group != 0 && (sp.verb == 'c' || sp.verb == 'n'), sp.group == ',' && sp.verb != 0 && strings.IndexByte("boxX", sp.verb) >= 0:
		return exception.ValueErrorf("Cannot specify '%c' with '%c'.", sp.group, sp.verb)
	case sp.verb == 'c' && (sp.sign != 0 || sp.alt):
		return exception.ValueErrorf("Sign or alternate form (#) not allowed with integer format specifier 'c'")
	}
	return nil
}

func formatFloatSpec(f float64, sp numSpec) (string, error) {
	percent := ""
	verb := sp.verb
	if sp.precision < 0 && verb != 0 {
		sp.precision = 6
	}
	switch verb {
	case 'e', 'E', 'f', 'F', 'g', 'G':
	case 'n':
		if sp.group != 0 {
			return "", exception.ValueErrorf("Cannot specify '%c' with 'n'.", sp.group)
		}
		sp.verb = 'g'
	case '%':
		f, percent, sp.verb = f*100, "%", 'f'
	case 0:
		sp.verb = 'g'
	default:
		return "", exception.ValueErrorf("Unknown format code '%c' for object of type 'float'", verb)
	}
	var s string
	if verb == 0 && !math.IsNaN(f) && !math.IsInf(f, 0) {
		s = plainFloat(f, sp)
	} else {
		s = formatFloat(f, sp)
	}
	if math.IsNaN(f) {
		s = strings.TrimPrefix(s, "-")
	}
	sign, s := splitSign(s)
	if sp.noNegativeZero && strings.Trim(s, "0.%e+-") == "" {
		sign = ""
	}
	tail := percent
	if i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		s, tail = s[:i], s[i:]+percent
	}
	return assemble(sign, "", s, tail, 3, sp), nil
}

// plainFloat formats a float if the spec has no type: like repr or, with a precision, like "g" but
// with a digit after the point.
func plainFloat(f float64, sp numSpec) string {
	if sp.precision < 0 {
		s := value.Repr(f)
		if sp.alt && !strings.Contains(s, ".") {
			s = withPoint(s)
		}
		return s
	}
	p := max(sp.precision, 1)
	_, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', p-1, 64), "e")
	x, err := strconv.Atoi(exponent)
	s := generalFloat(f, p, sp.alt)
	if err != nil || strings.ContainsAny(s, "e") {
		return s
	}
	if x >= p-1 && f != 0 {
		m := strconv.FormatFloat(f, 'e', p-1, 64)
		mantissa, tail, _ := strings.Cut(m, "e")
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + tail
	}
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// assemble joins sign, prefix, digits and the rest of a number. It groups the digits and pads the
// result.
func assemble(sign, lead, digits, tail string, every int, sp numSpec) string {
	if sign == "" && (sp.sign == '+' || sp.sign == ' ') {
		sign = string(sp.sign)
	}
	if sp.group != 0 {
		least := 0
		if sp.align == '=' && sp.fill == "0" {
			least = sp.width - len(sign) - len(lead) - len(tail)
		}
		digits = grouped(digits, string(sp.group), every, least)
	}
	if sp.align == '=' {
		n := max(sp.width-len(sign)-len(lead)-len(digits)-len(tail), 0)
		return sign + lead + strings.Repeat(sp.fill, n) + digits + tail
	}
	return align(sign+lead+digits+tail, sp, '>')
}

// grouped separates groups of digits, after padding them with zeros to a minimal width. Words such
// as inf stay as they are.
func grouped(s, sep string, every, least int) string {
	if s == "" {
		return s
	}
	if n := least - len(s) - (len(s)-1)/every; n > 0 {
		zeros := n * every / (every + 1)
		for len(s)+zeros+(len(s)+zeros-1)/every < least {
			zeros++
		}
		s = strings.Repeat("0", zeros) + s
	}
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && (len(s)-i)%every == 0 {
			b.WriteString(sep)
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
