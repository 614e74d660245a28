package format

import (
	"errors"
	"math"
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// printf is one use of the operator % on text.
type printf struct {
	th     *python.Thread
	format string
	i      int
	out    []byte
	args   []any
	next   int // index in args
	tuple  bool
	named  any // the argument, if it is a mapping for %(name)s
	used   bool
	escape bool
}

// Percent is Python's format % arg. s is the text of format, which is a string or a Markup.
func Percent(th *python.Thread, format any, s string, arg any) (any, error) {
	_, isSafe := format.(pytext.Markup)
	p := &printf{th: th, format: s, args: []any{arg}, escape: isSafe}
	switch a := arg.(type) {
	case value.Tuple:
		p.args, p.tuple = a, true
	case string, pytext.Markup, value.Bytes:
	default:
		if subscriptable(a) {
			p.named = a
		}
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	return pytext.MarkupIf(string(p.out), isSafe), nil
}

// subscriptable reports whether % treats v as a mapping: anything with items does, except text and
// tuples.
func subscriptable(v any) bool {
	switch v.(type) {
	case *value.Dict, *value.List, python.Mapping, exception.Raiser:
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
		if err := p.th.Step(1); err != nil {
			return err
		}
		if err := p.directive(); err != nil {
			return err
		}
		if err := python.Room(len(p.out)); err != nil {
			return err
		}
	}
	if p.next < len(p.args) && p.named == nil {
		return exception.TypeErrorf("not all arguments converted during string formatting")
	}
	return nil
}

// numSpec is the format of one value, for % and for format().
type numSpec struct {
	fill           string
	align          byte // '<', '>', '^', '=' or 0
	sign           byte
	alt            bool
	noNegativeZero bool // a number that is rounded to zero has no sign
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
		return exception.ValueErrorf("incomplete format")
	}
	sp.verb = p.format[p.i]
	p.i++
	return p.convert(sp)
}

// key reads "(name)" and makes that member of the mapping the next argument.
func (p *printf) key() error {
	if p.named == nil {
		return exception.TypeErrorf("format requires a mapping")
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
		return exception.ValueErrorf("incomplete format key")
	}
	name := p.format[start : p.i-1]
	v, err := python.GetItem(p.th, p.named, name)
	if err != nil {
		if errors.Is(err, python.ErrNoKey) {
			return exception.New(exception.KeyError, "%s", value.Repr(name))
		}
		return err
	}
	p.args, p.next, p.used = []any{v}, 0, true
	return nil
}

func (p *printf) width(sp *numSpec) error {
	n, given, err := p.count(math.MaxInt64)
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
		if n, _, err = p.count(math.MaxInt32); err != nil {
			return err
		}
		sp.precision = max(n, 0)
	}
	return nil
}

// maxPrecision limits the digits of a formatted number.
const maxPrecision = 100_000

// count reads a width or precision: digits, or "*", which stands for an argument between -most and
// most.
func (p *printf) count(most int64) (n int, given bool, err error) {
	if p.i < len(p.format) && p.format[p.i] == '*' {
		p.i++
		v, err := p.arg()
		if err != nil {
			return 0, false, err
		}
		x, ok := number.Of(v)
		if _, isFloat := x.(float64); !ok || isFloat {
			return 0, false, exception.TypeErrorf("* wants int")
		}
		n, ok := x.(int64)
		if !ok || n > most || n < -most {
			return 0, false, exception.New(exception.OverflowError, "Python int too large to convert to C ssize_t")
		}
		return int(max(min(n, python.MaxLen+1), -python.MaxLen-1)), true, nil
	}
	for p.i < len(p.format) && p.format[p.i] >= '0' && p.format[p.i] <= '9' {
		n = min(n*10+int(p.format[p.i]-'0'), python.MaxLen+1)
		given = true
		p.i++
	}
	return n, given, nil
}

func (p *printf) arg() (any, error) {
	if p.next >= len(p.args) {
		return nil, exception.TypeErrorf("not enough arguments for format string")
	}
	p.next++
	return p.args[p.next-1], nil
}
