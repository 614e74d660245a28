package state

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/value"
)

func dictOf(t testing.TB, text string) *value.Dict {
	t.Helper()
	v, err := value.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	d, _ := v.(*value.Dict)
	return d
}

func textOf(d *value.Dict) string {
	if d == nil {
		return "none"
	}
	return string(value.Append(nil, d))
}

// about is the member that says whose positions these are.
const about = `"anytap":{"format":1,"source":"src","stream":"s"}`

// TestBookmarkIsWrittenAndReadAgain wants each bookmark in its form, and the same bookmark from it.
func TestBookmarkIsWrittenAndReadAgain(t *testing.T) {
	empty := value.NewDict(0)
	issued := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	at := func(partition, window *value.Dict, p Position) SlicePosition {
		return SlicePosition{Partition: partition, Window: window, Position: p}
	}
	for name, test := range map[string]struct {
		bookmark Bookmark
		want     string
	}{
		"nothing": {Bookmark{}, "none"},
		"a cursor alone is the reference runtime's state": {Bookmark{Cursor: dictOf(t, `{"updated_at":"2026-11-02"}`)}, `{"updated_at":"2026-11-02"}`},
		"a page": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(7), LastID: int64(4711)})}},
			`{"page":7,"last_id":4711,` + about + `}`},
		"a page of which nothing is written": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(7)})}},
			`{"page":7,` + about + `}`},
		"a first page": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Offset, LastID: "a"})}},
			`{"offset":null,"last_id":"a",` + about + `}`},
		"the only page of a slice": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: None, LastID: "a"})}},
			`{"last_id":"a",` + about + `}`},
		"a token that may expire": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Opaque, Token: "Yzo", IssuedAt: issued, Query: "Zm9v", Came: 140})}},
			`{"cursor":"Yzo","issued_at":"2026-11-20T08:30:00Z","query":"Zm9v","came":140,` + about + `}`},
		"a way of paging that was found": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(2), Pagination: dictOf(t, `{"type":"page","param":"p"}`)})}},
			`{"page":2,"pagination":{"type":"page","param":"p"},` + about + `}`},
		"an address": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: NextURL, Token: "https://example.com/?page=2"})}},
			`{"next_url":"https://example.com/?page=2",` + about + `}`},
		"a composite key": {Bookmark{Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(1), LastID: value.NewList(int64(1), "a")})}},
			`{"page":1,"last_id":[1,"a"],` + about + `}`},
		"a position beside the cursor's state": {Bookmark{Cursor: dictOf(t, `{"at":"1"}`), Slices: []SlicePosition{at(empty, dictOf(t, `{"from":"1","to":"2"}`), Position{Kind: Page, Token: int64(2)})}},
			`{"at":"1","window":{"from":"1","to":"2"},"page":2,` + about + `}`},
		"a cursor field named partition": {Bookmark{Cursor: dictOf(t, `{"partition":"2026-11-02"}`), Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(2)})}},
			`{"partition":"2026-11-02","page":2,` + about + `}`},
		"a slice with a partition stands in a list": {Bookmark{Slices: []SlicePosition{at(dictOf(t, `{"id":1}`), empty, Position{Kind: Page, Token: int64(2)})}},
			`{"partitions":[{"partition":{"id":1},"page":2}],` + about + `}`},
		"several slices": {Bookmark{Slices: []SlicePosition{at(dictOf(t, `{"id":1}`), empty, Position{Kind: Page, Token: int64(2)}), at(dictOf(t, `{"id":2}`), dictOf(t, `{"from":"1"}`), Position{LastID: "x"})}},
			`{"partitions":[{"partition":{"id":1},"page":2},{"partition":{"id":2},"window":{"from":"1"},"last_id":"x"}],` + about + `}`},
		"finished slices": {Bookmark{Done: []string{"Eq2_iXQ2UL8", "b"}},
			`{"partitions":[],"done":["Eq2_iXQ2UL8","b"],` + about + `}`},
		"what the cursor saw of a slice": {Bookmark{Slices: []SlicePosition{{empty, dictOf(t, `{"from":"1","to":"2"}`), Position{Kind: Opaque, Token: "x"}, "2026", true, "2027", 400}}},
			`{"window":{"from":"1","to":"2"},"cursor":"x","greatest":"2026","inner":true,"until":"2027","records":400,` + about + `}`},
		"finished windows": {Bookmark{Cursor: dictOf(t, `{"at":"1"}`), Finished: []FinishedWindow{{empty, dictOf(t, `{"from":"2","to":"3"}`), "2", true, nil}, {dictOf(t, `{"id":1}`), dictOf(t, `{"from":"1"}`), nil, false, "5"}}},
			`{"at":"1","partitions":[],"anytap":{"format":1,"source":"src","stream":"s","finished":[{"window":{"from":"2","to":"3"},"greatest":"2","inner":true},{"partition":{"id":1},"window":{"from":"1"},"until":"5"}]}}`},
		"one cursor for all partitions": {Bookmark{Done: []string{"a"}, Begun: issued, Newest: "2026", From: "2025"},
			`{"partitions":[],"done":["a"],"anytap":{"format":1,"source":"src","stream":"s","begun":"2026-11-20T08:30:00Z","newest":"2026","from":"2025"}}`},
		"an unfinished full refresh": {Bookmark{Cursor: dictOf(t, `{"at":"1"}`), Full: true},
			`{"at":"1","partitions":[],"anytap":{"format":1,"source":"src","stream":"s","full":true}}`},
		"a complete read": {Bookmark{Complete: true, Slices: []SlicePosition{at(empty, empty, Position{Kind: Page, Token: int64(2), LastID: "d"})}},
			`{"page":2,"last_id":"d","anytap":{"format":1,"source":"src","stream":"s","complete":true}}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := test.bookmark
			b.Source, b.Stream = "src", "s"
			got := b.Dict()
			if textOf(got) != test.want {
				t.Fatalf("written as %s, want %s", textOf(got), test.want)
			}
			again, err := Parse(got, "src", "s")
			if err != nil {
				t.Fatal(err)
			}
			if text := textOf(again.Dict()); text != test.want {
				t.Errorf("read again it is %s, want %s", text, test.want)
			}
			if again.Complete != b.Complete || len(again.Slices) != len(b.Slices) || len(again.Done) != len(b.Done) ||
				len(again.Finished) != len(b.Finished) || !again.Begun.Equal(b.Begun) ||
				textOf(again.Cursor) != textOf(b.Cursor) {
				t.Errorf("read again it is %+v, want %+v", again, b)
			}
		})
	}
}

func TestPositionsAreLeftOutWhereTheCursorHasTheirNames(t *testing.T) {
	for _, name := range reserved {
		t.Run(name, func(t *testing.T) {
			cursor := value.DictOf(name, "2026-11-02")
			b := Bookmark{Source: "src", Stream: "s", Cursor: cursor, Done: []string{"a"}}
			if got := textOf(b.Dict()); got != textOf(cursor) {
				t.Errorf("written as %s, want the cursor's state alone", got)
			}
		})
	}
}

func TestParseRefusesWhatItCanNotGoOnFrom(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"not ours":                    {`{"anytap":7}`, `"anytap" is a int, expected an object`},
		"no format":                   {`{"anytap":{}}`, "anytap.format is missing, expected a number from 1 to 1"},
		"a newer format":              {`{"anytap":{"format":2}}`, "has format 2, newer than this version of anytap knows (1): update anytap or reset the stream"},
		"another source":              {`{"anytap":{"format":1,"source":"other","stream":"s"}}`, `belongs to the source "other", not to "src"`},
		"another stream":              {`{"anytap":{"format":1,"source":"src","stream":"t"}}`, `belongs to the stream "t": its entry was copied from there`},
		"a page that is no number":    {`{"page":"7",` + about + `}`, `page is '7', expected a whole number`},
		"an offset that is no number": {`{"offset":1.5,` + about + `}`, `offset is 1.5, expected a whole number`},
		"a page below the first":      {`{"page":-1,` + about + `}`, `page is -1, expected a whole number from 0 to 9007199254740992`},
		"an offset below the first":   {`{"partitions":[{"offset":-50}],` + about + `}`, `offset is -50, expected a whole number from 0`},
		"a page of no list":           {`{"page":9223372036854775807,` + about + `}`, `page is 9223372036854775807, expected a whole number from 0`},
		"an offset beyond 64 bits":    {`{"offset":9223372036854775808,` + about + `}`, `offset is 9223372036854775808, expected a whole number from 0`},
		"less than no records":        {`{"page":2,"records":-1,` + about + `}`, `records is -1, expected a whole number from 0`},
		"a time that is none":         {`{"cursor":"x","issued_at":"soon",` + about + `}`, `issued_at is 'soon', expected a time such as`},
		"a window that is no object":  {`{"window":[],` + about + `}`, "window is a list, expected an object"},
		"partitions without a list":   {`{"partitions":{},` + about + `}`, "partitions is a dict, expected a list"},
		"a partition's position":      {`{"partitions":[7],` + about + `}`, "partitions[0] is a int, expected an object"},
		"a partition":                 {`{"partitions":[{"partition":"x"}],` + about + `}`, "partition is a str, expected an object"},
		"done without a list":         {`{"partitions":[],"done":"x",` + about + `}`, "done is a str, expected a list of texts"},
		"finished windows":            {`{"partitions":[],"anytap":{"format":1,"source":"src","stream":"s","finished":{}}}`, "anytap.finished is a dict, expected a list"},
		"a finished window":           {`{"partitions":[],"anytap":{"format":1,"source":"src","stream":"s","finished":[7]}}`, "anytap.finished[0] is a int, expected an object"},
		"a begin that is no time":     {`{"partitions":[],"anytap":{"format":1,"source":"src","stream":"s","begun":7}}`, "begun is 7, expected a time such as"},
		"a finished slice":            {`{"partitions":[],"done":["x",7],` + about + `}`, "done[1] is a int, expected a text"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(dictOf(t, test.text), "src", "s")
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), `stream "s"`) {
				t.Errorf("error %v, want one about the stream with %q", err, test.want)
			}
		})
	}
}

func TestParseTakesTheReferenceRuntimesStateWhole(t *testing.T) {
	for name, text := range map[string]string{
		"a cursor":      `{"updated_at":"2026-11-02"}`,
		"partitions":    `{"states":[{"partition":{"id":1},"cursor":{"at":"1"}}],"use_global_cursor":false,"lookback_window":1}`,
		"without one":   `{"__ab_no_cursor_state_message":true}`,
		"our own names": `{"page":7,"last_id":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Parse(dictOf(t, text), "src", "s")
			if err != nil || textOf(b.Cursor) != text || len(b.Slices) > 0 {
				t.Errorf("got %+v, %v; want all of it as the cursor's state", b, err)
			}
		})
	}
	if b, err := Parse(nil, "src", "s"); err != nil || b.Cursor != nil || b.Dict() != nil {
		t.Errorf("no state gave %+v, %v", b, err)
	}
}

