package pytime

import (
	"strings"
	"testing"
)

// TestLongDurations keeps durations within what can be counted with, or refuses them.
func TestLongDurations(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("9", 400)
	for text, want := range map[string]string{
		"P999999999999999Y":            "999999999999999 years, 0:00:00",
		"-P999999999999999M":           "-999999999999999 month, 0:00:00",
		"P104166666D":                  "104166666 days, 0:00:00",
		"P1000000000000001Y":           "out of range",
		"P" + digits + "Y":             "out of range",
		"-P" + digits + "Y":            "out of range",
		"P" + digits + "M":             "out of range",
		"P1Y" + digits + "M":           "out of range",
		"P" + digits + "W":             "out of range",
		"P" + digits + "D":             "out of range",
		"PT" + digits + "." + "5S":     "out of range",
		"P104166667D":                  "out of range",
		"P104166666DT2499999984H":      "out of range",
		"P14880952W104166666D":         "out of range",
		"P104166666DT2499999984H1S":    "out of range",
		"-P104166666DT149999999040M1S": "out of range",
	} {
		d, err := ParseDuration(text)
		got := d.Str()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%.40s: %s, want %s", text, got, want)
		}
	}
}

func TestLongSumsOfDurations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		fits bool
	}{
		{"P1Y", "P104166666D", true},
		{"P104166665D", "P1D", true},
		{"P104166666D", "P104166666D", false},
		{"-P104166666D", "-P104166666D", false},
		{"P104166666D", "-P104166666D", true},
		{"P999999999999999Y", "P2Y", false},
		{"P999999999999999M", "P2M", false},
	} {
		a, err := ParseDuration(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseDuration(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := a.Plus(&b); (err == nil) != c.fits {
			t.Errorf("%s + %s is %+v, %v", c.a, c.b, sum, err)
		}
	}
}
