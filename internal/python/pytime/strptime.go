package pytime

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// part is one element of a strptime format: a directive, white space or text.
type part struct {
	directive byte   // 0 for text and white space
	text      string // one character, matched in either case; empty for white space
}

// layout is a parsed format.
type layout struct {
	parts []part
	has   map[byte]bool
}

// layouts caches parsed formats. A manifest has only a few.
var layouts struct {
	sync.RWMutex
	m map[string]*layout
}

const maxLayouts = 256

// directives lists the directives of strptime, except those of composed, each of which stands for
// several others.
const directives = "aAbBdfGHIjmMpSuUVwWyYzZ"

var composed = map[byte]string{'c': "%a %b %d %H:%M:%S %Y", 'x': "%m/%d/%y", 'X': "%H:%M:%S"}

func layoutOf(format string) (*layout, error) {
	layouts.RLock()
	l := layouts.m[format]
	layouts.RUnlock()
	if l != nil {
		return l, nil
	}
	l = &layout{has: map[byte]bool{}}
	if err := l.read(format, format); err != nil {
		return nil, err
	}
	layouts.Lock()
	defer layouts.Unlock()
	if layouts.m == nil || len(layouts.m) >= maxLayouts {
		layouts.m = map[string]*layout{}
	}
	layouts.m[format] = l
	return l, nil
}

func (l *layout) read(format, whole string) error {
	for i := 0; i < len(format); {
		c := format[i]
		r, n := utf8.DecodeRuneInString(format[i:])
		switch {
		case c == '%':
			if i+1 == len(format) {
				return exception.ValueErrorf("stray %% in format %s", value.Repr(whole))
			}
			d := format[i+1]
			i += 2
			if err := l.directive(d, whole); err != nil {
				return err
			}
		case pytext.IsSpace(r):
			for i < len(format) && pytext.IsSpace(r) {
				i += n
				r, n = utf8.DecodeRuneInString(format[i:])
			}
			l.parts = append(l.parts, part{})
		default:
			l.parts = append(l.parts, part{text: format[i : i+n]})
			i += n
		}
	}
	return nil
}

func (l *layout) directive(d byte, whole string) error {
	if f, ok := composed[d]; ok {
		return l.read(f, whole)
	}
	if d == '%' {
		l.parts = append(l.parts, part{text: "%"})
		return nil
	}
	if strings.IndexByte(directives, d) < 0 {
		return exception.ValueErrorf("'%c' is a bad directive in format %s", d, value.Repr(whole))
	}
	if l.has[d] {
		return exception.New(exception.RegexError, "redefinition of group name '%c'", d)
	}
	l.has[d] = true
	l.parts = append(l.parts, part{directive: d})
	return nil
}

// parsed holds what the directives of a format matched.
type parsed struct {
	text [128]string
	has  *layout
}

// Strptime is Python's datetime.strptime. naive reports that the text has no zone.
func Strptime(s, format string) (t time.Time, naive bool, err error) {
	l, err := layoutOf(format)
	if err != nil {
		return t, false, err
	}
	if t, naive, ok := l.fast(s); ok {
		return t, naive, nil
	}
	p := &parsed{has: l}
	end, ok := l.match(s, 0, 0, p)
	if !ok {
		return t, false, exception.ValueErrorf("time data %s does not match format %s", value.Repr(s), value.Repr(format))
	}
	if end != len(s) {
		return t, false, exception.ValueErrorf("unconverted data remains: %s", s[end:])
	}
	return p.time()
}

// match matches the parts from index i with s from position at, and gives the position where they
// end. It tries the possible lengths of a directive in Python's order and takes the first one with
// which the rest matches.
func (l *layout) match(s string, i, at int, p *parsed) (int, bool) {
	for ; i < len(l.parts); i++ {
		x := &l.parts[i]
		if x.directive == 0 && x.text != "" {
			n, ok := foldPrefix(s[at:], x.text)
			if !ok {
				return 0, false
			}
			at += n
			continue
		}
		var buf [8]int
		lengths := x.lengths(s[at:], buf[:0])
		for k, n := range lengths {
			if x.directive != 0 {
				p.text[x.directive] = s[at : at+n]
			}
			if k == len(lengths)-1 {
				break
			}
			if end, ok := l.match(s, i+1, at+n, p); ok {
				return end, true
			}
		}
		if len(lengths) == 0 {
			return 0, false
		}
		at += lengths[len(lengths)-1]
	}
	return at, true
}

// foldPrefix reports whether s begins with the character c, ignoring case, and how long that
// character is in s.
func foldPrefix(s, c string) (int, bool) {
	if strings.HasPrefix(s, c) {
		return len(c), true
	}
	if s == "" {
		return 0, false
	}
	r, n := utf8.DecodeRuneInString(s)
	want, _ := utf8.DecodeRuneInString(c)
	return n, unicode.ToLower(r) == unicode.ToLower(want)
}