// FuzzParse wants any state to be read or refused, and what was read to be written so that it is
// read the same again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{"page":7,"last_id":4711,` + about + `}`,
		`{"at":"1","window":{"from":"1"},"cursor":"Yzo","issued_at":"2026-11-20T08:30:00Z","query":"Zm9v",` + about + `}`,
		`{"partitions":[{"partition":{"id":1},"page":2},{"partition":{},"last_id":[1,null]}],"done":["a"],` + about + `}`,
		`{"offset":null,"next_url":"x","anytap":{"format":1,"source":"src","stream":"s","complete":true}}`,
		`{"states":[{"partition":{"id":1},"cursor":{"at":"1"}}]}`,
		`{"window":{"from":"1"},"next_url":"x","greatest":"2","inner":true,"records":7,` + about + `}`,
		`{"partitions":[],"anytap":{"format":1,"source":"src","stream":"s","finished":[{"window":{"from":"1"}}],"begun":"2026-11-20T08:30:00Z","newest":1}}`,
		`{"anytap":{"format":9}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := value.Decode(text)
		d, ok := v.(*value.Dict)
		if err != nil || !ok {
			return
		}
		b, err := Parse(d, "src", "s")
		if err != nil {
			return
		}
		written := b.Dict()
		again, err := Parse(written, "src", "s")
		if err != nil {
			t.Fatalf("%s was read, written as %s, and then refused: %v", text, textOf(written), err)
		}
		if got, want := textOf(again.Dict()), textOf(written); got != want {
			t.Errorf("%s was written as %s, and then as %s", text, want, got)
		}
	})
}
