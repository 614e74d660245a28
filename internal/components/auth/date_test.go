package auth

import (
	"math/big"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// TestParseDate compares with the reference runtime; empty: it refuses the value.
func TestParseDate(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"2026-11-20T02:00:00Z": "2026-11-20T02:00:00+00:00", "2026-11-20 02:00:00": "2026-11-20T02:00:00+00:00",
		"2026-11-20T02:00:00.123456+02:00": "2026-11-20T02:00:00.123456+02:00", "2026-11-20T02:00:00+05": "2026-11-20T02:00:00+05:00",
		"2026-11-20T02:00:00 -0500": "2026-11-20T02:00:00-05:00", "2026-11-20 02:00:00 UTC": "2026-11-20T02:00:00+00:00",
		"2026-11-20T02:00:00,5Z": "2026-11-20T02:00:00.500000+00:00", "20261120T020000Z": "2026-11-20T02:00:00+00:00",
		"2026-11-20": "2026-11-20T00:00:00+00:00", "2026-3-4": "2026-03-04T00:00:00+00:00", "2026/11/20": "2026-11-20T00:00:00+00:00",
		"2026/11/20 1:02:03": "2026-11-20T01:02:03+00:00", "11/20/2026 12:30 PM": "2026-11-20T12:30:00+00:00", "11/20/2026 12:00:00 am": "2026-11-20T00:00:00+00:00",
		"20/11/2026 10:00:00": "2026-11-20T10:00:00+00:00", "13/11/2026": "2026-11-13T00:00:00+00:00",
		"20-Nov-2026 10:00": "2026-11-20T10:00:00+00:00", "Nov 20 2026": "2026-11-20T00:00:00+00:00", "20 November 2026": "2026-11-20T00:00:00+00:00",
		"1795132800":  "2026-11-20T00:00:00+00:00",
		"12345678901": "", "-5": "", "20-Nov-2026": "", "Fri, 20 Nov 2026 10:00:00 GMT": "", "2026-11-20T10": "", "02:00": "", "": "", "soon": "",
		"2026-02-30": "", "2026-13-01": "", "2026-11-20T25:00:00Z": "", "1795132800.5": "", "11/20/2026 13:00 PM": "", "2026-11-20 noon:--": "",
	}
	cases := map[any]string{int64(5): "1970-01-01T00:00:05+00:00", true: "1970-01-01T00:00:01+00:00", false: "1970-01-01T00:00:00+00:00", nil: "", 5.5: ""}
	for text, want := range texts {
		cases[text] = want
	}
	for v, want := range cases {
		got, err := parseDate(v, today)
		if (err == nil) != (want != "") || err == nil && isoformat(got) != want {
			t.Errorf("%#v: got %s, %v; want %s", v, isoformat(got), err, want)
		}
	}
	if _, err := parseDate(new(big.Int).Lsh(big.NewInt(1), 80), today); err == nil {
		t.Error("a number that is too large was taken")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-20T02:00:00.5+02:00", "11/20/2026 1:00 PM", "Nov 20 2026", "1795132800"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseDate(s, today)
		if err != nil {
			return
		}
		again, err := parseDate(isoformat(got), today)
		if err != nil || !again.Equal(got) {
			t.Errorf("%q: read as %s, which reads as %s, %v", s, isoformat(got), isoformat(again), err)
		}
	})
}