// lengths lists the lengths that a directive or white space may have at the beginning of s, the
// preferred one first.
func (x *part) lengths(s string, out []int) []int {
	switch x.directive {
	case 0:
		return spaceLengths(s, out)
	case 'd':
		out = twoDigits(s, "01", "31", out)
		if len(s) > 0 && s[0] >= '1' && s[0] <= '9' {
			out = append(out, 1)
		}
		if len(s) > 1 && s[0] == ' ' && s[1] >= '1' && s[1] <= '9' {
			out = append(out, 2)
		}
	case 'H':
		return oneDigit(s, twoDigits(s, "00", "23", out))
	case 'I', 'm':
		out = twoDigits(s, "01", "12", out)
		if len(s) > 0 && s[0] >= '1' && s[0] <= '9' {
			out = append(out, 1)
		}
	case 'M':
		return oneDigit(s, twoDigits(s, "00", "59", out))
	case 'S':
		return oneDigit(s, twoDigits(s, "00", "61", out))
	case 'U', 'W':
		return oneDigit(s, twoDigits(s, "00", "53", out))
	case 'V':
		return oneDigit(s, twoDigits(s, "01", "53", out))
	case 'w':
		return span(s, '0', '6', out)
	case 'u':
		return span(s, '1', '7', out)
	case 'y':
		return twoDigits(s, "00", "99", out)
	case 'Y', 'G':
		if len(s) >= 4 && pytext.CountDigits(s[:4]) == 4 {
			out = append(out, 4)
		}
	case 'f':
		for n := min(6, pytext.CountDigits(s)); n > 0; n-- {
			out = append(out, n)
		}
	case 'j':
		return yearDayLengths(s, out)
	case 'z':
		return offsetLengths(s, out)
	default:
		return x.nameLengths(s, out)
	}
	return out
}

func spaceLengths(s string, out []int) []int {
	var ends []int
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !pytext.IsSpace(r) {
			break
		}
		i += n
		ends = append(ends, i)
	}
	for i := len(ends) - 1; i >= 0; i-- {
		out = append(out, ends[i])
	}
	return out
}

func twoDigits(s, low, high string, out []int) []int {
	if len(s) >= 2 && pytext.CountDigits(s[:2]) == 2 && s[:2] >= low && s[:2] <= high {
		return append(out, 2)
	}
	return out
}

func oneDigit(s string, out []int) []int { return span(s, '0', '9', out) }

func span(s string, low, high byte, out []int) []int {
	if s != "" && s[0] >= low && s[0] <= high {
		return append(out, 1)
	}
	return out
}

func yearDayLengths(s string, out []int) []int {
	if len(s) >= 3 && pytext.CountDigits(s[:3]) == 3 && s[:3] >= "001" && s[:3] <= "366" {
		out = append(out, 3)
	}
	out = twoDigits(s, "01", "99", out)
	return span(s, '1', '9', out)
}

// offsetLengths lists the possible lengths of an offset "+hh[:]mm[[:]ss[.ffffff]]" or "Z" at the
// beginning of s.
func offsetLengths(s string, out []int) []int {
	if strings.HasPrefix(s, "Z") {
		return append(out, 1)
	}
	if len(s) < 5 || s[0] != '+' && s[0] != '-' || pytext.CountDigits(s[1:3]) != 2 {
		return out
	}
	sixty := func(i int) int {
		if i < len(s) && s[i] == ':' {
			i++
		}
		if i+2 <= len(s) && pytext.CountDigits(s[i:i+2]) == 2 && s[i] <= '5' {
			return i + 2
		}
		return 0
	}
	minutes := sixty(3)
	if minutes == 0 {
		return out
	}
	if seconds := sixty(minutes); seconds > 0 {
		if seconds < len(s) && s[seconds] == '.' {
			for n := min(6, pytext.CountDigits(s[seconds+1:])); n > 0; n-- {
				out = append(out, seconds+1+n)
			}
		}
		out = append(out, seconds)
	}
	return append(out, minutes)
}

// names are the words that a directive may match, the longest first.
var names = map[byte][]string{
	'A': {"wednesday", "thursday", "saturday", "tuesday", "monday", "friday", "sunday"},
	'a': {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
	'B': {"september", "february", "november", "december", "january", "october", "august", "march", "april", "june", "july", "may"},
	'b': {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
	'p': {"am", "pm"},
	'Z': {"utc", "gmt"},
}

func (x *part) nameLengths(s string, out []int) []int {
	for _, name := range names[x.directive] {
		if len(s) >= len(name) && strings.EqualFold(s[:len(name)], name) {
			return append(out, len(name))
		}
	}
	return out
}
