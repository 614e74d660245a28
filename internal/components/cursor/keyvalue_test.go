package cursor

import (
	"testing"
	"time"

	"anytap/internal/value"
)

func TestParseTime(t *testing.T) {
	at := time.Date(2026, 3, 10, 8, 0, 1, 0, time.UTC)
	tests := map[string]struct {
		text string
		at   time.Time
		unit time.Duration
		ok   bool
	}{
		"UTC":                     {"2026-03-10T08:00:01Z", at, time.Second, true},
		"an offset":               {"2026-03-10T10:00:01+02:00", at, time.Second, true},
		"an offset without colon": {"2026-03-10T10:00:01+0200", at, time.Second, true},
		"an offset of hours":      {"2026-03-10T03:00:01-05", at, time.Second, true},
		"milliseconds":            {"2026-03-10T08:00:01.250Z", at.Add(250 * time.Millisecond), time.Millisecond, true},
		"microseconds":            {"2026-03-10T10:00:01.000250+02:00", at.Add(250 * time.Microsecond), time.Microsecond, true},
		"a blank":                 {"2026-03-10 08:00:01.250Z", at.Add(250 * time.Millisecond), time.Millisecond, true},
		"a blank before the zone": {"2026-03-10 08:00:01 UTC", at, time.Second, true},
		"no zone":                 {"2026-03-10 08:00:01", at, time.Second, true},
		"minutes":                 {"2026-03-10T08:00", at.Add(-time.Second), time.Minute, true},
		"a date":                  {"2026-03-10", at.Truncate(24 * time.Hour), 24 * time.Hour, true},
		"HTTP's":                  {"Tue, 10 Mar 2026 08:00:01 GMT", at, time.Second, true},
		"without hyphens":         {"20260310T080001Z", at, time.Second, true},
		"no such day":             {"2026-02-30", time.Time{}, 0, false},
		"a week":                  {"2026-W10-1x", time.Time{}, 0, false},
		"words behind":            {"2026-03-10 or later", time.Time{}, 0, false},
		"a number":                {"1767225610000", time.Time{}, 0, false},
		"too many digits":         {"2026-03-10T08:00:01.0000000001Z", time.Time{}, 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, form, ok := parseTime(test.text)
			if ok != test.ok || !ok {
				if ok != test.ok {
					t.Fatalf("parsed: %v, expected %v", ok, test.ok)
				}
				return
			}
			if !got.Equal(test.at) || form.unit != test.unit {
				t.Errorf("is %s by %s, expected %s by %s", got, form.unit, test.at, test.unit)
			}
			if again := form.write(got); again != test.text {
				t.Errorf("written again it is %q", again)
			}
			reader := timeReader{}
			for range 2 {
				if again, _, ok := reader.parse(test.text); !ok || !again.Equal(got) {
					t.Errorf("a reader gives %s, %v", again, ok)
				}
			}
		})
	}
}

// FuzzParseTime: a text that is a time is the same time when it is written again.
func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2026-03-10T08:00:01.25Z", "2026-03-10 08:00 +02", "Tue, 10 Mar 2026 08:00:01 GMT", "2026-03-10"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, form, ok := parseTime(text)
		if !ok {
			return
		}
		if again, _, ok := parseTime(form.write(at)); !ok || !again.Equal(at) {
			t.Errorf("%q is written again as %q, which is %s, %v", text, form.write(at), again, ok)
		}
	})
}

func TestKeysInOrder(t *testing.T) {
	for name, test := range map[string]struct{ less, more any }{
		"times in two zones":        {"2026-03-10T10:00:00+02:00", "2026-03-10T08:00:00.001Z"},
		"HTTP's times":              {"Tue, 10 Mar 2026 08:00:00 GMT", "Sun, 15 Mar 2026 08:00:00 GMT"},
		"numbers":                   {int64(9), int64(10)},
		"numbers as texts":          {"9", "10"},
		"a number and a text of it": {int64(9), "10"},
		"update sequences":          {"9-zzz", "10-aaa"},
		"texts":                     {"01HZZ", "01J00"},
		"identifiers with hyphens":  {"01908c5e-7000", "0190a000-7000"},
		"a date and a time":         {"2026-03-10", "2026-03-10T00:00:01Z"},
	} {
		t.Run(name, func(t *testing.T) {
			a, errA := newKey(test.less)
			b, errB := newKey(test.more)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if !a.less(&b) || b.less(&a) {
				t.Errorf("%v is not less than %v", test.less, test.more)
			}
		})
	}
}

