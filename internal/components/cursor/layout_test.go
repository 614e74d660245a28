package cursor

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anytap/internal/python/pytime"
)

var layouts = []string{
	"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%d %H:%M:%S", "%Y%m%d",
	"%Y-%m-%dT%H:%M:%S.%_msZ", "%d.%m.%Y", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y%m%dT%H%M%S",
}

// TestLayoutsAgreeWithTheGeneralParser tries texts that are right or nearly right.
func TestLayoutsAgreeWithTheGeneralParser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(layouts).Draw(t, "format")
		l := newLayout(format)
		if l == nil {
			t.Fatalf("no layout for %q", format)
		}
		text := drawText(t, rapid.SampledFrom(layouts).Draw(t, "written as"))
		at, verdict := parseFast(l, text)
		want, err := strptime(text, format)
		switch {
		case verdict == matches && err != nil:
			t.Fatalf("%q as %q: read, but %v", text, format, err)
		case verdict == matches && !at.time().Equal(want):
			t.Fatalf("%q as %q: %v, want %v", text, format, at.time(), want)
		case verdict == matches && pytime.FormatDatetime(at.time(), "%z") != pytime.FormatDatetime(want, "%z"):
			t.Fatalf("%q as %q: zone %v, want %v", text, format, at.time(), want)
		case verdict == differs && err == nil:
			t.Fatalf("%q as %q: refused, want %v", text, format, want)
		}
	})
}

// drawText formats a random time, and often spoils the text.
func drawText(t *rapid.T, format string) string {
	zone := time.FixedZone("", rapid.SampledFrom([]int{0, 7200, -19800}).Draw(t, "offset"))
	at := time.UnixMicro(rapid.Int64Range(-30e15, 100e15).Draw(t, "at")).In(zone)
	text := pytime.FormatDatetime(at, format)
	switch rapid.IntRange(0, 8).Draw(t, "spoiled") {
	case 0:
		i := rapid.IntRange(0, len(text)).Draw(t, "i")
		text = text[:i] + rapid.SampledFrom([]string{"0", "9", " ", "-", "x", "é", "Z", ":"}).Draw(t, "more") + text[i:]
	case 1:
		i := rapid.IntRange(0, len(text)-1).Draw(t, "i")
		text = text[:i] + text[i+1:]
	case 2:
		text = strings.ToLower(text)
	case 3:
		text = strings.Replace(text, "0", "", 1)
	case 4:
		i := rapid.IntRange(0, len(text)-1).Draw(t, "i")
		text = text[:i] + rapid.SampledFrom([]string{"0", "6", "9", "+"}).Draw(t, "other") + text[i+1:]
	}
	return text
}

