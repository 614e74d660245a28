package cursor

import (
	"testing"
	"time"

	"anytap/internal/value"

	"pgregory.net/rapid"
)

// TestWindowsAndSpansCoverEverything: every second from start to end lies in exactly one window, or
// was read before.
func TestWindowsAndSpansCoverEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, spans, end := drawBounds(t)
		var windows []window
		for w, err := range b.windows(spans) {
			if err != nil {
				t.Fatal(err)
			}
			windows = append(windows, w)
		}
		var borders []time.Time
		for _, s := range spans {
			borders = append(borders, s.start, s.end)
		}
		for _, w := range windows {
			borders = append(borders, w.low, w.high)
		}
		for _, border := range borders {
			for _, at := range []time.Time{border.Add(-time.Second), border, border.Add(time.Second)} {
				if !at.Before(b.start) && !at.After(end) {
					checkCovered(t, at, windows, spans)
				}
			}
		}
	})
}

// drawBounds makes the bounds of a cursor over seconds, and up to three spans that were read.
func drawBounds(t *rapid.T) (*bounds, []span[time.Time], time.Time) {
	hour := func(name string, low, high int) time.Time {
		return time.Date(2026, 1, 1, rapid.IntRange(low, high).Draw(t, name), 0, 0, 0, time.UTC)
	}
	b := &bounds{dates: newDates("%s", nil), start: hour("start", 0, 500), grain: duration{fixed: value.Second}}
	end := hour("end", 501, 2000)
	b.end = func() (time.Time, error) { return end, nil }
	if rapid.Bool().Draw(t, "stepped") {
		b.step = &duration{fixed: value.Timedelta(rapid.IntRange(1, 300).Draw(t, "step")) * 3600 * value.Second}
	}
	var spans []span[time.Time]
	for range rapid.IntRange(1, 3).Draw(t, "spans") {
		from := hour("from", 0, 500)
		to := from.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "length")) * time.Hour)
		if to.After(end) {
			to = end
		}
		spans = append(spans, span[time.Time]{start: from, end: to})
	}
	spans, err := merge(b, spans)
	if err != nil {
		t.Fatal(err)
	}
	return b, spans, end
}

// checkCovered allows for a span's end, which is read again: records may have come in that second.
func checkCovered(t *rapid.T, at time.Time, windows []window, spans []span[time.Time]) {
	times, read, isEnd := 0, false, false
	for _, w := range windows {
		if !at.Before(w.low) && !at.After(w.high) {
			times++
		}
	}
	for _, s := range spans {
		read = read || !at.Before(s.start) && at.Before(s.end)
		isEnd = isEnd || at.Equal(s.end)
	}
	last := spans[len(spans)-1].end
	switch {
	case times > 1 && !at.After(last) && !isEnd, times > 2:
		t.Fatalf("%v lies in %d windows", at, times)
	case times == 0 && !read && !isEnd:
		t.Fatalf("%v lies in no window and was not read", at)
	}
}
