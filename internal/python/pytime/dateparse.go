package pytime

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// ParseTime reads a time in almost any form, as the CDK's ab_datetime_parse does: seconds since
// 1970 (an int, or a text of up to ten digits), a date, or any text that dateutil understands, such
// as "Jan 5, 2026 3:04 PM GMT+1". Fields that the text omits are those of now. A time without a
// zone is in UTC.
func ParseTime(v any, now time.Time) (time.Time, error) {
	s, isText := v.(string)
	if isText {
		if t, ok := rfc3339(s); ok {
			return t, nil
		}
	}
	digitsOnly := isText && (pytext.All(s, pytext.IsDigit) || strings.HasPrefix(s, "-") && pytext.All(s[1:], pytext.IsDigit))
	n, isNumber := number.Of(v)
	if _, isFloat := n.(float64); digitsOnly || isNumber && !isFloat {
		return timeOfSeconds(v)
	}
	if !isText {
		return time.Time{}, exception.ValueErrorf("Could not parse datetime string: expected string or integer, got %s", value.TypeName(v))
	}
	dashes := strings.Count(s, "-")
	if !strings.Contains(s, ":") && dashes == 2 && !strings.Contains(s, "/") {
		return plainDate(s)
	}
	if strings.Contains(s, ":") && dashes < 2 && strings.Count(s, "/") < 2 {
		return time.Time{}, exception.ValueErrorf("Could not parse datetime string: %s", s)
	}
	t, err := parseFree(s, now)
	if exception.Is(err, exception.ValueError, exception.TypeError) {
		return time.Time{}, exception.ValueErrorf("Could not parse datetime string: %s", s)
	}
	return t, err
}

func timeOfSeconds(v any) (time.Time, error) {
	x, err := number.Int(v)
	if err != nil {
		return time.Time{}, exception.ValueErrorf("Could not parse datetime string: %s", value.Str(v))
	}
	n, small := x.(int64)
	switch {
	case small && n < 0 || !small && number.Big(x).Sign() < 0:
		return time.Time{}, exception.ValueErrorf("Timestamp cannot be negative")
	case !small || n > 9_999_999_999:
		return time.Time{}, exception.ValueErrorf("Timestamp value too large")
	}
	return time.Unix(n, 0).UTC(), nil
}

func plainDate(s string) (time.Time, error) {
	var n [3]int
	for i, p := range strings.Split(s, "-") {
		v, err := number.ParseInt(p, 10)
		part, small := v.(int64)
		if err != nil || !small {
			return time.Time{}, exception.ValueErrorf("Invalid date format: %s", s)
		}
		n[i] = int(part)
	}
	if CheckDate(n[0], n[1], n[2]) != nil {
		return time.Time{}, exception.ValueErrorf("Invalid date format: %s", s)
	}
	return time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC), nil
}

