package pytime

import (
	"strconv"
	"strings"
	"time"
)

// Moment is a point of time as strftime sees it. Fields of a date are zero.
type Moment struct {
	At    time.Time // wall clock
	Naive bool      // without zone
	Date  bool      // without time of day: %f gives zeros, no zone
}

// Strftime formats as Python's datetime.strftime does on Linux: %f, %z and %Z
// are Python's, the rest is that of the C library in the C locale, with its
// flags and widths.
func Strftime(c Moment, format string) string {
	format = c.python(format)
	b := make([]byte, 0, len(format)+16)
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b = append(b, format[i])
			continue
		}
		var n int
		b, n = c.directive(b, format[i+1:])
		i += n
	}
	return string(b)
}

// python replaces the directives that are Python's.
func (c Moment) python(format string) string {
	var b []byte
	done := 0
	for i := 0; i+1 < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if d := format[i]; d != 'f' && d != 'z' && d != 'Z' {
			continue
		}
		b = append(b, format[done:i-1]...)
		done = i + 1
		switch {
		case format[i] == 'f':
			b = AppendInt(b, int64(c.At.Nanosecond()/1000), 6, '0')
		case c.Naive:
		case format[i] == 'z':
			b = append(b, OffsetText(c.At, "")...)
		default:
			b = append(b, strings.ReplaceAll(ZoneName(c.At), "%", "%%")...)
		}
	}
	if done == 0 {
		return format
	}
	return string(append(b, format[done:]...))
}

// spec is a directive's flags and width.
type spec struct {
	pad   byte // 0: the directive's own; '-': none
	upper bool
	flip  bool
	width int
}

// directive formats what follows a percent sign; the second result is how much
// of it was used, 0 if it is no directive.
func (c Moment) directive(b []byte, s string) ([]byte, int) {
	var sp spec
	i := 0
flags:
	for ; i < len(s); i++ {
		switch s[i] {
		case '_', '-', '0':
			sp.pad = s[i]
		case '^':
			sp.upper = true
		case '#':
			sp.flip = true
		default:
			break flags
		}
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && sp.width < maxPad; i++ {
		sp.width = sp.width*10 + int(s[i]-'0')
	}
	modifier := byte(0)
	if i < len(s) && (s[i] == 'E' || s[i] == 'O') {
		modifier = s[i]
		i++
	}
	if i >= len(s) {
		return sp.append(b, "%"+s, 0), len(s)
	}
	d := s[i]
	if modifier != 'E' || strings.IndexByte(notWithE, d) < 0 {
		if modifier != 'O' || strings.IndexByte(notWithO, d) < 0 {
			if out, ok := c.number(b, d, sp); ok {
				return out, i + 1
			}
			if text, ok := c.text(d, &sp); ok {
				return sp.append(b, text, d), i + 1
			}
		}
	}
	return sp.append(b, "%"+s[:i+1], 0), i + 1
}

// Directives that do not take a modifier.
const (
	notWithE = "aAhbBDdeFHIjklMmSUVgGWw"
	notWithO = "aAhcDFxXY"
)

// append appends what directive d gave, filled up to the width.
func (sp *spec) append(b []byte, text string, d byte) []byte {
	if sp.upper {
		text = strings.ToUpper(text)
	}
	fill := byte(' ')
	if sp.pad == '0' {
		fill = '0'
	}
	if d != 'c' && d != 's' {
		for n := sp.width - len(text); n > 0; n-- {
			b = append(b, fill)
		}
	}
	return append(b, text...)
}

// maxPad bounds the width of a directive.
const maxPad = 100_000

// number formats the directives that give a number.
func (c Moment) number(b []byte, d byte, sp spec) ([]byte, bool) {
	n, digits, pad, ok := c.figure(d)
	if !ok {
		return b, false
	}
	if sp.pad != 0 {
		pad = sp.pad
	}
	width := digits
	switch {
	case sp.width > 0 && pad == '-':
		width = sp.width
		if width >= digits {
			pad = '_'
		}
	case sp.width > 0:
		width = max(sp.width, digits)
	}
	return AppendInt(b, int64(n), width, pad), true
}

// figure is the number of a directive, with its usual width and filling.
func (c Moment) figure(d byte) (n, digits int, pad byte, ok bool) {
	t := c.At
	year, week := t.ISOWeek()
	switch d {
	case 'd':
		return t.Day(), 2, '0', true
	case 'e':
		return t.Day(), 2, '_', true
	case 'H':
		return t.Hour(), 2, '0', true
	case 'k':
		return t.Hour(), 2, '_', true
	case 'I':
		return (t.Hour()+11)%12 + 1, 2, '0', true
	case 'l':
		return (t.Hour()+11)%12 + 1, 2, '_', true
	case 'm':
		return int(t.Month()), 2, '0', true
	case 'M':
		return t.Minute(), 2, '0', true
	case 'S':
		return t.Second(), 2, '0', true
	case 'j':
		return t.YearDay(), 3, '0', true
	case 'y':
		return t.Year() % 100, 2, '0', true
	case 'g':
		return year % 100, 2, '0', true
	case 'C':
		return t.Year() / 100, 1, '0', true
	case 'Y':
		return t.Year(), 1, '0', true
	case 'G':
		return year, 1, '0', true
	case 'V':
		return week, 2, '0', true
	case 'U':
		return (t.YearDay() + 6 - int(t.Weekday())) / 7, 2, '0', true
	case 'W':
		return (t.YearDay() + 6 - (int(t.Weekday())+6)%7) / 7, 2, '0', true
	case 'u':
		return int(t.Weekday()+6)%7 + 1, 1, '0', true
	case 'w':
		return int(t.Weekday()), 1, '0', true
	}
	return 0, 0, 0, false
}

// AppendInt appends n, filled up to width: with '0', with blanks ('_') or not
// at all ('-').
func AppendInt(b []byte, n int64, width int, pad byte) []byte {
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], n, 10)
	fill := pad
	if pad == '_' {
		fill = ' '
	}
	if pad != '-' {
		for k := width - len(digits); k > 0; k-- {
			b = append(b, fill)
		}
	}
	return append(b, digits...)
}

