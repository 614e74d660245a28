package pytime

import (
	"strconv"
	"strings"
	"time"

	"anytap/internal/python/exception"
)

// int gives the number that a directive matched, or 0 if it did not match one.
func (p *parsed) int(d byte) int {
	n, err := strconv.Atoi(strings.TrimSpace(p.text[d]))
	if err != nil {
		return 0
	}
	return n
}

// time gives the time that the directives matched.
func (p *parsed) time() (time.Time, bool, error) {
	has := p.has.has
	year, month, day := 1900, 1, 1
	hasYear := has['Y'] || has['y']
	switch {
	case has['y'] && !has['Y'] || has['y'] && p.later('y', 'Y'):
		if year = p.int('y') + 1900; p.int('y') <= 68 {
			year += 100
		}
	case has['Y']:
		year = p.int('Y')
	}
	month = p.month()
	if has['d'] {
		day = p.int('d')
	}
	weekday, hasWeekday := p.weekday()
	if err := p.compatible(hasYear, hasWeekday); err != nil {
		return time.Time{}, false, err
	}
	leap := !hasYear && month == 2 && day == 29
	if leap {
		year = 1904
	}
	yearDay := 0
	if has['j'] {
		yearDay = p.int('j')
	} else if hasWeekday {
		year, yearDay = p.fromWeek(year, weekday)
	}
	if yearDay != 0 {
		if year < 1 || year > 9999 {
			return time.Time{}, false, exception.ValueErrorf("year %d is out of range", year)
		}
		t := time.Date(year, 1, yearDay, 0, 0, 0, 0, time.UTC)
		year, month, day = t.Year(), int(t.Month()), t.Day()
	}
	if err := CheckDate(year, month, day); err != nil {
		return time.Time{}, false, err
	}
	if leap {
		return time.Time{}, false, exception.ValueErrorf("day is out of range for month")
	}
	return p.clock(year, month, day)
}

// later reports whether directive a comes after b in the format.
func (p *parsed) later(a, b byte) bool {
	at := map[byte]int{}
	for i, x := range p.has.parts {
		if x.directive != 0 {
			at[x.directive] = i
		}
	}
	return at[a] > at[b]
}

// month gives the month that the last directive for it matched, or 1 if there is none.
func (p *parsed) month() int {
	month := 1
	for _, x := range p.has.parts {
		switch x.directive {
		case 'm':
			month = p.int('m')
		case 'b', 'B':
			month = monthNumber(p.text[x.directive])
		}
	}
	return month
}

func monthNumber(name string) int {
	short := strings.ToLower(name[:3])
	for i, n := range names['b'] {
		if n == short {
			return i + 1
		}
	}
	return 1
}

// weekday gives the weekday that the last directive for it matched; Monday is 0.
func (p *parsed) weekday() (day int, ok bool) {
	for _, x := range p.has.parts {
		switch x.directive {
		case 'a', 'A':
			short := strings.ToLower(p.text[x.directive][:3])
			for i, n := range names['a'] {
				if n == short {
					day = i
				}
			}
		case 'w':
			day = (p.int('w') + 6) % 7
		case 'u':
			day = p.int('u') - 1
		default:
			continue
		}
		ok = true
	}
	return day, ok
}

// compatible fails if a directive for an ISO year or week lacks the directives that it needs, or
// has one that it excludes.
func (p *parsed) compatible(hasYear, hasWeekday bool) error {
	has := p.has.has
	switch {
	case !hasYear && has['G'] && (!has['V'] || !hasWeekday):
		return exception.ValueErrorf("ISO year directive '%%G' must be used with the ISO week directive '%%V' and a weekday directive")
	case !hasYear && has['G'] && has['j']:
		return exception.ValueErrorf("day of the year directive '%%j' is not compatible with ISO year directive '%%G'")
	case !hasYear && has['G']:
		return nil
	case !has['U'] && !has['W'] && has['V']:
		return exception.ValueErrorf("ISO week directive '%%V' must be used with the ISO year directive '%%G' and a weekday directive")
	}
	return nil
}

