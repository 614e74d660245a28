package exchange

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"anytap/internal/rest"
)

// hints are what an answer's headers say about the API's rate limit.
type hints struct {
	retryAfter time.Duration // 0: not said
	left       int           // calls left; -1: not said
	limit      int           // calls in a whole window; 0: not said
	reset      time.Duration // until the count starts anew; 0: not said
}

// readHints reads the headers in use: Retry-After (RFC 9110), X-RateLimit-… in its spellings, with
// -Minute and X-RateLimit-Retry-After as Help Scout has them, and the RateLimit fields of the
// IETF's httpapi drafts, old and new.
func readHints(h http.Header, now time.Time) hints {
	got := hints{left: -1}
	retryAfter := firstOf(h, "Retry-After", "X-Ratelimit-Retry-After", "X-Rate-Limit-Retry-After")
	reset := firstOf(h, "X-Ratelimit-Reset", "X-Rate-Limit-Reset", "Ratelimit-Reset", "X-Ratelimit-Reset-After")
	if retryAfter != "" || reset != "" {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date // the API's own clock is what its times mean
		}
	}
	got.retryAfter, got.reset = rest.Moment(retryAfter, now), rest.Moment(reset, now)
	got.limit = count(firstOf(h, "X-Ratelimit-Limit", "X-Rate-Limit-Limit", "Ratelimit-Limit", "X-Ratelimit-Limit-Minute"), 0)
	got.left = count(firstOf(h, "X-Ratelimit-Remaining", "X-Rate-Limit-Remaining", "Ratelimit-Remaining"), -1)
	if minute := h.Get("X-Ratelimit-Remaining-Minute"); got.left < 0 && minute != "" {
		if got.left = count(minute, -1); got.reset == 0 {
			got.reset = time.Minute
		}
	}
	if text := h.Get("Ratelimit"); text != "" {
		got.structured(text)
	}
	if text := h.Get("Ratelimit-Policy"); text != "" && got.limit == 0 {
		got.limit = count(field(text, "q"), 0)
	}
	return got
}

// structured reads `"default";r=50;t=30` and its predecessor `limit=100, remaining=50, reset=30`.
func (got *hints) structured(text string) {
	if n := count(cmp.Or(field(text, "r"), field(text, "remaining")), -1); n >= 0 {
		got.left = n
	}
	if n := count(cmp.Or(field(text, "t"), field(text, "reset")), -1); n >= 0 {
		got.reset = rest.Seconds(float64(n))
	}
	if n := count(field(text, "limit"), 0); n > 0 {
		got.limit = n
	}
}

// field is the value of the first parameter with a name in a structured field.
func field(text, name string) string {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ',' }) {
		if key, v, ok := strings.Cut(part, "="); ok && strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(v), `"`)
		}
	}
	return ""
}

func firstOf(h http.Header, names ...string) string {
	for _, name := range names {
		if v := h[name]; len(v) > 0 && v[0] != "" {
			return v[0]
		}
	}
	return ""
}

func count(text string, missing int) int {
	if text == "" {
		return missing // the parse's error would have to be made
	}
	text, _, _ = strings.Cut(text, ",") // some list several windows; the first is the nearest
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return missing
	}
	return n
}
