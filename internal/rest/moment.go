package rest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Seconds makes a time of seconds: 0 where they are negative or no number, and the longest that
// there is where they are more.
func Seconds(f float64) time.Duration {
	if !(f > 0) {
		return 0
	}
	const most = float64(math.MaxInt64/time.Second - 1)
	return time.Duration(min(f, most) * float64(time.Second))
}

// epochFrom tells seconds from now apart from seconds and milliseconds since 1970.
const (
	epochFrom      = 1e9
	epochMilliFrom = 1e12
)

// Moment reads a time to come, as headers have it: seconds from now, Unix seconds or milliseconds,
// or a date. Zero: none, or past.
func Moment(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && !strings.ContainsAny(text, "eExXpP_") {
		switch {
		case !(n > 0):
			return 0
		case n >= epochMilliFrom:
			return max(time.UnixMilli(int64(min(n, 1e17))).Sub(now), 0)
		case n >= epochFrom:
			return max(time.Unix(int64(n), 0).Sub(now), 0)
		}
		return Seconds(n)
	}
	for _, layout := range []string{http.TimeFormat, time.RFC850, time.ANSIC, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return max(t.Sub(now), 0)
		}
	}
	return 0
}
