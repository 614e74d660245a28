package cli

import (
	"testing"
	"time"
)

func TestSinceTakesDatesTimesAndHowLongAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2026-01-31":                "2026-01-31T00:00:00Z",
		"2026-01-31T08:00:00Z":      "2026-01-31T08:00:00Z",
		"2026-01-31T08:00:00+02:00": "2026-01-31T06:00:00Z",
		"2026-01-31T08:00:00":       "2026-01-31T08:00:00Z",
		"7d":                        "2026-03-03T12:00:00Z",
		"12h":                       "2026-03-10T00:00:00Z",
		"-12h":                      "",
		"yesterday":                 "",
		"d":                         "",
		"99999999d":                 "",
	} {
		t.Run(text, func(t *testing.T) {
			at, err := parseSince(text, now)
			if want == "" && err == nil || want != "" && (err != nil || at.Format(time.RFC3339) != want) {
				t.Errorf("got %v, %v; want %q", at, err, want)
			}
		})
	}
}
