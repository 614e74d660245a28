package rest_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"anytap/internal/rest"
)

// FuzzMoment: no time lies in the past, blanks do not matter, and digits alone mean what they say.
func FuzzMoment(f *testing.F) {
	for _, text := range []string{"12", "0.5", "-1", "1e3", "0x10", "NaN", "1764547200", "1764547200000", "Fri, 20 Nov 2026 00:00:00 GMT", "2026-11-20T00:00:00+02:00", "99999999999999999999"} {
		f.Add(text)
	}
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		got := rest.Moment(text, now)
		if got < 0 || rest.Moment(" "+text+"\t", now) != got {
			t.Errorf("%q: %s, with blanks around it %s", text, got, rest.Moment(" "+text+"\t", now))
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || strings.TrimLeft(text, "0123456789") != "" || n > 1e15 {
			return
		}
		want := time.Duration(n) * time.Second
		switch {
		case n >= 1e12:
			want = max(time.UnixMilli(n).Sub(now), 0)
		case n >= 1e9:
			want = max(time.Unix(n, 0).Sub(now), 0)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	})
}

// FuzzDecodeText: whatever the header says, a body becomes text, and ASCII stays as it is.
func FuzzDecodeText(f *testing.F) {
	for _, kind := range []string{"", "text/html", "application/json; charset=utf-8", `text/csv; charset="latin1"`, "text/plain; charset=none; charset=x", ";;;", "text/html; charset"} {
		f.Add([]byte("\xef\xbb\xbfa\xe9\xc3\xa9"), kind)
	}
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		got := rest.DecodeText(body, kind)
		if !utf8.Valid(got) {
			t.Errorf("%q as %q is no text: %q", body, kind, got)
		}
		if again := rest.DecodeText(got, "application/json; charset=utf-8"); string(again) != string(got) {
			t.Errorf("%q as %q is %q, and then %q", body, kind, got, again)
		}
		if ascii := strings.IndexFunc(string(body), func(r rune) bool { return r >= utf8.RuneSelf }) < 0; ascii && string(got) != string(body) {
			t.Errorf("%q as %q became %q", body, kind, got)
		}
	})
}
