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

// FuzzStrptime: a time that was read in a format is written so that it reads as the same time,
// where it reads at all.
func FuzzStrptime(f *testing.F) {
	for _, s := range [][2]string{
		{"%Y-%m-%dT%H:%M:%S.%f%z", "2026-01-02T03:04:05.5+02:00"}, {"%b %d, %Y %I:%M %p", "Jan 5, 2026 3:04 PM"}, {"%G-W%V-%u", "2026-W01-1"},
		{"%Y %j", "2024 366"}, {"%y%m%d", "690101"}, {"%U %w %Y", "00 6 2026"}, {"%c", "Thu Jan  1 00:00:00 1970"}, {"%x %X", "01/02/26 03:04:05"}, {"%%%Y", "%2026"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, format, text string) {
		at, naive, err := Strptime(text, format)
		if err != nil {
			return
		}
		written := Strftime(Moment{At: at, Naive: naive}, format)
		if again, _, err := Strptime(written, format); err == nil && !again.Equal(at) {
			t.Errorf("%q by %q is %s, written %q, and then %s", text, format, at, written, again)
		}
	})
}
