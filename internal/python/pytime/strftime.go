package pytime

import (
	"strconv"
	"strings"
	"time"
)

// Moment is a time to be written by Strftime.
type Moment struct {
	At    time.Time // as shown by the wall clock
	Naive bool      // it has no zone
	Date  bool      // without time of day: %f gives zeros, no zone
}

// Strftime is Python's datetime.strftime on Linux. Python handles %f, %z and %Z; the C library
// handles the other directives, with their flags and widths, in the C locale.
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

// python replaces %f, %z and %Z, which Python handles itself.
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
	pad   byte // '0', '_' for blanks, '-' for none; 0 for the directive's own padding
	upper bool // flag "^"
	flip  bool // flag "#": the other case
	width int
}

// directive writes the directive at the beginning of s, which follows a percent sign. It gives the
// length of the directive, or 0 if there is none.
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

// append appends the text of directive d, padded to the width.
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

// maxPad limits the width of a directive.
const maxPad = 100_000

// number writes a directive that stands for a number. It reports false for other directives.
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

// figure gives the number that a directive stands for, and its usual width and padding.
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

// AppendInt appends n, padded to width with zeros ('0'), blanks ('_') or nothing ('-').
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

// text gives the text of a directive that stands for text. It reports false for other directives.
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

// flaggedZone is %z or %Z with flags, which Python leaves to the C library. The C library knows
// only pytz's zones.
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

// OffsetText is a zone's offset from UTC, such as "+0230", or "+02:30" if sep is ":". It has
// seconds only if they are not zero.
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

// ZoneName is Python's datetime.tzname(). A zone without a name is named after its offset from UTC.
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
