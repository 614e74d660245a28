package pytime

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Duration is an isodate.Duration. Years and months are calendar units: their length depends on the
// date that they are added to.
type Duration struct {
	Years, Months float64 // a number with a fraction cannot be added to a date
	Delta         value.Timedelta
}

// ParseDuration reads an ISO 8601 duration such as "P1Y2M3W4DT5H6M7.5S", with an optional sign. Any
// number may have a fraction, after a point or a comma. It also reads the alternative form
// "P0001-02-03T04:05:06".
func ParseDuration(s string) (Duration, error) {
	d, ok, err := parsePeriod(s)
	if ok {
		return d, err
	}
	if !strings.HasPrefix(s, "P") {
		return Duration{}, exception.New("ISO8601Error", "Unable to parse duration string %s", value.Repr(s))
	}
	return alternativeDuration(s[1:])
}

// parsePeriod reads the usual form; ok is false if s does not have it.
func parsePeriod(s string) (d Duration, ok bool, err error) {
	rest := s
	negative := strings.HasPrefix(rest, "-")
	if negative || strings.HasPrefix(rest, "+") {
		rest = rest[1:]
	}
	if !strings.HasPrefix(rest, "P") {
		return d, false, nil
	}
	rest = rest[1:]
	rest = strings.TrimSuffix(rest, "\n")
	if rest == "" {
		// isodate refuses "P" alone.
		return d, true, exception.New("ISO8601Error", "Unable to parse duration string %s", value.Repr(s))
	}
	var n [7]float64
	read := func(units string, at int) {
		for i, u := range units {
			if f, tail, found := amount(rest, byte(u)); found {
				n[at+i], rest = f, tail
			}
		}
	}
	read("YMWD", 0)
	if strings.HasPrefix(rest, "T") {
		rest = rest[1:]
		read("HMS", 4)
	}
	if rest != "" {
		return d, false, nil
	}
	if n[0] > mostUnits || n[1] > mostUnits {
		return d, true, errDuration()
	}
	delta, err := NewDelta(DeltaParts{Weeks: n[2], Days: n[3], Hours: n[4], Minutes: n[5], Seconds: n[6]})
	d = Duration{Years: n[0], Months: n[1], Delta: delta}
	if negative {
		d = *d.Negated()
	}
	return d, true, err
}

// mostUnits is how many years or months a duration may have: a float64 holds as many exactly.
const mostUnits = 1e15

// mostMicros is how long a Timedelta may be, so that an int64 holds it.
const mostMicros = 9e18

func errDuration() error {
	return exception.New(exception.OverflowError, "duration is out of range")
}

// amount reads a number and its unit.
func amount(s string, unit byte) (f float64, rest string, ok bool) {
	i := pytext.CountDigits(s)
	if i == 0 {
		return 0, s, false
	}
	if i < len(s) && (s[i] == '.' || s[i] == ',') {
		k := pytext.CountDigits(s[i+1:])
		if k == 0 {
			return 0, s, false
		}
		i += 1 + k
	}
	if i >= len(s) || s[i] != unit {
		return 0, s, false
	}
	f, err := strconv.ParseFloat(strings.Replace(s[:i], ",", ".", 1), 64)
	return f, s[i+1:], err == nil || math.IsInf(f, 0)
}

// alternativeDuration reads a duration that is written as a date and a time.
func alternativeDuration(s string) (Duration, error) {
	date, clock, found := strings.Cut(s, "T")
	bad := exception.New("ISO8601Error", "Unrecognised ISO 8601 date format: %s", value.Repr(s))
	if !found {
		return Duration{}, bad
	}
	for _, layout := range []string{"2006-01-02", "20060102", "2006-002", "2006002"} {
		day, err := time.Parse(layout, date)
		if err != nil {
			continue
		}
		for _, layout := range []string{"15:04:05", "150405", "15:04", "1504", "15"} {
			t, err := time.Parse(layout, strings.Replace(clock, ",", ".", 1))
			if err != nil {
				continue
			}
			return Duration{
				Years: float64(day.Year()), Months: float64(day.Month()),
				Delta: value.NewTimedelta(int64(day.Day()), int64(t.Hour()*3600+t.Minute()*60+t.Second()), int64(t.Nanosecond()/1000)),
			}, nil
		}
	}
	return Duration{}, bad
}

// DeltaParts are the arguments of Python's timedelta().
type DeltaParts struct {
	Weeks, Days, Hours, Minutes, Seconds, Milliseconds, Microseconds float64
}

// NewDelta is Python's timedelta(). It keeps whole microseconds exact and rounds the rest half to
// even.
func NewDelta(p DeltaParts) (value.Timedelta, error) {
	var sum int64
	var left, total float64
	for _, part := range []struct{ n, unit float64 }{
		{p.Microseconds, 1}, {p.Milliseconds, 1e3}, {p.Seconds, 1e6}, {p.Minutes, 60e6},
		{p.Hours, 3600e6}, {p.Days, 86400e6}, {p.Weeks, 7 * 86400e6},
	} {
		whole, frac := math.Modf(part.n)
		total += part.n * part.unit
		if !(math.Abs(total) < mostMicros && math.Abs(whole*part.unit) < mostMicros) {
			return 0, errDuration()
		}
		sum += int64(whole) * int64(part.unit)
		if frac != 0 {
			more, rest := math.Modf(frac * part.unit)
			sum += int64(more)
			left += rest
		}
	}
	whole := math.Round(left)
	if math.Abs(whole-left) == 0.5 {
		odd := float64(sum & 1)
		whole = 2*math.Round((left+odd)*0.5) - odd
	}
	return value.Timedelta(sum + int64(whole)), nil
}

