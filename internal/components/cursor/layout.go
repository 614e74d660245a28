package cursor

import (
	"fmt"
	"strings"
	"time"
)

// layout is a strptime format of numeric fields and fixed characters, as most formats are. It
// parses texts in their usual form, every field with all its digits, without allocating. Anything
// else goes to the general parser. APIs write that form, so that parsing the cursor value of each
// record costs little.
type layout struct {
	steps []element
	// marks are the fixed characters of a text, in order, up to the zone.
	marks string
	zone  bool
	// minDigits and maxDigits limit how many digits a text can have before the zone.
	minDigits, maxDigits int
	// ordered says that the texts of times in UTC sort as the times do.
	ordered bool
}

// element is one field, or one fixed character where field is 0.
type element struct{ field, char byte }

// instant is a point in time as a layout parses it.
type instant struct {
	micros int64 // since 1970, UTC
	offset int   // seconds east of UTC, as the text has it
}

// time converts the instant to a time with the offset that its text had.
func (i instant) time() time.Time {
	t := time.UnixMicro(i.micros)
	if i.offset == 0 {
		return t.UTC()
	}
	sign, minutes := '+', i.offset/60
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return t.In(time.FixedZone(fmt.Sprintf("UTC%c%02d:%02d", sign, minutes/60, minutes%60), i.offset))
}

// match says whether a text has a layout.
type match int

const (
	undecided match = iota // only the general parser can tell
	matches                // the text was parsed
	differs                // the general parser would refuse the text too
)

// widths are the fields that a layout can have, with their number of digits in the usual form.
var widths = map[byte]int{'Y': 4, 'm': 2, 'd': 2, 'H': 2, 'M': 2, 'S': 2, 'f': 6}

// newLayout returns nil for a format that only the general parser understands.
func newLayout(format string) *layout {
	format = strings.ReplaceAll(format, "%_ms", "%f")
	l := &layout{ordered: true}
	seen := map[byte]bool{}
	const order = "YmdHMSf"
	reached := -1
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c != '%' {
			if c < ' ' || c >= 0x7F || isDigit(c) || l.zone {
				return nil // a digit could belong to a field
			}
			l.steps = append(l.steps, element{char: c})
			l.marks += string(c)
			continue
		}
		if i++; i == len(format) {
			return nil
		}
		field := format[i]
		if seen[field] || l.zone {
			return nil
		}
		seen[field] = true
		if field == 'z' {
			l.zone = true
			l.steps = append(l.steps, element{field: 'z'})
			continue
		}
		width, ok := widths[field]
		if !ok {
			return nil
		}
		l.steps = append(l.steps, element{field: field})
		l.maxDigits += width
		l.minDigits++
		if field == 'Y' {
			l.minDigits += 3
		}
		at := strings.IndexByte(order, field)
		l.ordered = l.ordered && at == reached+1
		reached = at
	}
	if !seen['Y'] || !seen['m'] || !seen['d'] {
		return nil
	}
	return l
}

// parseFast parses a text by a layout.
func parseFast[T string | []byte](l *layout, text T) (instant, match) {
	v := fieldValues{month: 1, day: 1}
	rest := text
	for _, s := range l.steps {
		if s.field == 0 {
			if len(rest) == 0 || rest[0] != s.char {
				return instant{}, matchShape(l, text)
			}
			rest = rest[1:]
			continue
		}
		n, ok := readField(s.field, rest, &v)
		if !ok {
			return instant{}, matchShape(l, text)
		}
		rest = rest[n:]
	}
	if len(rest) > 0 || !v.valid() {
		return instant{}, matchShape(l, text)
	}
	return v.instant(), matches
}

type fieldValues struct{ year, month, day, hour, minute, second, micro, offset int }

// valid reports whether the fields are a date and time. The leap second and the year 0 are left to
// the general parser.
func (v *fieldValues) valid() bool {
	return v.year > 0 && v.month-1 < 12 && v.month > 0 && v.day > 0 && v.hour < 24 && v.minute < 60 && v.second < 60 &&
		(v.day <= 28 || v.day <= time.Date(v.year, time.Month(v.month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}

func (v *fieldValues) instant() instant {
	seconds := daysSince1970(v.year, v.month, v.day)*86400 + int64(v.hour*3600+v.minute*60+v.second-v.offset)
	return instant{micros: seconds*1_000_000 + int64(v.micro), offset: v.offset}
}

// daysSince1970 counts days of the Gregorian calendar. Its years begin in March, so that the leap
// day comes last.
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := int64(floorDiv(year, 400))
	inEra := int64(year) - era*400
	inYear := int64((153*(month-3)+2)/5 + day - 1)
	return era*146097 + inEra*365 + inEra/4 - inEra/100 + inYear - 719468
}

// readField reads one field at the beginning of text and returns its length.
func readField[T string | []byte](field byte, text T, v *fieldValues) (int, bool) {
	switch field {
	case 'z':
		return readZone(text, v)
	case 'f':
		return readFraction(text, v)
	}
	width := 2
	if field == 'Y' {
		width = 4
	}
	if len(text) < width {
		return 0, false
	}
	n := 0
	for i := range width {
		c := text[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	switch field {
	case 'Y':
		v.year = n
	case 'm':
		v.month = n
	case 'd':
		v.day = n
	case 'H':
		v.hour = n
	case 'M':
		v.minute = n
	case 'S':
		v.second = n
	}
	return width, true
}

func readFraction[T string | []byte](text T, v *fieldValues) (int, bool) {
	n, width := 0, 0
	for width < 6 && width < len(text) && isDigit(text[width]) {
		n = n*10 + int(text[width]-'0')
		width++
	}
	for i := width; i < 6; i++ {
		n *= 10
	}
	v.micro = n
	return width, width > 0
}

// readZone reads Z, ±hhmm and ±hh:mm.
func readZone[T string | []byte](text T, v *fieldValues) (int, bool) {
	if len(text) == 1 && text[0] == 'Z' {
		return 1, true
	}
	if len(text) < 5 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	at := 3
	if text[3] == ':' {
		at = 4
	}
	if len(text) != at+2 {
		return 0, false
	}
	for _, i := range [4]int{1, 2, at, at + 1} {
		if !isDigit(text[i]) {
			return 0, false
		}
	}
	hours, minutes := int(text[1]-'0')*10+int(text[2]-'0'), int(text[at]-'0')*10+int(text[at+1]-'0')
	if hours > 23 || minutes > 59 {
		return 0, false
	}
	v.offset = hours*3600 + minutes*60
	if text[0] == '-' {
		v.offset = -v.offset
	}
	return len(text), true
}

// matchShape reports whether a text that could not be parsed has at least the shape of the layout:
// its fixed characters in order, and a possible number of digits. The general parser refuses a text
// of another shape too.
func matchShape[T string | []byte](l *layout, text T) match {
	digits, mark := 0, 0
	for i := range len(text) {
		c := text[i]
		if isDigit(c) {
			digits++
			continue
		}
		if c <= ' ' || c >= 0x7F {
			return undecided // the general parser allows white space in several places
		}
		if mark == len(l.marks) && l.zone && (c == '+' || c == '-' || c == 'Z') {
			break
		}
		if mark == len(l.marks) || !sameLetter(c, l.marks[mark]) {
			return differs
		}
		mark++
	}
	if mark < len(l.marks) || digits < l.minDigits || digits > l.maxDigits {
		return differs
	}
	return undecided
}

func sameLetter(a, b byte) bool {
	return a == b || a|0x20 == b|0x20 && a|0x20 >= 'a' && a|0x20 <= 'z'
}