// rfc3339 reads the most common form without splitting it into tokens.
func rfc3339(s string) (time.Time, bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[10] != 'T' && s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	var n [6]int
	for i, at := range [6][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		part := s[at[0]:at[1]]
		if pytext.CountDigits(part) != len(part) {
			return time.Time{}, false
		}
		for _, c := range []byte(part) {
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	if CheckDate(n[0], n[1], n[2]) != nil || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	rest := s[19:]
	nano := 0
	if strings.HasPrefix(rest, ".") {
		k := pytext.CountDigits(rest[1:])
		if k == 0 {
			return time.Time{}, false
		}
		for i := 1; i <= 6; i++ {
			nano *= 10
			if i <= k {
				nano += int(rest[i] - '0')
			}
		}
		nano *= 1000
		rest = rest[1+k:]
	}
	loc, ok := rfcZone(rest)
	if !ok {
		return time.Time{}, false
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], nano, loc), true
}

func rfcZone(s string) (*time.Location, bool) {
	if s == "" || s == "Z" {
		return time.UTC, true
	}
	if len(s) != 6 && len(s) != 5 || s[0] != '+' && s[0] != '-' || len(s) == 6 && s[3] != ':' {
		return nil, false
	}
	h, m := s[1:3], s[len(s)-2:]
	if pytext.CountDigits(h) != 2 || pytext.CountDigits(m) != 2 || h > "23" || m > "59" {
		return nil, false
	}
	off := (int(h[0]-'0')*10+int(h[1]-'0'))*3600 + (int(m[0]-'0')*10+int(m[1]-'0'))*60
	if off == 0 {
		return time.UTC, true
	}
	if s[0] == '-' {
		off = -off
	}
	return time.FixedZone("", off), true
}

// freeResult holds the fields that were found in a text. A field that was not found is -1 or nil.
type freeResult struct {
	year, month, day, weekday   int
	hour, minute, second, micro int
	ampm                        int // 0: am, 1: pm
	tzname                      string
	tzoffset                    *int
}

// parseFree is dateutil's parser.parse.
func parseFree(s string, now time.Time) (time.Time, error) {
	p := &freeParser{toks: freeTokens(s), year: now.Year()}
	p.res = freeResult{year: -1, month: -1, day: -1, weekday: -1, hour: -1, minute: -1, second: -1, micro: -1, ampm: -1}
	p.ymd = ymd{year: -1, month: -1, day: -1}
	bad := exception.ValueErrorf("Unknown string format: %s", s)
	if !p.run() {
		return time.Time{}, bad
	}
	r := &p.res
	if r.empty() {
		return time.Time{}, exception.ValueErrorf("String does not contain a date: %s", s)
	}
	return p.build(now)
}

func (r *freeResult) empty() bool {
	return r.year < 0 && r.month < 0 && r.day < 0 && r.weekday < 0 && r.hour < 0 && r.minute < 0 && r.second < 0 &&
		r.micro < 0 && r.ampm < 0 && r.tzname == "" && r.tzoffset == nil
}

// build makes the time of the fields. Missing fields are those of the beginning of today.
func (p *freeParser) build(now time.Time) (time.Time, error) {
	r := &p.res
	or := func(v, dflt int) int {
		if v < 0 {
			return dflt
		}
		return v
	}
	year, month := or(r.year, now.Year()), or(r.month, int(now.Month()))
	day := r.day
	if year < 1 || year > 9999 || month < 1 || month > 12 {
		return time.Time{}, exception.ValueErrorf("year or month is out of range")
	}
	if day < 0 {
		day = min(now.Day(), time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	if err := CheckDate(year, month, day); err != nil {
		return time.Time{}, err
	}
	hour, minute, second := or(r.hour, 0), or(r.minute, 0), or(r.second, 0)
	if hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, exception.ValueErrorf("hour, minute or second is out of range")
	}
	loc := time.UTC
	if r.tzoffset != nil && *r.tzoffset != 0 && r.tzname != "UTC" {
		if *r.tzoffset >= 86400 || *r.tzoffset <= -86400 {
			return time.Time{}, exception.ValueErrorf("offset must be strictly between -24 and 24 hours")
		}
		loc = time.FixedZone(r.tzname, *r.tzoffset)
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, or(r.micro, 0)*1000, loc)
	if r.weekday >= 0 && r.day <= 0 {
		t = t.AddDate(0, 0, (r.weekday-(int(t.Weekday())+6)%7+7)%7)
	}
	return t, nil
}

// fullYear turns a year of two digits into the one that is within fifty years of the present year.
func (p *freeParser) fullYear(year int) int {
	if year >= 100 {
		return year
	}
	year += p.year / 100 * 100
	switch {
	case year >= p.year+50:
		year -= 100
	case year < p.year-50:
		year += 100
	}
	return year
}

// twoParts splits a number into its whole part and its fraction, which it gives in multiples of
// 1/unit. has reports whether the fraction is not zero.
func twoParts(n *big.Rat, unit int64) (whole int, part int, has bool) {
	w := new(big.Int).Quo(n.Num(), n.Denom())
	frac := new(big.Rat).Sub(n, new(big.Rat).SetInt(w))
	if !w.IsInt64() || w.Int64() > 1<<31 {
		return 1 << 31, 0, false
	}
	frac.Mul(frac, new(big.Rat).SetInt64(unit))
	k := new(big.Int).Quo(frac.Num(), frac.Denom())
	return int(w.Int64()), int(k.Int64()), frac.Sign() != 0
}

// atoi reads a text of ASCII digits. It reports false for any other text.
func atoi(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && pytext.CountDigits(s) == len(s)
}
