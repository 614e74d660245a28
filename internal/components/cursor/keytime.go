package cursor

import (
	"strings"
	"time"

	"anytap/internal/python/pytime"
)

// timeForm is how a text writes a time: what is needed to write another time in the same way.
type timeForm struct {
	layout string // of package time, with as many digits of a second's fraction as the text has
	zone   *time.Location
	// strftime is a date-time format in place of the layout; empty: there is none.
	strftime string
	unit     time.Duration // the time that passes before such a text changes
}

// formOf is the form of a date-time format; empty: none.
func formOf(format string) timeForm {
	if format == "" {
		return timeForm{}
	}
	return timeForm{strftime: format, unit: grainOf(format)}
}

// write writes a time. What the form has no room for is cut off.
func (f *timeForm) write(t time.Time) string {
	if f.strftime != "" {
		return pytime.FormatDatetime(t.UTC().Truncate(time.Microsecond), f.strftime)
	}
	return t.In(f.zone).Format(f.layout)
}

// grainOf is the time that passes before a date-time format gives another text.
func grainOf(format string) time.Duration {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, grain := range []time.Duration{time.Microsecond, time.Millisecond, time.Second, time.Minute, time.Hour} {
		if pytime.FormatDatetime(at, format) != pytime.FormatDatetime(at.Add(grain), format) {
			return grain
		}
	}
	return 24 * time.Hour
}

// otherForms are the layouts of times that are not written as in ISO 8601.
var otherForms = []string{time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, "20060102T150405Z0700"}

// timeReader reads times. It remembers the form of the last one, which most others have too.
type timeReader struct {
	format timeForm // of a date-time format that texts may have; without one: none
	form   timeForm
	length int
}

func (r *timeReader) parse(text string) (time.Time, timeForm, bool) {
	if r.length > 0 && len(text) == r.length {
		if t, err := time.Parse(r.form.layout, text); err == nil {
			form := r.form
			form.zone = t.Location()
			return t, form, true
		}
	}
	t, form, ok := parseTime(text)
	if ok {
		r.form, r.length = form, len(text)
	} else if r.format.strftime != "" && numberIn(text) == nil {
		if t, err := pytime.ParseDatetime(r.format.strftime, text); err == nil {
			return t, r.format, true
		}
	}
	return t, form, ok
}

// parseTime reads a text as a time: as in ISO 8601, with a T or a blank before the time of day and
// any zone, with a date alone, or as in HTTP headers. A text without a zone is in UTC.
func parseTime(text string) (t time.Time, f timeForm, ok bool) {
	if len(text) < len("2006-01-02") || len(text) > 64 {
		return t, f, false
	}
	f.layout, f.unit = isoLayout(text)
	if f.layout == "" {
		for _, layout := range otherForms {
			if t, err := time.Parse(layout, text); err == nil {
				return t, timeForm{layout: layout, zone: t.Location(), unit: time.Second}, true
			}
		}
		return t, f, false
	}
	t, err := time.Parse(f.layout, text)
	if err != nil {
		return t, f, false
	}
	f.zone = t.Location()
	return t, f, true
}

// isoLayout returns the layout that the text may have, and its unit; empty if it has another shape.
func isoLayout(text string) (layout string, unit time.Duration) {
	if !shaped(text, "0000-00-00") {
		return "", 0
	}
	layout = "2006-01-02"
	rest := text[len(layout):]
	if rest == "" {
		return layout, 24 * time.Hour
	}
	if rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ' {
		return "", 0
	}
	layout += rest[:1]
	rest = rest[1:]
	switch {
	case shaped(rest, "00:00:00"):
		layout, rest, unit = layout+"15:04:05", rest[8:], time.Second
	case shaped(rest, "00:00"):
		layout, rest, unit = layout+"15:04", rest[5:], time.Minute
	default:
		return "", 0
	}
	if strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ",") {
		digits := 0
		for unit = time.Second; digits < len(rest)-1 && isDigit(rest[digits+1]); unit /= 10 {
			digits++
		}
		if digits == 0 || digits > 9 {
			return "", 0
		}
		layout += rest[:1] + strings.Repeat("0", digits)
		rest = rest[1+digits:]
	}
	return withZone(layout, rest), unit
}

// withZone adds the layout of a zone; empty if there is none of that shape.
func withZone(layout, zone string) string {
	blank := ""
	if strings.HasPrefix(zone, " ") {
		blank, zone = " ", zone[1:]
	}
	switch {
	case zone == "" && blank == "":
		return layout
	case zone == "Z":
		return layout + blank + "Z07:00"
	case zone == "UTC", zone == "GMT":
		return layout + blank + "MST"
	case shaped(zone, "+00:00"), shaped(zone, "-00:00"):
		return layout + blank + "-07:00"
	case shaped(zone, "+0000"), shaped(zone, "-0000"):
		return layout + blank + "-0700"
	case len(zone) == 3 && (shaped(zone, "+00") || shaped(zone, "-00")):
		return layout + blank + "-07"
	}
	return ""
}

// shaped reports whether a text begins with a shape: digits where the shape has 0, else the same
// characters.
func shaped(text, shape string) bool {
	if len(text) < len(shape) {
		return false
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(text[i]) || shape[i] != '0' && shape[i] != text[i] {
			return false
		}
	}
	return true
}
