package cursor

import (
	"fmt"
	"time"

	"anytap/internal/value"
)

// clamp moves a time to the start of a day, week or month: up to the next one, or down to the one
// before. nil does not move it.
type clamp func(t time.Time, up bool) (time.Time, error)

func (c clamp) up(t time.Time) (time.Time, error) {
	if c == nil {
		return t, nil
	}
	return c(t, true)
}

func midnight(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

func clampDay(t time.Time, up bool) (time.Time, error) {
	day := midnight(t)
	if up && !day.Equal(t) {
		return addFixed(day, value.Day)
	}
	return day, nil
}

// clampMonth moves a time on the first day of a month to midnight of that day in both directions.
func clampMonth(t time.Time, up bool) (time.Time, error) {
	day := midnight(t)
	if day.Day() == 1 {
		return day, nil
	}
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, t.Location())
	if !up {
		return first, nil
	}
	return addMonths(first, 1)
}

// clampWeek moves a time on the first day of a week to midnight of that day in both directions.
func clampWeek(day time.Weekday) clamp {
	return func(t time.Time, up bool) (time.Time, error) {
		ahead := (int(day) - int(t.Weekday()) + 7) % 7
		if !up && ahead != 0 {
			ahead -= 7
		}
		return addFixed(midnight(t), value.Timedelta(ahead)*value.Day)
	}
}

var weekdays = map[string]time.Weekday{
	"MONDAY": time.Monday, "TUESDAY": time.Tuesday, "WEDNESDAY": time.Wednesday, "THURSDAY": time.Thursday,
	"FRIDAY": time.Friday, "SATURDAY": time.Saturday, "SUNDAY": time.Sunday,
}

// newClamp returns the clamp of a target, and how long before its border a window ends if there is
// no granularity.
func newClamp(target string, details *value.Dict) (clamp, duration, error) {
	switch target {
	case "DAY":
		return clampDay, duration{fixed: value.Second}, nil
	case "MONTH":
		return clampMonth, duration{fixed: value.Day}, nil
	case "WEEK":
		var name any
		if details != nil {
			name, _ = details.Get("weekday")
		}
		text, _ := name.(string)
		day, ok := weekdays[text]
		if !ok {
			return nil, duration{}, fmt.Errorf("clamping to WEEK needs target_details.weekday, MONDAY to SUNDAY; found %s", value.Repr(name))
		}
		return clampWeek(day), duration{fixed: value.Day}, nil
	}
	return nil, duration{}, fmt.Errorf("clamping.target is %q, expected DAY, WEEK or MONTH", target)
}
