package cursor

import (
	"errors"
	"fmt"
	"time"

	"anytap/internal/value"
)

// duration is an ISO 8601 duration: a number of calendar months and a fixed length. Its zero value
// has no length.
type duration struct {
	months int
	fixed  value.Timedelta
	// fractional says that years or months are fractions, so that no date can be moved by the
	// duration.
	fractional bool
}

func (d duration) isZero() bool { return d == duration{} }

// calendar reports whether the length of d depends on the date.
func (d duration) calendar() bool { return d.months != 0 || d.fractional }

var (
	errOverflow   = errors.New("the date lies outside the years 1 to 9999")
	errFractional = errors.New("a duration with fractional years or months can not be added to a date")
)

// maxTime is the latest date that Python knows.
var maxTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)

// plus moves t by d. In a month without that day it is the last day.
func (d duration) plus(t time.Time) (time.Time, error) { return d.move(t, 1) }

// minus moves t back by d.
func (d duration) minus(t time.Time) (time.Time, error) { return d.move(t, -1) }

func (d duration) move(t time.Time, sign int) (time.Time, error) {
	if d.fractional {
		return t, errFractional
	}
	if d.months != 0 {
		moved, err := addMonths(t, sign*d.months)
		if err != nil {
			return t, err
		}
		t = moved
	}
	return addFixed(t, value.Timedelta(sign)*d.fixed)
}

// addMonths moves t by calendar months. Its error for a year out of range is not errOverflow, which
// after takes for "no end".
func addMonths(t time.Time, months int) (time.Time, error) {
	year, month, day := t.Date()
	n := year*12 + int(month) - 1 + months
	year, month = floorDiv(n, 12), time.Month(n-12*floorDiv(n, 12)+1)
	if year < 1 || year > 9999 {
		return t, fmt.Errorf("the year %d lies outside 1 to 9999", year)
	}
	if last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day(); day > last {
		day = last
	}
	hour, minute, second := t.Clock()
	return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), t.Location()), nil
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// addFixed moves t by a fixed length.
func addFixed(t time.Time, by value.Timedelta) (time.Time, error) {
	const second = int64(value.Second)
	sum := time.Unix(t.Unix()+int64(by)/second, int64(t.Nanosecond())+int64(by)%second*1000).In(t.Location())
	return sum, inRange(sum)
}

// inRange checks the year of t in its own zone.
func inRange(t time.Time) error {
	if year := t.Year(); year < 1 || year > 9999 {
		return errOverflow
	}
	return nil
}