// TestKeysOfAFormat: texts that have the configured format are times.
func TestKeysOfAFormat(t *testing.T) {
	r := timeReader{format: formOf("%d.%m.%Y")}
	a, _ := r.key("31.01.2026")
	b, _ := r.key("01.02.2026")
	if !a.isTime || !a.less(&b) || a.form.unit != 24*time.Hour {
		t.Errorf("%v and %v are no days in order", a, b)
	}
	if back, err := b.back(duration{fixed: value.Day}); err != nil || back.value != "31.01.2026" || !back.isTime {
		t.Errorf("a day before is %v, %v", back.value, err)
	}
}

func TestKeyBack(t *testing.T) {
	hundred, day := 100*value.Second, duration{fixed: value.Day}
	for name, test := range map[string]struct {
		from any
		by   duration
		want any
		err  bool
	}{
		"a time keeps its zone":  {"2026-03-10T10:00:00.123456+02:00", day, "2026-03-09T10:00:00.123456+02:00", false},
		"a date":                 {"2026-03-01", day, "2026-02-28", false},
		"HTTP's time":            {"Tue, 10 Mar 2026 08:00:00 GMT", day, "Mon, 09 Mar 2026 08:00:00 GMT", false},
		"months":                 {"2026-03-31", duration{months: 1}, "2026-02-28", false},
		"seconds since 1970":     {int64(1767225610), duration{fixed: hundred}, int64(1767225510), false},
		"milliseconds":           {int64(1767225610123), duration{fixed: hundred}, int64(1767225510123), false},
		"milliseconds as a text": {"1767225610123", duration{fixed: hundred}, "1767225510123", false},
		"an identifier":          {int64(500), duration{fixed: hundred}, int64(400), false},
		"an identifier by days":  {int64(500), duration{months: 1}, nil, true},
		"a text":                 {"abc", day, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := newKey(test.from)
			if err != nil {
				t.Fatal(err)
			}
			got, err := k.back(test.by)
			if (err != nil) != test.err || err == nil && got.value != test.want {
				t.Errorf("is %v, %v, expected %v", got.value, err, test.want)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	object := func(text string) any { return dictOf(t, text) }
	for name, test := range map[string]struct {
		format    keyFormat
		low, high any
		want      string
	}{
		"nothing":                    {keyFormat{}, int64(5), nil, `5`},
		"a text":                     {keyFormat{template: "ts ge {value}"}, "2026-01-01T00:00:00Z", nil, `"ts ge 2026-01-01T00:00:00Z"`},
		"both bounds":                {keyFormat{template: "[{value},{end_value})"}, "a", "b", `"[a,b)"`},
		"JSON as a text":             {keyFormat{template: `{"at": {"$gte": "{value}"}}`}, `a"b`, nil, `"{\"at\": {\"$gte\": \"a\\\"b\"}}"`},
		"an object":                  {keyFormat{template: object(`{"at": {"$gte": "{value}", "$in": ["{value}", "x"]}, "n": 1}`)}, "a", nil, `{"at":{"$gte":"a","$in":["a","x"]},"n":1}`},
		"a number stays one":         {keyFormat{template: object(`{"gte": "{value}", "text": "from {value}"}`)}, int64(7), nil, `{"gte":7,"text":"from 7"}`},
		"a value with a name in it":  {keyFormat{template: "{value} to {end_value}"}, "{end_value}", "b", `"{end_value} to b"`},
		"a bound that does not stop": {keyFormat{template: "{value}|{end_value}"}, "a", nil, `"a|"`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(value.Append(nil, test.format.fill(test.low, test.high))); got != test.want {
				t.Errorf("is %s, expected %s", got, test.want)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for name, test := range map[string]struct {
		format string
		v      any
		want   any
	}{
		"as it came":           {"", "2026-03-10T10:00:00+02:00", "2026-03-10T10:00:00+02:00"},
		"seconds":              {"%s", "2026-03-10T10:00:00.9+02:00", "1773129600"},
		"milliseconds":         {"%ms", "2026-03-10T08:00:00.123Z", "1773129600123"},
		"a date":               {"%Y-%m-%d", "2026-03-10T23:30:00-05:00", "2026-03-11"},
		"of milliseconds":      {"%Y-%m-%dT%H:%M:%SZ", int64(1773129600123), "2026-03-10T08:00:00Z"},
		"of seconds as a text": {"%s", "1773129600", "1773129600"},
		"of its own form":      {"%d.%m.%Y", "10.03.2026", "10.03.2026"},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := newKey(test.v)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := (&keyFormat{form: formOf(test.format)}).bound(&k); err != nil || got != test.want {
				t.Errorf("is %v, %v, expected %v", got, err, test.want)
			}
		})
	}
	k, _ := newKey("abc")
	if _, err := (&keyFormat{form: formOf("%s")}).bound(&k); err == nil {
		t.Error("a text that is no time can not be formatted")
	}
}