// text formats the directives that give a text.
func (c Moment) text(d byte, sp *spec) (string, bool) {
	t := c.At
	year := strconv.Itoa(t.Year())
	switch d {
	case 'a', 'A', 'b', 'B', 'h':
		sp.upper = sp.upper || sp.flip
		return nameOf(t, d), true
	case 'p':
		if sp.flip {
			return strings.ToLower(meridiem(t)), true
		}
		return meridiem(t), true
	case 'P':
		sp.upper = false
		return strings.ToLower(meridiem(t)), true
	case 'c':
		return t.Format("Mon Jan _2 15:04:05 ") + year, true
	case 'D', 'x':
		return t.Format("01/02/06"), true
	case 'F':
		return year + t.Format("-01-02"), true
	case 'R':
		return t.Format("15:04"), true
	case 'T', 'X':
		return t.Format("15:04:05"), true
	case 'r':
		return t.Format("03:04:05 PM"), true
	case 's':
		_, off := t.Zone()
		return strconv.FormatInt(t.Unix()+int64(off), 10), true
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case '%':
		return "%", true
	case 'z', 'Z':
		return c.flaggedZone(d, sp), true
	}
	return "", false
}

// flaggedZone is %z or %Z with flags, which Python leaves to the C library:
// that knows only of zones with rules of their own.
func (c Moment) flaggedZone(d byte, sp *spec) string {
	switch {
	case c.Naive || c.At.Location() != PytzUTC:
		return ""
	case d == 'Z' && sp.flip:
		return "utc"
	case d == 'Z':
		return "UTC"
	case sp.pad == '-':
		return "+0"
	case sp.pad == '_':
		return "+   0"
	}
	return "+0000"
}

func nameOf(t time.Time, d byte) string {
	switch d {
	case 'a':
		return t.Weekday().String()[:3]
	case 'A':
		return t.Weekday().String()
	case 'B':
		return t.Month().String()
	}
	return t.Month().String()[:3]
}

func meridiem(t time.Time) string {
	if t.Hour() < 12 {
		return "AM"
	}
	return "PM"
}

// OffsetText is a zone's distance from UTC: "+0230", with sep "+02:30"; seconds
// only if there are any.
func OffsetText(t time.Time, sep string) string {
	_, off := t.Zone()
	b := make([]byte, 0, 9)
	sign := byte('+')
	if off < 0 {
		sign, off = '-', -off
	}
	b = append(b, sign)
	b = AppendInt(b, int64(off/3600), 2, '0')
	b = append(b, sep...)
	b = AppendInt(b, int64(off/60%60), 2, '0')
	if off%60 != 0 {
		b = append(b, sep...)
		b = AppendInt(b, int64(off%60), 2, '0')
	}
	return string(b)
}

// ZoneName is Python's tzname(): a zone without a name is called after its
// distance from UTC.
func ZoneName(t time.Time) string {
	name, off := t.Zone()
	if name != "" {
		return name
	}
	if off == 0 {
		return "UTC"
	}
	return "UTC" + OffsetText(t, ":")
}
