package statefile

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/value"
)

// The forms of a state file with the streams a and b.
const (
	singerForm   = `{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":7}},"currently_syncing":null}`
	messageForm  = `{"type":"STATE","value":{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":7}}}}`
	listForm     = `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"at":"2026-01-02"}}},{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"b","namespace":"x"},"stream_state":{"n":7}}}}]`
	globalForm   = `{"type":"GLOBAL","global":{"shared_state":null,"stream_states":[{"stream_descriptor":{"name":"a"},"stream_state":{"at":"2026-01-02"}},{"stream_descriptor":{"name":"b"},"stream_state":{"n":7}}]}}`
	legacyForm   = `{"a":{"at":"2026-01-02"},"b":{"n":7}}`
	typedLegacy  = `{"type":"LEGACY","data":{"a":{"at":"2026-01-02"},"b":{"n":7}}}`
	partitioned  = `{"use_global_cursor":false,"states":[{"partition":{"p":"1"},"cursor":{"at":"2026-01-01"}},{"partition":{"p":"2"},"cursor":{"at":"2026-01-05"}}]}`
	unfinishedOf = `{"at":"2026-01-02","page":7,"last_id":4711,"query":"x","anytap":{"format":1,"source":"s","stream":"a"}}`
)

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse("state.json", decode(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFilesKeepTheirForm(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ form, set, added, removed string }{
		"singer":  {singerForm, `{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":8}},"currently_syncing":null}`, `{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":7},"c":{"z":1}},"currently_syncing":null}`, `{"bookmarks":{"b":{"n":7}},"currently_syncing":null}`},
		"message": {messageForm, `{"type":"STATE","value":{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":8}}}}`, `{"type":"STATE","value":{"bookmarks":{"a":{"at":"2026-01-02"},"b":{"n":7},"c":{"z":1}}}}`, `{"type":"STATE","value":{"bookmarks":{"b":{"n":7}}}}`},
		"list": {
			listForm, strings.Replace(listForm, `{"n":7}`, `{"n":8}`, 1),
			strings.TrimSuffix(listForm, "]") + `,{"type":"STREAM","stream":{"stream_descriptor":{"name":"c"},"stream_state":{"z":1}}}]`,
			`[` + strings.SplitN(listForm, "}},", 2)[1],
		},
		"global": {
			globalForm, strings.Replace(globalForm, `{"n":7}`, `{"n":8}`, 1), "",
			strings.Replace(globalForm, `{"stream_descriptor":{"name":"a"},"stream_state":{"at":"2026-01-02"}},`, "", 1),
		},
		"legacy":       {legacyForm, `{"a":{"at":"2026-01-02"},"b":{"n":8}}`, `{"a":{"at":"2026-01-02"},"b":{"n":7},"c":{"z":1}}`, `{"b":{"n":7}}`},
		"typed legacy": {typedLegacy, `{"type":"LEGACY","data":{"a":{"at":"2026-01-02"},"b":{"n":8}}}`, `{"type":"LEGACY","data":{"a":{"at":"2026-01-02"},"b":{"n":7},"c":{"z":1}}}`, `{"type":"LEGACY","data":{"b":{"n":7}}}`},
		"nothing":      {`null`, `{"bookmarks":{"b":{"n":8}}}`, `{"bookmarks":{"c":{"z":1}}}`, `{}`},
		"an empty list": {
			`[]`, `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"b"},"stream_state":{"n":8}}}]`,
			`[{"type":"STREAM","stream":{"stream_descriptor":{"name":"c"},"stream_state":{"z":1}}}]`, `[]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(what, want string, change func(*File)) {
				f := parse(t, test.form)
				change(f)
				got := strings.TrimSpace(string(f.Text()))
				if want != "" && got != want {
					t.Errorf("%s gives\n%s, want\n%s", what, got, want)
				}
				if again := parse(t, got); fmt.Sprint(again.Streams()) != fmt.Sprint(f.Streams()) || again.Airbyte != f.Airbyte {
					t.Errorf("%s: read again, it has %v, not %v", what, again.Streams(), f.Streams())
				}
			}
			check("nothing", "", func(*File) {})
			check("set", test.set, func(f *File) { f.Set("b", value.DictOf("n", int64(8))) })
			check("add", test.added, func(f *File) { f.Set("c", value.DictOf("z", int64(1))) })
			check("remove", test.removed, func(f *File) { f.Remove("a") })
		})
	}
}

func TestSummaries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ state, want string }{
		"nothing":         {`null`, "at its beginning"},
		"one value":       {`{"at":"2026-01-02"}`, "at=2026-01-02"},
		"ranges":          {`{"state_type":"date-range","slices":[{"start":"2026-01-01","end":"2026-01-05"},{"start":"2026-01-07","end":"2026-01-09","most_recent_cursor_value":"2026-01-08"}]}`, "2026-01-01 … 2026-01-08 in 2 parts"},
		"partitions":      {partitioned, "at=2026-01-01 … 2026-01-05 (partitions: 2)"},
		"all partitions":  {`{"use_global_cursor":true,"state":{"at":"2026-01-05"}}`, "at=2026-01-05 for all partitions"},
		"no cursor":       {`{"__ab_no_cursor_state_message":true}`, "nothing to go on from"},
		"unfinished":      {unfinishedOf, "at=2026-01-02, unfinished: on page 7, after record 4711"},
		"several places":  {`{"partitions":[{"partition":{"p":"1"},"page":2},{"partition":{"p":"2"},"offset":20,"last_id":"x"}],"done":["h"],"anytap":{"format":1,"source":"s","stream":"a"}}`, "partitions: 3, unfinished: in 2 places (the first: p=1 on page 2), 1 finished"},
		"read to its end": {`{"page":3,"last_id":9,"anytap":{"format":1,"source":"s","stream":"a","complete":true}}`, "read to its end: on page 3, after record 9"},
		"a newer format":  {`{"anytap":{"format":99,"source":"s","stream":"a"}}`, `not readable: state of stream "a" has format 99`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := decode(t, test.state).(*value.Dict)
			s := Summarize("a", d)
			if got := s.String(); got != test.want && (!strings.HasPrefix(test.want, "not readable") || !strings.HasPrefix(got, test.want)) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSetCursor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ state, field, text, want, error string }{
		"a text stays one":     {`{"at":"2026-01-02"}`, "at", "2025", `{"at":"2025"}`, ""},
		"a number stays one":   {`{"n":7}`, "n", "12", `{"n":12}`, ""},
		"positions go":         {unfinishedOf, "at", "2025-12-31", `{"at":"2025-12-31"}`, ""},
		"each partition":       {partitioned, "at", "2025", strings.NewReplacer("2026-01-01", "2025", "2026-01-05", "2025").Replace(partitioned), ""},
		"all partitions":       {`{"use_global_cursor":true,"state":{"at":"2026"}}`, "at", "2025", `{"use_global_cursor":true,"state":{"at":"2025"}}`, ""},
		"ranges":               {`{"state_type":"date-range","slices":[{"start":"1","end":"2"}]}`, "at", "3", `{"at":"3"}`, ""},
		"no cursor before":     {`{"__ab_no_cursor_state_message":true}`, "at", "2025-01-01", "", "has no at, but __ab_no"},
		"no state before":      {`{}`, "at", "2025-01-01", `{"at":"2025-01-01"}`, ""},
		"only positions":       {`{"page":3,"anytap":{"format":1,"source":"s","stream":"a"}}`, "n", "5", `{"n":5}`, ""},
		"a misspelt field":     {`{"updated_at":"1"}`, "updatd_at", "2", "", "the state of a has no updatd_at; did you mean updated_at?"},
		"an unfinished moment": {`{"at":"2","unfinished":{"begun":"x"}}`, "at", "1", `{"at":"1"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, `{"bookmarks":{"a":`+test.state+`}}`)
			err := f.SetCursor("a", test.field, test.text)
			if (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
				t.Fatalf("error %v, want %q", err, test.error)
			}
			if got := strings.TrimSpace(string(f.Text())); err == nil && got != `{"bookmarks":{"a":`+test.want+`}}` {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ first, later, want string }{
		"the later one counts": {`{"bookmarks":{"a":{"x":1},"b":{"y":1}}}`, `{"bookmarks":{"b":{"y":2},"c":{}}}`, `{"bookmarks":{"a":{"x":1},"b":{"y":2},"c":{}}}`},
		"partitions of both": {
			`{"bookmarks":{"a":` + partitioned + `}}`,
			`{"bookmarks":{"a":{"use_global_cursor":false,"states":[{"partition":{"p":"2"},"cursor":{"at":"2026-02-01"}},{"partition":{"p":"3"},"cursor":{"at":"2026-02-02"}}]}}}`,
			`{"bookmarks":{"a":{"use_global_cursor":false,"states":[{"partition":{"p":"1"},"cursor":{"at":"2026-01-01"}},{"partition":{"p":"2"},"cursor":{"at":"2026-02-01"}},{"partition":{"p":"3"},"cursor":{"at":"2026-02-02"}}]}}}`,
		},
		"Airbyte's form": {listForm, `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"b"},"stream_state":{"n":9}}}]`, strings.Replace(listForm, `{"n":7}`, `{"n":9}`, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, test.first)
			f.Merge(parse(t, test.later))
			if got := strings.TrimSpace(string(f.Text())); got != test.want {
				t.Errorf("got\n%s, want\n%s", got, test.want)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	a, b := parse(t, `{"bookmarks":{"a":{"x":1},"b":{"y":1},"same":{"z":1},"none":{}}}`), parse(t, `{"bookmarks":{"b":{"y":2},"c":{"z":1},"same":{"z":1},"none":null}}`)
	var got []string
	for _, c := range a.Diff(b) {
		got = append(got, fmt.Sprint(c.Stream, " ", c.Before, " ", c.After))
	}
	want := `a x=1 <nil>; b y=1 y=2; c <nil> z=1`
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// FuzzParse: whatever a file holds, it is refused, or read, changed and read again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{singerForm, messageForm, listForm, globalForm, legacyForm, typedLegacy, `{"bookmarks":{"a":` + partitioned + `}}`, `{"bookmarks":{"a":` + unfinishedOf + `}}`, `[1]`, `{"type":"X"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		if err != nil {
			return
		}
		file, err := Parse("state.json", v)
		if err != nil {
			return
		}
		for _, s := range file.Summaries() {
			_ = s.String()
		}
		file.Set("new", value.DictOf("x", int64(1)))
		for _, name := range file.Streams() {
			_ = file.SetCursor(name, "at", "2026") // some have no such field
		}
		file.Remove("gone")
		if v, err = value.DecodeString(string(file.Text())); err != nil {
			t.Fatalf("%s is no JSON: %v", file.Text(), err)
		}
		again, err := Parse("state.json", v)
		if err != nil || again.Get("new") == nil {
			t.Fatalf("%s became %s: %v", text, file.Text(), err)
		}
	})
}