// fromWeek computes the day of the year from a week and a weekday, and the year that the day is in.
// yearDay is 0 if the format has no week.
func (p *parsed) fromWeek(year, weekday int) (y, yearDay int) {
	has := p.has.has
	switch {
	case has['U'] || has['W']:
		week, sunday := p.int('W'), false
		if has['U'] && (!has['W'] || p.later('U', 'W')) {
			week, sunday = p.int('U'), true
		}
		yearDay = dayOfWeekNumber(year, week, weekday, sunday)
	case has['G'] && has['V']:
		year = p.int('G')
		if year < 1 {
			return year, 1
		}
		jan4 := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
		t := jan4.AddDate(0, 0, p.int('V')*7+weekday+1-(int(jan4.Weekday()+6)%7+1)-7)
		return t.Year(), t.YearDay()
	default:
		return year, 0
	}
	if yearDay <= 0 {
		year--
		yearDay += time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	}
	return year, yearDay
}

// dayOfWeekNumber gives the day of the year for a weekday (Monday is 0) of a numbered week. A week
// begins on Monday or, if sunday is set, on Sunday. The days before the first full week are in week
// 0.
func dayOfWeekNumber(year, week, weekday int, sunday bool) int {
	first := (int(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Weekday()) + 6) % 7
	if sunday {
		first, weekday = (first+1)%7, (weekday+1)%7
	}
	if week == 0 {
		return 1 + weekday - first
	}
	return 1 + (7-first)%7 + 7*(week-1) + weekday
}

// CheckDate fails with a ValueError if there is no such date in the years 1 to 9999.
func CheckDate(year, month, day int) error {
	switch {
	case year < 1 || year > 9999:
		return exception.ValueErrorf("year %d is out of range", year)
	case month < 1 || month > 12:
		return exception.ValueErrorf("month must be in 1..12")
	case day < 1 || day > time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day():
		return exception.ValueErrorf("day is out of range for month")
	}
	return nil
}

// clock adds the matched time of day and zone to a date.
func (p *parsed) clock(year, month, day int) (time.Time, bool, error) {
	has := p.has.has
	hour := p.int('H')
	if has['I'] && (!has['H'] || p.later('I', 'H')) {
		hour = p.int('I') % 12
		if strings.EqualFold(p.text['p'], "pm") {
			hour += 12
		}
	}
	second := p.int('S')
	if second > 59 {
		return time.Time{}, false, exception.ValueErrorf("second must be in 0..59")
	}
	micro := 0
	if has['f'] {
		micro, _ = strconv.Atoi((p.text['f'] + "00000")[:6])
	}
	loc := time.UTC
	if has['z'] {
		off, err := parseOffset(p.text['z'])
		if err != nil {
			return time.Time{}, false, err
		}
		if off != 0 {
			loc = time.FixedZone(strings.ToUpper(p.text['Z']), off)
		}
	}
	t := time.Date(year, time.Month(month), day, hour, p.int('M'), second, micro*1000, loc)
	return t, !has['z'], nil
}

// parseOffset gives the offset that "%z" matched, in seconds.
func parseOffset(z string) (int, error) {
	if z == "Z" {
		return 0, nil
	}
	whole := z
	if z[3] == ':' {
		z = z[:3] + z[4:]
		if len(z) > 5 {
			if z[5] != ':' {
				return 0, exception.ValueErrorf("Inconsistent use of : in %s", whole)
			}
			z = z[:5] + z[6:]
		}
	} else if len(z) > 5 && z[5] == ':' {
		return 0, exception.ValueErrorf("invalid literal for int() with base 10: '%s'", z[5:])
	}
	n := func(i, j int) int {
		v, err := strconv.Atoi(z[i:j])
		if err != nil {
			return 0
		}
		return v
	}
	off := n(1, 3)*3600 + n(3, 5)*60
	if len(z) >= 7 {
		off += n(5, 7)
	}
	if off >= 24*3600 {
		return 0, exception.ValueErrorf("offset must be strictly between -24 and 24 hours")
	}
	if z[0] == '-' {
		off = -off
	}
	return off, nil
}
