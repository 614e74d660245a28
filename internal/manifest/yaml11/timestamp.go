package yaml11

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"anytap/internal/value"
)

// timestamp holds the parts of a YAML timestamp.
type timestamp struct {
	year, month, day, hour, minute, second, micro int
	offset                                        *int // seconds east of UTC; nil: the timestamp names no time zone
	hasTime                                       bool
}

// value gives the date, or date and time, that the text s means.
func (t timestamp) value(s string) (any, error) {
	if t.month < 1 || t.month > 12 || t.day < 1 || t.day > time.Date(t.year, time.Month(t.month)+1, 0, 0, 0, 0, 0, time.UTC).Day() ||
		t.year < 1 || t.hour > 23 || t.minute > 59 || t.second > 59 {
		return nil, fmt.Errorf("%q is no date", s)
	}
	if !t.hasTime {
		return value.Date{Y: t.year, M: t.month, D: t.day}, nil
	}
	zone := time.UTC
	if t.offset != nil && *t.offset != 0 {
		if *t.offset <= -86400 || *t.offset >= 86400 {
			return nil, fmt.Errorf("%q has an impossible time zone", s)
		}
		zone = time.FixedZone("", *t.offset)
	}
	at := time.Date(t.year, time.Month(t.month), t.day, t.hour, t.minute, t.second, t.micro*1000, zone)
	return value.Datetime{Time: at, Naive: t.offset == nil}, nil
}

// scanTimestamp reads "2001-12-14" or "2001-12-14t21:59:43.10-05:00" in YAML's looser spellings.
func scanTimestamp(s string) (t timestamp, ok bool) {
	number := func(most, least int) (n int) {
		i := 0
		for i < most && i < len(s) && digit(s[i]) {
			n = n*10 + int(s[i]-'0')
			i++
		}
		ok = ok && i >= least
		s = s[i:]
		return n
	}
	expect := func(c byte) {
		if s == "" || s[0] != c {
			ok = false
			return
		}
		s = s[1:]
	}
	ok = true
	t.year = number(4, 4)
	expect('-')
	t.month = number(2, 1)
	expect('-')
	t.day = number(2, 1)
	if !ok || s == "" {
		return t, ok
	}
	t.hasTime = true
	if s[0] == 'T' || s[0] == 't' {
		s = s[1:]
	} else if blanks := span(s, blank); blanks > 0 {
		s = s[blanks:]
	} else {
		return t, false
	}
	t.hour = number(2, 1)
	expect(':')
	t.minute = number(2, 2)
	expect(':')
	t.second = number(2, 2)
	if !ok {
		return t, false
	}
	s, t.micro = fraction(s)
	return t, zone(s, &t)
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

// fraction reads ".123456" as microseconds and drops further digits.
func fraction(s string) (rest string, micro int) {
	if s == "" || s[0] != '.' {
		return s, 0
	}
	s = s[1:]
	n := span(s, digit)
	digits := (s[:n] + "000000")[:6]
	micro, _ = strconv.Atoi(digits)
	return s[n:], micro
}

// zone reads what follows the time, such as " +05:30", and tells whether it is a time zone or
// nothing.
func zone(s string, t *timestamp) bool {
	s = s[span(s, blank):]
	if s == "" {
		return true
	}
	if s == "Z" {
		t.offset = new(int)
		return true
	}
	if s[0] != '-' && s[0] != '+' {
		return false
	}
	hours, minutes, colon := strings.Cut(s[1:], ":")
	if len(hours) < 1 || len(hours) > 2 || span(hours, digit) != len(hours) ||
		colon && (len(minutes) != 2 || span(minutes, digit) != 2) {
		return false
	}
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	offset := h*3600 + m*60
	if s[0] == '-' {
		offset = -offset
	}
	t.offset = &offset
	return true
}
