package pytime

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"anytap/internal/python"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Formats that stand for a whole number since 1970 instead of a calendar date.
const (
	formatSeconds = "%s"
	formatReal    = "%s_as_float"
	formatMicros  = "%epoch_microseconds"
	formatMillis  = "%ms"
	millisInside  = "%_ms" // milliseconds inside a format
)

// ParseDatetime reads a time in a manifest's datetime format: Python's
// strptime directives, strict as there, and "%s", "%s_as_float", "%ms",
// "%epoch_microseconds" alone and "%_ms" inside. Without zone it is in UTC.
// v is text or, for the formats of a number, a number.
func ParseDatetime(format string, v any) (time.Time, error) {
	switch format {
	case formatSeconds:
		if s, ok := v.(string); ok && len(s) < 12 && s != "" && pytext.CountDigits(s) == len(s) {
			n, err := strconv.ParseInt(s, 10, 64)
			if err == nil && n <= maxSeconds {
				return time.Unix(n, 0).UTC(), nil
			}
		}
		n, err := number.Int(v)
		if err != nil {
			return time.Time{}, err
		}
		return FromSeconds(n)
	case formatReal:
		f, err := number.Float(v)
		if err != nil {
			return time.Time{}, err
		}
		return FromTimestamp(f)
	case formatMicros:
		return sinceEpoch(v, 1)
	case formatMillis:
		return sinceEpoch(v, 1000)
	}
	s, err := python.Str(v)
	if err != nil {
		return time.Time{}, err
	}
	t, _, err := Strptime(s, strings.ReplaceAll(format, millisInside, "%f"))
	return t, err
}

// FormatDatetime writes a time in a manifest's datetime format: Python's
// strftime directives and those that ParseDatetime knows on top.
func FormatDatetime(t time.Time, format string) string {
	f := Timestamp(t)
	switch format {
	case formatSeconds:
		return truncated(f)
	case formatReal:
		return value.Repr(f)
	case formatMicros:
		return truncated(f * 1_000_000)
	case formatMillis:
		return truncated(f * 1000)
	}
	if !strings.Contains(format, millisInside) {
		return Strftime(Moment{At: t}, format)
	}
	micros := fmt.Sprintf("%06d", t.Nanosecond()/1000)
	s := Strftime(Moment{At: t}, strings.ReplaceAll(format, millisInside, "%f"))
	return strings.ReplaceAll(s, micros, micros[:3])
}

func truncated(f float64) string { return strconv.FormatInt(int64(f), 10) }

// Limits of Python's datetime, in seconds since 1970.
const (
	minSeconds = -62135596800
	maxSeconds = 253402300799
)
