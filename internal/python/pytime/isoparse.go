package pytime

import (
	"strings"
	"time"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// ParseISO reads an ISO 8601 date or time as dateutil's isoparse does, and converts it to UTC. v is
// a text or bytes.
func ParseISO(v any) (time.Time, error) {
	var s string
	switch x := v.(type) {
	case value.Bytes:
		s = string(x)
	default:
		var ok bool
		if s, ok = pytext.Of(v); !ok {
			return time.Time{}, notISOText(v)
		}
		if !pytext.IsASCII(s) {
			return time.Time{}, exception.ValueErrorf("ISO-8601 strings should contain only ASCII characters")
		}
	}
	t, err := FromISO(s)
	if err != nil {
		return time.Time{}, err
	}
	t = t.In(PytzUTC)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, exception.New(exception.OverflowError, "date value out of range")
	}
	return t, nil
}

// notISOText gives the error for a value that is not text. As in Python, it depends on the value's
// length, if it has one.
func notISOText(v any) error {
	if err := exception.Raised(v); err != nil {
		return err
	}
	n, err := python.Len(v)
	if err != nil {
		return err
	}
	if n < 4 {
		return exception.ValueErrorf("ISO string too short")
	}
	return exception.TypeErrorf("int() argument must be a string, a bytes-like object or a real number")
}

// FromISO reads an ISO 8601 date or time as dateutil's isoparse does. The result has the zone of
// the text, or UTC if there is none.
func FromISO(s string) (time.Time, error) {
	year, month, day, pos, err := isoDate(s)
	if err != nil {
		return time.Time{}, err
	}
	var c isoClock
	if len(s) > pos {
		if c, err = isoTimeOfDay(s[pos+1:]); err != nil {
			return time.Time{}, err
		}
	}
	if err := CheckDate(year, month, day); err != nil {
		return time.Time{}, err
	}
	next := c.hour == 24
	if next {
		c.hour = 0
	}
	if c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 59 {
		return time.Time{}, exception.ValueErrorf("hour, minute or second is out of range")
	}
	loc := time.UTC
	if c.offset != 0 {
		loc = time.FixedZone("", c.offset)
	}
	t := time.Date(year, time.Month(month), day, c.hour, c.minute, c.second, c.micro*1000, loc)
	if next {
		return AddDelta(t, value.Day)
	}
	return t, nil
}

// isoInt is Python's int() of an ASCII text.
func isoInt(s string) (int, error) {
	t := strings.TrimFunc(s, pytext.IsSpace)
	body := strings.TrimLeft(t, "+-")
	if len(t)-len(body) > 1 || body == "" || number.DigitsLen(body) != len(body) {
		return 0, exception.ValueErrorf("invalid literal for int() with base 10: %s", value.Repr(s))
	}
	n := 0
	for _, c := range body {
		if c != '_' {
			n = n*10 + int(c-'0')
		}
	}
	if t[0] == '-' {
		n = -n
	}
	return n, nil
}

// from gives s[i:j] as Python does: indices beyond the end mean the end.
func from(s string, i, j int) string {
	i, j = min(i, len(s)), min(j, len(s))
	return s[i:max(i, j)]
}

// isoDate reads the date; pos is where it ends.
func isoDate(s string) (year, month, day, pos int, err error) {
	year, month, day, pos, err = commonDate(s)
	if err != nil && exception.Is(err, exception.ValueError) {
		return uncommonDate(s)
	}
	return year, month, day, pos, err
}

// commonDate reads "2026", "2026-01", "2026-01-02" and "20260102".
func commonDate(s string) (year, month, day, pos int, err error) {
	month, day = 1, 1
	if len(s) < 4 {
		return 0, 0, 0, 0, exception.ValueErrorf("ISO string too short")
	}
	if year, err = isoInt(s[:4]); err != nil || len(s) == 4 {
		return year, 1, 1, 4, err
	}
	pos = 4
	dash := s[pos] == '-'
	if dash {
		pos++
	}
	if len(s)-pos < 2 {
		return 0, 0, 0, 0, exception.ValueErrorf("Invalid common month")
	}
	if month, err = isoInt(s[pos : pos+2]); err != nil {
		return 0, 0, 0, 0, err
	}
	pos += 2
	if pos >= len(s) {
		if dash {
			return year, month, 1, pos, nil
		}
		return 0, 0, 0, 0, exception.ValueErrorf("Invalid ISO format")
	}
	if dash {
		if s[pos] != '-' {
			return 0, 0, 0, 0, exception.ValueErrorf("Invalid separator in ISO string")
		}
		pos++
	}
	if len(s)-pos < 2 {
		return 0, 0, 0, 0, exception.ValueErrorf("Invalid common day")
	}
	day, err = isoInt(s[pos : pos+2])
	return year, month, day, pos + 2, err
}

