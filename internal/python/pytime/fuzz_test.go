package pytime

import (
	"testing"
	"time"
)

func FuzzDatetime(f *testing.F) {
	f.Add("%Y-%m-%dT%H:%M:%S.%f%z", "2026-01-02T03:04:05.5+02:00")
	f.Add("%b %d, %Y %I:%M %p %Z", "Jan 5, 2026 3:04 PM UTC")
	f.Add("%G-W%V-%u %j", "2026-W01-1 002")
	f.Add("%s", "1700000000")
	f.Fuzz(func(t *testing.T, format, text string) {
		start := time.Now()
		defer func() {
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("%q, %q took %v", format, text, d)
			}
		}()
		if parsed, err := ParseDatetime(format, text); err == nil {
			FormatDatetime(parsed, format)
		}
		if _, err := ParseTime(text, today); err == nil {
			return
		}
		if _, err := ParseISO(text); err == nil {
			return
		}
		if d, err := ParseDuration(text); err == nil {
			if _, err := d.AddTo(today); err == nil {
				_ = d.Str()
			}
		}
	})
}
