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

// Formats of a time as a number of seconds, microseconds or milliseconds since 1970, and the
// directive for milliseconds.
const (
	formatSeconds = "%s"
	formatReal    = "%s_as_float"
	formatMicros  = "%epoch_microseconds"
	formatMillis  = "%ms"
	millisInside  = "%_ms" // the milliseconds of a second, inside a longer format
)

// ParseDatetime reads a time in a manifest's datetime format, as the CDK's DatetimeParser does. A
// format consists of strptime's directives and "%_ms", or is one of "%s", "%s_as_float", "%ms" and
// "%epoch_microseconds". v is a text or, for these, a number. A time without a zone is in UTC. The
// error is an exception: a ValueError if v does not have the format.
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
	s, err := python.Str(new(python.Thread), v)
	if err != nil {
		return time.Time{}, err
	}
	t, _, err := Strptime(s, strings.ReplaceAll(format, millisInside, "%f"))
	return t, err
}

// FormatDatetime writes a time in a manifest's datetime format; see ParseDatetime.
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
