package cursor

import (
	"fmt"
	"strings"
	"time"
)

// A layout is a strptime format of numeric fields and fixed characters, which most are. It reads texts in
// their usual form, every field with all its digits, without allocating; what looks different goes to the
// general reader. Writers of records use that form, so that a cursor can look at each one.
type layout struct {
	steps []step
	// marks are the texts' characters that are no digits, in order; of a zone only what stands before it.
	marks string
	zone  bool
	// digits bounds how many digits a text can have before the zone.
	minDigits, maxDigits int
	// ordered says that texts in UTC sort as their times do.
	ordered bool
}

// step is one field, or one fixed character where field is 0.
type step struct{ field, char byte }

// instant is a time as the fast reader gives it.
type instant struct {
	micros int64 // since 1970, UTC
	offset int   // seconds east of UTC that the text named
}

// time gives the instant with the offset that its text named.
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

// verdict is what a quick look tells about a text.
type verdict int

const (
	unsure  verdict = iota // ask the general reader
	fits                   // it was read
	differs                // the general reader would refuse it too
)

// widths are the fields that the fast reader knows, with the digits that they have in the usual form.
var widths = map[byte]int{'Y': 4, 'm': 2, 'd': 2, 'H': 2, 'M': 2, 'S': 2, 'f': 6}

// newLayout gives nil for a format that only the general reader understands.
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
				return nil // a digit could be taken for a field's
			}
			l.steps = append(l.steps, step{char: c})
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
			l.steps = append(l.steps, step{field: 'z'})
			continue
		}
		width, ok := widths[field]
		if !ok {
			return nil
		}
		l.steps = append(l.steps, step{field: field})
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

// parseFast reads text, which is string or []byte.
func parseFast[T string | []byte](l *layout, text T) (instant, verdict) {
	v := fieldValues{month: 1, day: 1}
	rest := text
	for _, s := range l.steps {
		if s.field == 0 {
			if len(rest) == 0 || rest[0] != s.char {
				return instant{}, look(l, text)
			}
			rest = rest[1:]
			continue
		}
		n, ok := readField(s.field, rest, &v)
		if !ok {
			return instant{}, look(l, text)
		}
		rest = rest[n:]
	}
	if len(rest) > 0 || !v.valid() {
		return instant{}, look(l, text)
	}
	return v.instant(), fits
}

type fieldValues struct{ year, month, day, hour, minute, second, micro, offset int }

// valid leaves the leap second and year 0 to the general reader.
func (v *fieldValues) valid() bool {
	return v.year > 0 && v.month-1 < 12 && v.month > 0 && v.day > 0 && v.hour < 24 && v.minute < 60 && v.second < 60 &&
		(v.day <= 28 || v.day <= time.Date(v.year, time.Month(v.month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}

func (v *fieldValues) instant() instant {
	seconds := daysSince1970(v.year, v.month, v.day)*86400 + int64(v.hour*3600+v.minute*60+v.second-v.offset)
	return instant{micros: seconds*1_000_000 + int64(v.micro), offset: v.offset}
}

// daysSince1970 counts in the Gregorian calendar, with years that begin in March so that the leap day is the last.
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

// readField reads one field from the beginning of text and tells its length.
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

// look tells whether a text that could not be read has at least the format's shape: its fixed characters in order
// and a possible number of digits. Without that the general reader would refuse it too.
func look[T string | []byte](l *layout, text T) verdict {
	digits, mark := 0, 0
	for i := range len(text) {
		c := text[i]
		if isDigit(c) {
			digits++
			continue
		}
		if c <= ' ' || c >= 0x7F {
			return unsure // white space can stand in more places than one
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
	return unsure
}

func sameLetter(a, b byte) bool {
	return a == b || a|0x20 == b|0x20 && a|0x20 >= 'a' && a|0x20 <= 'z'
}
