package auth

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"anytap/internal/value"
)

var errNoDate = errors.New("expected a date and time or Unix seconds")

// parseDate reads a date and time as the reference runtime does where it takes any form: whole numbers are Unix seconds, texts
// are dates by ISO 8601, with slashes (month first, unless the year is or it can not be one) or with the month's name. A text without an offset is in UTC.
func parseDate(v any) (time.Time, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return time.Unix(1, 0).UTC(), nil
		}
		return time.Unix(0, 0).UTC(), nil
	case int64:
		return unixSeconds(strconv.FormatInt(v, 10))
	case *big.Int:
		return unixSeconds(v.String())
	case string:
		return parseDateText(v)
	}
	return time.Time{}, fmt.Errorf("%s is a %s: %w", value.Repr(v), value.TypeName(v), errNoDate)
}

// mostDigits of Unix seconds; more are milliseconds, which are refused.
const mostDigits = 10

func unixSeconds(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || len(s) > mostDigits {
		return time.Time{}, fmt.Errorf("%s can not be Unix seconds: %w", s, errNoDate)
	}
	return time.Unix(n, 0).UTC(), nil
}

func parseDateText(s string) (time.Time, error) {
	dashes, slashes, hasTime := strings.Count(s, "-"), strings.Count(s, "/"), strings.Contains(s, ":")
	if digits := strings.TrimPrefix(s, "-"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return unixSeconds(s)
	}
	if hasTime && dashes < 2 && slashes < 2 {
		return time.Time{}, fmt.Errorf("%q has no date: %w", s, errNoDate)
	}
	if !hasTime && dashes == 2 && slashes == 0 {
		return plainDate(s)
	}
	date, rest, ok := cutDate(strings.TrimSpace(s))
	if !ok {
		return time.Time{}, fmt.Errorf("%q: %w", s, errNoDate)
	}
	t, err := withClock(date, rest)
	if err != nil {
		return t, fmt.Errorf("%q: %w", s, err)
	}
	return t, nil
}

// plainDate reads year, month and day with dashes between them.
func plainDate(s string) (time.Time, error) {
	var n [3]int
	for i, part := range strings.Split(s, "-") {
		var err error
		if n[i], err = strconv.Atoi(strings.TrimSpace(part)); err != nil {
			return time.Time{}, fmt.Errorf("%q: %w", s, errNoDate)
		}
	}
	return dayOf(s, n[0], n[1], n[2])
}

// dayOf refuses days that the calendar does not have.
func dayOf(s string, y, m, d int) (time.Time, error) {
	date := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1 || y > 9999 || int(date.Month()) != m || date.Day() != d {
		return date, fmt.Errorf("%q: %w", s, errNoDate)
	}
	return date, nil
}

// dateForms are the forms of a date; the groups are named by what they hold.
var dateForms = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})`),
		regexp.MustCompile(`^(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})`),
		regexp.MustCompile(`^(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})`),
		regexp.MustCompile(`^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})T`),
		regexp.MustCompile(`^(?:[A-Za-z]+,? +)?(?P<d>\d{1,2})[ -](?P<m>[A-Za-z]{3,9})[ -](?P<y>\d{4})`),
		regexp.MustCompile(`^(?:[A-Za-z]+,? +)?(?P<m>[A-Za-z]{3,9})[ -](?P<d>\d{1,2}),?[ -](?P<y>\d{4})`),
	}
})

// cutDate reads the date at the beginning.
func cutDate(s string) (date time.Time, rest string, ok bool) {
	for _, form := range dateForms() {
		found := form.FindStringSubmatch(s)
		if found == nil {
			continue
		}
		parts := map[string]int{}
		for i, name := range form.SubexpNames() {
			n, err := strconv.Atoi(found[i])
			if err != nil && name == "m" {
				n = monthNumber(found[i])
			}
			parts[name] = n
		}
		if parts["m"] > 12 && parts["d"] <= 12 && strings.Contains(found[0], "/") {
			parts["m"], parts["d"] = parts["d"], parts["m"]
		}
		var err error
		if date, err = dayOf(s, parts["y"], parts["m"], parts["d"]); err != nil {
			return date, "", false
		}
		return date, strings.TrimPrefix(s[len(strings.TrimSuffix(found[0], "T")):], "T"), true
	}
	return date, "", false
}

func monthNumber(name string) int {
	for m := time.January; m <= time.December; m++ {
		full := m.String()
		if strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) {
			return int(m)
		}
	}
	return 0
}

// clockForm is a time of day with what may follow it.
var clockForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([AaPp])[Mm])?(?: ?(Z|z|UTC|GMT|utc|gmt)| ?([+-])(\d{2}):?(\d{2})?)?$`)
})

func withClock(date time.Time, s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return date, nil
	}
	m := clockForm().FindStringSubmatch(s)
	if m == nil {
		return date, errNoDate
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(m[i])
		return n
	}
	hour, minute, second := number(1), number(2), number(3)
	if half := strings.ToLower(m[5]); half != "" {
		if hour < 1 || hour > 12 {
			return date, errNoDate
		}
		hour %= 12
		if half == "p" {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 || second > 59 || number(8) > 23 || number(9) > 59 {
		return date, errNoDate
	}
	micro, _ := strconv.Atoi((m[4] + "000000")[:6])
	zone := time.UTC
	if m[7] != "" {
		offset := number(8)*3600 + number(9)*60
		if m[7] == "-" {
			offset = -offset
		}
		if offset != 0 {
			zone = time.FixedZone("", offset)
		}
	}
	y, month, d := date.Date()
	return time.Date(y, month, d, hour, minute, second, micro*1000, zone), nil
}
