package sampleapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RateForm names the headers by which a system tells of its rate limit. Several may be joined with
// "+", such as "ietf+retry-after".
type RateForm string

const (
	// RateMinute is Help Scout's: X-RateLimit-Limit-Minute and X-RateLimit-Remaining-Minute, and
	// X-RateLimit-Retry-After (seconds) with a 429.
	RateMinute RateForm = "minute"
	// RateEpoch is X-RateLimit-Limit, -Remaining and -Reset in Unix seconds.
	RateEpoch RateForm = "epoch"
	// RateSeconds is RateEpoch with -Reset in seconds from now.
	RateSeconds RateForm = "seconds"
	// RateIETF is RateLimit-Policy and RateLimit as structured fields
	// (draft-ietf-httpapi-ratelimit-headers-08 and later).
	RateIETF RateForm = "ietf"
	// RateIETFFields is that draft's earlier form: RateLimit-Limit, RateLimit-Remaining and
	// RateLimit-Reset (seconds).
	RateIETFFields RateForm = "ietf-fields"
	// RetryAfterSeconds is Retry-After in seconds, with a 429 only.
	RetryAfterSeconds RateForm = "retry-after"
	// RetryAfterDate is Retry-After as an HTTP date, with a 429 only.
	RetryAfterDate RateForm = "retry-after-date"
	// RateSilent sends no header at all.
	RateSilent RateForm = "none"
)

var rateForms = map[RateForm]func(http.Header, rateNote){
	RateMinute: func(h http.Header, n rateNote) {
		h.Set("X-RateLimit-Limit-Minute", strconv.Itoa(n.limit))
		h.Set("X-RateLimit-Remaining-Minute", strconv.Itoa(n.remaining))
		if n.limited {
			h.Set("X-RateLimit-Retry-After", n.seconds())
		}
	},
	RateEpoch: func(h http.Header, n rateNote) {
		n.classic(h, strconv.FormatInt(n.resetSecond().Unix(), 10))
	},
	RateSeconds: func(h http.Header, n rateNote) { n.classic(h, n.seconds()) },
	RateIETF: func(h http.Header, n rateNote) {
		h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, n.limit, max(1, int(n.window.Seconds()))))
		h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%s`, n.remaining, n.seconds()))
	},
	RateIETFFields: func(h http.Header, n rateNote) {
		h.Set("RateLimit-Limit", strconv.Itoa(n.limit))
		h.Set("RateLimit-Remaining", strconv.Itoa(n.remaining))
		h.Set("RateLimit-Reset", n.seconds())
	},
	RetryAfterSeconds: func(h http.Header, n rateNote) {
		if n.limited {
			h.Set("Retry-After", n.seconds())
		}
	},
	RetryAfterDate: func(h http.Header, n rateNote) {
		if n.limited {
			h.Set("Retry-After", n.resetSecond().UTC().Format(http.TimeFormat))
		}
	},
	RateSilent: func(http.Header, rateNote) {},
}

func (f RateForm) check() error {
	for part := range strings.SplitSeq(string(f), "+") {
		if rateForms[RateForm(part)] == nil {
			return fmt.Errorf("unknown form %q", part)
		}
	}
	return nil
}

// rateNote is what the headers of one answer say.
type rateNote struct {
	limit, remaining int
	window           time.Duration
	now, reset       time.Time // reset: when the next call becomes free
	limited          bool
}

// seconds and resetSecond round up, so that a caller who obeys does not come too early.
func (n rateNote) seconds() string {
	return strconv.Itoa(int((max(0, n.reset.Sub(n.now)) + time.Second - 1) / time.Second))
}

func (n rateNote) resetSecond() time.Time {
	if whole := n.reset.Truncate(time.Second); whole.Before(n.reset) {
		return whole.Add(time.Second)
	}
	return n.reset
}

func (n rateNote) classic(h http.Header, reset string) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(n.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(n.remaining))
	h.Set("X-RateLimit-Reset", reset)
}

func (n rateNote) write(h http.Header, form RateForm) {
	for part := range strings.SplitSeq(string(form), "+") {
		if set := rateForms[RateForm(part)]; set != nil {
			set(h, n)
		}
	}
}

// window holds the moments of a rolling window, the oldest first. Two moments that are exactly one
// length apart are not in the same window.
type window struct {
	times []time.Time
	head  int
}

// within drops what is older than length and counts the rest.
func (w *window) within(now time.Time, length time.Duration) int {
	for w.head < len(w.times) && now.Sub(w.times[w.head]) >= length {
		w.head++
	}
	if w.head > len(w.times)/2 {
		w.times = append(w.times[:0], w.times[w.head:]...)
		w.head = 0
	}
	return len(w.times) - w.head
}

func (w *window) add(now time.Time) { w.times = append(w.times, now) }

// oldest gives the oldest moment, or now when there is none.
func (w *window) oldest(now time.Time) time.Time {
	if w.head == len(w.times) {
		return now
	}
	return w.times[w.head]
}

// admit asks for one call under a limit of n in any window of that length.
func (w *window) admit(now time.Time, n int, length time.Duration) rateNote {
	used := w.within(now, length)
	note := rateNote{limit: n, window: length, now: now, limited: used >= n}
	if !note.limited {
		w.add(now)
		used++
	}
	note.remaining = max(0, n-used)
	note.reset = w.oldest(now).Add(length)
	return note
}
