package budget

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	cases := map[string]time.Duration{
		"PT1M": time.Minute, "PT1H30M": 90 * time.Minute, "P1D": 24 * time.Hour, "P1W": 7 * 24 * time.Hour, "PT0.5S": 500 * time.Millisecond,
		"PT1,5S": 1500 * time.Millisecond, "P1DT1S": 24*time.Hour + time.Second, "PT90S": 90 * time.Second,
		"": 0, "P": 0, "PT": 0, "P1DT": 0, "a minute": 0, "1M": 0, "P1M": 0, "P1Y": 0, "PT1S1M": 0, "PT1H1H": 0, "PT0S": 0, "PT1MT1S": 0,
		"PT-1S": 0, "PT1.2.3S": 0, "P999999999D": 0, "PTS": 0,
	}
	for text, want := range cases {
		got, err := parseDuration(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	f.Add("P1DT1H0.5S")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := parseDuration(text); err == nil && d < 0 {
			t.Errorf("%q: %v", text, d)
		}
	})
}