// IsZero reports whether the duration is zero.
func (d Duration) IsZero() bool { return d.Years == 0 && d.Months == 0 && d.Delta == 0 }

// Calendar reports whether the duration has years or months.
func (d Duration) Calendar() bool { return d.Years != 0 || d.Months != 0 }

// AddTo adds the duration to a time: first the years and months, then the rest. If the month is too
// short for the day, the result is its last day. It fails for fractions of years and months, and
// outside the years 1 to 9999.
func (d Duration) AddTo(t time.Time) (time.Time, error) { return d.Shift(t, 1) }

// SubFrom subtracts the duration from a time; see AddTo.
func (d Duration) SubFrom(t time.Time) (time.Time, error) { return d.Shift(t, -1) }

// Fractional fails with a ValueError if years or months have a fraction.
func (d Duration) Fractional() error {
	if d.Years != math.Trunc(d.Years) || d.Months != math.Trunc(d.Months) {
		return exception.ValueErrorf("fractional years or months not supported for date calculations")
	}
	return nil
}

// Shift adds the duration to t or, if sign is -1, subtracts it.
func (d Duration) Shift(t time.Time, sign int) (time.Time, error) {
	if err := d.Fractional(); err != nil {
		return t, err
	}
	if d.Calendar() {
		months := float64(t.Month()) - 1 + float64(sign)*d.Months
		carry := math.Floor(months / 12)
		year := float64(t.Year()) + float64(sign)*d.Years + carry
		if year < 1 || year > 9999 {
			return t, exception.ValueErrorf("year %d is out of range", int64(year))
		}
		month := time.Month(months-12*carry) + 1
		last := time.Date(int(year), month+1, 0, 0, 0, 0, 0, time.UTC).Day()
		h, m, s := t.Clock()
		t = time.Date(int(year), month, min(t.Day(), last), h, m, s, t.Nanosecond(), t.Location())
	}
	return AddDelta(t, d.Delta*value.Timedelta(sign))
}

// AddDelta adds d to the wall clock of t. It fails outside the years 1 to 9999.
func AddDelta(t time.Time, d value.Timedelta) (time.Time, error) {
	days, rest := d.Days(), time.Duration(d-value.Timedelta(d.Days())*value.Day)*time.Microsecond
	if days > 4e6 || days < -4e6 {
		return t, exception.New(exception.OverflowError, "date value out of range")
	}
	t = t.Add(rest)
	y, m, dd := t.Date()
	h, mi, s := t.Clock()
	t = time.Date(y, m, dd+int(days), h, mi, s, t.Nanosecond(), t.Location())
	if t.Year() < 1 || t.Year() > 9999 {
		return t, exception.New(exception.OverflowError, "date value out of range")
	}
	return t, nil
}

// Negated is -d.
func (d *Duration) Negated() *Duration {
	return &Duration{Years: -d.Years, Months: -d.Months, Delta: -d.Delta}
}

// Plus is d + e. It fails with an OverflowError if that is too long.
func (d *Duration) Plus(e *Duration) (*Duration, error) {
	sum := &Duration{Years: d.Years + e.Years, Months: d.Months + e.Months, Delta: d.Delta + e.Delta}
	if math.Abs(float64(d.Delta)+float64(e.Delta)) > mostMicros || math.Abs(sum.Years) > mostUnits || math.Abs(sum.Months) > mostUnits {
		return nil, errDuration()
	}
	return sum, nil
}

// Equal is part of python.Comparable.
func (d *Duration) Equal(_ *value.Meter, v any) bool {
	switch v := v.(type) {
	case *Duration:
		return d.Years*12+d.Months == v.Years*12+v.Months && d.Delta == v.Delta
	case value.Timedelta:
		return !d.Calendar() && d.Delta == v
	}
	return false
}

// TypeName is part of value.Object.
func (d *Duration) TypeName() string { return "Duration" }

// Repr is part of value.Object.
func (d *Duration) Repr() string {
	return fmt.Sprintf("isodate.duration.Duration(%d, %d, %d, years=%d, months=%d)",
		d.Delta.Days(), d.Delta.Seconds(), d.Delta.Microseconds(), int64(d.Years), int64(d.Months))
}

// Str is part of value.Object.
func (d *Duration) Str() string {
	s := ""
	if d.Years != 0 {
		s += fmt.Sprintf("%d years, ", int64(d.Years))
	}
	if d.Months != 0 {
		unit := "months"
		if d.Months <= 1 {
			unit = "month"
		}
		s += fmt.Sprintf("%d %s, ", int64(d.Months), unit)
	}
	return s + d.Delta.String()
}

// Truth is part of value.Object.
func (d *Duration) Truth() bool { return true }

// Attribute is part of python.Attributed.
func (d *Duration) Attribute(name string) (any, bool, error) {
	switch name {
	case "years":
		return decimalOf(d.Years), true, nil
	case "months":
		return decimalOf(d.Months), true, nil
	case "tdelta":
		return d.Delta, true, nil
	}
	return nil, false, nil
}

// Delegate is part of python.Delegating: a duration has the attributes of its timedelta too.
func (d *Duration) Delegate() any { return d.Delta }