// uncommonDate reads weeks ("2026-W01-1") and days of the year ("2026-032").
func uncommonDate(s string) (year, month, day, pos int, err error) {
	if len(s) < 4 {
		return 0, 0, 0, 0, exception.ValueErrorf("ISO string too short")
	}
	if year, err = isoInt(s[:4]); err != nil {
		return 0, 0, 0, 0, err
	}
	pos = 4
	dash := from(s, 4, 5) == "-"
	if dash {
		pos++
	}
	var t time.Time
	if from(s, pos, pos+1) == "W" {
		t, pos, err = isoWeek(s, year, pos+1, dash)
	} else {
		t, pos, err = isoYearDay(s, year, pos)
	}
	return t.Year(), int(t.Month()), t.Day(), pos, err
}

func isoWeek(s string, year, pos int, dash bool) (time.Time, int, error) {
	week, err := isoInt(from(s, pos, pos+2))
	if err != nil {
		return time.Time{}, 0, err
	}
	pos += 2
	day := 1
	if len(s) > pos {
		if (s[pos] == '-') != dash {
			return time.Time{}, 0, exception.ValueErrorf("Inconsistent use of dash separator")
		}
		if dash {
			pos++
		}
		if day, err = isoInt(from(s, pos, pos+1)); err != nil {
			return time.Time{}, 0, err
		}
		pos++
	}
	if week < 1 || week > 53 || day < 1 || day > 7 {
		return time.Time{}, 0, exception.ValueErrorf("Invalid week or weekday")
	}
	if err := CheckDate(year, 1, 4); err != nil {
		return time.Time{}, 0, err
	}
	jan4 := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	t := jan4.AddDate(0, 0, (week-1)*7+day-1-(int(jan4.Weekday())+6)%7)
	return t, pos, nil
}

func isoYearDay(s string, year, pos int) (time.Time, int, error) {
	if len(s)-pos < 3 {
		return time.Time{}, 0, exception.ValueErrorf("Invalid ordinal day")
	}
	n, err := isoInt(s[pos : pos+3])
	if err != nil {
		return time.Time{}, 0, err
	}
	last := time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	if n < 1 || n > last {
		return time.Time{}, 0, exception.ValueErrorf("Invalid ordinal day %d for year %d", n, year)
	}
	if err := CheckDate(year, 1, 1); err != nil {
		return time.Time{}, 0, err
	}
	return time.Date(year, 1, n, 0, 0, 0, 0, time.UTC), pos + 3, nil
}

type isoClock struct{ hour, minute, second, micro, offset int }

// isoTimeOfDay reads "hh[[:]mm[[:]ss[.ffffff]]]" and a zone.
func isoTimeOfDay(s string) (isoClock, error) {
	var c isoClock
	if len(s) < 2 {
		return c, exception.ValueErrorf("ISO time too short")
	}
	fields := []*int{&c.hour, &c.minute, &c.second}
	pos, colon := 0, false
	for comp := 0; pos < len(s) && comp <= 5; comp++ {
		if strings.IndexByte("-+Zz", s[pos]) >= 0 {
			var err error
			if c.offset, err = isoZone(s[pos:]); err != nil {
				return c, err
			}
			pos = len(s)
			break
		}
		if comp == 1 && s[pos] == ':' {
			colon = true
			pos++
		} else if comp == 2 && colon {
			if s[pos] != ':' {
				return c, exception.ValueErrorf("Inconsistent use of colon separator")
			}
			pos++
		}
		if comp < 3 {
			n, err := isoInt(from(s, pos, pos+2))
			if err != nil {
				return c, err
			}
			*fields[comp] = n
			pos += 2
		}
		if comp == 3 && (s[pos] == '.' || s[pos] == ',') {
			if n := pytext.CountDigits(s[pos+1:]); n > 0 {
				micro, err := isoInt((s[pos+1:pos+1+n] + "00000")[:6])
				if err != nil {
					return c, err
				}
				c.micro = micro
				pos += 1 + n
			}
		}
	}
	if pos < len(s) {
		return c, exception.ValueErrorf("Unused components in ISO string")
	}
	if c.hour == 24 && (c.minute != 0 || c.second != 0 || c.micro != 0) {
		return c, exception.ValueErrorf("Hour may only be 24 at 24:00:00.000")
	}
	return c, nil
}

// isoZone reads "Z", "+hh", "+hhmm" or "+hh:mm", and gives the offset in seconds.
func isoZone(s string) (int, error) {
	if s == "Z" || s == "z" {
		return 0, nil
	}
	if len(s) != 3 && len(s) != 5 && len(s) != 6 {
		return 0, exception.ValueErrorf("Time zone offset must be 1, 3, 5 or 6 characters")
	}
	if s[0] != '-' && s[0] != '+' {
		return 0, exception.ValueErrorf("Time zone offset requires sign")
	}
	hours, err := isoInt(s[1:3])
	if err != nil {
		return 0, err
	}
	minutes := 0
	if len(s) > 3 {
		i := 3
		if s[3] == ':' {
			i = 4
		}
		if minutes, err = isoInt(s[i:]); err != nil {
			return 0, err
		}
	}
	if minutes > 59 || hours > 23 {
		return 0, exception.ValueErrorf("Invalid hours or minutes in time zone offset")
	}
	off := (hours*60 + minutes) * 60
	if s[0] == '-' {
		off = -off
	}
	return off, nil
}