func TestParse(t *testing.T) {
	tests := map[string]struct {
		formats []string
		v       any
		want    string // "-": not understood, "!": an error
	}{
		"day":                      {[]string{"%Y-%m-%d"}, "2026-02-28", "2026-02-28T00:00:00Z"},
		"no such day":              {[]string{"%Y-%m-%d"}, "2026-02-29", "-"},
		"zone is kept":             {[]string{"%Y-%m-%dT%H:%M:%S%z"}, "2026-11-02T03:04:05+0200", "2026-11-02T03:04:05+02:00"},
		"zone with colon":          {[]string{"%Y-%m-%dT%H:%M:%S%z"}, "2026-11-02T03:04:05-05:30", "2026-11-02T03:04:05-05:30"},
		"second format":            {[]string{"%Y-%m-%d", "%s"}, "1793577600", "2026-11-02T00:00:00Z"},
		"number":                   {[]string{"%s"}, int64(1793577600), "2026-11-02T00:00:00Z"},
		"real number, whole":       {[]string{"%s"}, 1793577600.9, "2026-11-02T00:00:00Z"},
		"real number":              {[]string{"%s_as_float"}, 1793577600.5, "2026-11-02T00:00:00.5Z"},
		"text of a real number":    {[]string{"%s_as_float"}, " 1_793_577_600.5 ", "2026-11-02T00:00:00.5Z"},
		"no number":                {[]string{"%s"}, "12.5", "-"},
		"milliseconds":             {[]string{"%ms"}, "1793577600123", "2026-11-02T00:00:00.123Z"},
		"microseconds":             {[]string{"%epoch_microseconds"}, int64(1793577600123456), "2026-11-02T00:00:00.123456Z"},
		"milliseconds as seconds":  {[]string{"%s"}, int64(1793577600123), "-"},
		"microseconds as millis":   {[]string{"%ms"}, int64(1793577600123456), "!"},
		"milliseconds in the text": {[]string{"%Y-%m-%dT%H:%M:%S.%_msZ"}, "2026-11-02T00:00:00.120Z", "2026-11-02T00:00:00.12Z"},
		"digits":                   {[]string{"%Y%m%d"}, int64(20261102), "2026-11-02T00:00:00Z"},
		"null":                     {[]string{"%Y-%m-%d"}, nil, "-"},
		"digits of another script": {[]string{"%s"}, "٥", "1970-01-01T00:00:05Z"},
		"yes":                      {[]string{"%s"}, true, "1970-01-01T00:00:01Z"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDates(tt.formats[len(tt.formats)-1], tt.formats[:len(tt.formats)-1])
			at, err := d.parse(tt.v)
			got := at.Format(time.RFC3339Nano)
			if errors.Is(err, errNoDate) {
				got = "-"
			} else if err != nil {
				got = "!"
			}
			if got != tt.want {
				t.Errorf("got %s (%v), want %s", got, err, tt.want)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 123_456_000, time.FixedZone("", 3600))
	for format, want := range map[string]string{
		"%s": "1767319445", "%s_as_float": "1767319445.123456", "%ms": "1767319445123", "%epoch_microseconds": "1767319445123456",
		"%Y-%m-%dT%H:%M:%S%z": "2026-01-02T03:04:05+0100", "%H.%_ms": "03.123",
	} {
		if f := newFormat(format); f.write(at) != want {
			t.Errorf("%s: %s, want %s", format, f.write(at), want)
		}
	}
}

func TestTextsSortAsTimesWhereAFormatSaysSo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFormat(rapid.SampledFrom(append([]string{"%s", "%ms", "%s_as_float", "%epoch_microseconds"}, layouts...)).Draw(t, "format"))
		a := instant{micros: rapid.Int64Range(0, 20e15).Draw(t, "a")}
		b := instant{micros: rapid.Int64Range(0, 20e15).Draw(t, "b")}
		if a.micros > b.micros || !f.sorts(a) || !f.sorts(b) {
			return
		}
		if x, y := f.write(a.time()), f.write(b.time()); x > y {
			t.Fatalf("%s: %s > %s", f.text, x, y)
		}
	})
}

func TestDurations(t *testing.T) {
	start := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"P1M": "2026-02-28T12:00:00", "P1Y1M": "2027-02-28T12:00:00", "P1DT1H": "2026-02-01T13:00:00", "P1W": "2026-02-07T12:00:00",
		"PT0.5S": "2026-01-31T12:00:00.5", "-P1D": "2026-01-30T12:00:00", "P11M": "2026-12-31T12:00:00",
	} {
		d, err := parseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		at, err := d.plus(start)
		if got := at.Format("2006-01-02T15:04:05.999999"); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"P1.5M", "1D", "", "P", "P99999Y"} {
		d, err := parseDuration(text)
		if err == nil {
			_, err = d.plus(start)
		}
		if err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
	if _, err := (duration{months: 1}).minus(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil || errors.Is(err, errOverflow) {
		t.Errorf("a year 0: %v", err)
	}
	if _, err := (duration{fixed: 1}).plus(maxTime); !errors.Is(err, errOverflow) {
		t.Errorf("a year 10000: %v", err)
	}
}

func FuzzRawValues(f *testing.F) {
	for _, s := range []string{`"2026-11-02T03:04:05Z"`, `1793577600`, `"1793577600"`, `null`, `"\u0032"`, `-1`, `1e3`} {
		f.Add(s)
	}
	cursors := []*bounds{
		{field: "u", dates: newDates("%Y-%m-%dT%H:%M:%SZ", []string{"%Y%m%d"})},
		{field: "u", dates: newDates("%s", nil)},
		{field: "u", dates: newDates("%Y-%m-%dT%H:%M:%S%z", []string{"%ms"})},
	}
	f.Fuzz(func(t *testing.T, text string) {
		record := recordText(text)
		if record == nil {
			return
		}
		for _, b := range cursors {
			at, kind, _ := b.valueOf(nil, record)
			slow, want, _ := b.decodeValue(record)
			if kind != want || kind == dateValue && at != slow {
				t.Errorf("%s: %v %v, want %v %v", text, at, kind, slow, want)
			}
		}
	})
}

func BenchmarkObserve(b *testing.B) {
	c := &single{bounds: &bounds{field: "u", dates: newDates("%Y-%m-%dT%H:%M:%SZ", nil)}}
	s := sliceOf("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z")
	c.open.add(s, &openSlice{peak: &peak{}})
	records := make([][]byte, 1000)
	for i := range records {
		records[i] = fmt.Appendf(nil, `{"id":%d,"u":"2026-03-04T05:%02d:%02dZ","name":"some text that is there"}`, i, i/60%60, i%60)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Observe(s, recordFrom(records[i%1000]))
	}
}
