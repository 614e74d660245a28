package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// good texts are JSON to encoding/json and to us.
var good = []string{
	"0", "-0", "1.5e+10", "-12.0E-3", "true", "false", "null", `""`, `"a"`, `"a\"b\\c\/\b\f\n\r\t\u00e9"`, `"é☃😀"`, `"\ud83d\ude00"`,
	`"01234567"`, `"0123456789abcdef"`, `"0123456789abcde\\f"`, `"0123456789012345678901234567890123456789\""`, `"1234567é"`,
	"[]", "{}", "[ ]", "{ }", "[1,2]", " [ 1 , \"x\" ]\r\n", `{"a":1}`, "{\n\t\"a\" : [ {} , [] ],\n        \"b\":null }", `{"a":1,"a":2}`,
	`[[[[{"a":[{"b":{}}]}]]]]`, strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), "\"\x7f\"",
}

// bad texts are not JSON to either.
var bad = []string{
	"", " ", "nul", "nulll", "tru", "falsey", "+1", "-", "01", "-01", "1.", ".5", "1e", "1e+", "1.e1", "0x1", "--1", "-a", `"`, `"a`, `"\`, `"\"`,
	`"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", "\"aaaaaaaa\x00\"", "\"\x1f\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}", `{"a"`,
	`{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{1:2}`, `{"a" 1}`, `{"a":1]`, `{'a':1}`, "1 2", "[1]]", "\ufeff1", "\u00a01", "NaN", "[Infinity]", "-Infinity",
}

func TestValid(t *testing.T) {
	for _, text := range good {
		if _, _, err := Trim([]byte(text), false); err != nil {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	for _, text := range bad {
		if raw, _, err := Trim([]byte(text), false); err == nil {
			t.Errorf("%q: got %q", text, raw)
		}
	}
}

// TestCutShort checks that every part of a text, cut off anywhere, gives io.ErrUnexpectedEOF.
func TestCutShort(t *testing.T) {
	text := []byte(`{"ab":[1,-2.5e3,"x\u00e9\n\"é😀0123456789abcdef0123456789abcdef",true,false,null,{},[]],"c" : {"d":"e"}}`)
	for n := range text {
		if _, err := Skip(text[:n:n], 0); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", text[:n], err)
		}
	}
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		python bool
		seen   Flags
		want   string // AppendCompact; empty: an error
	}{
		"clean":              {`{"a":[1,"é\u2603\ud83d\ude00"]}`, false, 0, `{"a":[1,"é\u2603\ud83d\ude00"]}`},
		"blanks":             {`{"a": [1,	2]}`, false, Blank, `{"a":[1,2]}`},
		"indented":           {"{\n          \"a b\"  :\t1\r\n}", false, Blank | Break, `{"a b":1}`},
		"break only":         {"[1,\n2]", false, Break, `[1,2]`},
		"space in text":      {"[\" \u2028 \"]", false, 0, "[\" \u2028 \"]"},
		"not UTF-8":          {"[\"a\xffb\xc3\",\"\xc3\xa9\"]", false, BadText, "[\"a\ufffdb\ufffd\",\"\u00e9\"]"},
		"half a character":   {"\"\xe2\x98x\xf0\x9f\x98\"", false, BadText, "\"\ufffdx\ufffd\""},
		"surrogate in bytes": {"\"\xed\xa0\x80\"", false, BadText, "\"\ufffd\ufffd\ufffd\""},
		"overlong":           {"\"\xc0\x80\"", false, BadText, "\"\ufffd\ufffd\""},
		"lone high":          {`"\ud800"`, false, BadText, "\"\ufffd\""},
		"lone low":           {`"a\uDC00b"`, false, BadText, "\"a\ufffdb\""},
		"two highs":          {`"\ud83d\ud83d\ude00"`, false, BadText, "\"\ufffd\\ud83d\\ude00\""},
		"high, letter":       {`"\ud83d\u0041"`, false, BadText, "\"\ufffd\\u0041\""},
		"nan":                {`[NaN,Infinity,-Infinity,-1]`, true, NotFinite, `[null,null,null,-1]`},
		"nan refused":        {`[NaN]`, false, 0, ""},
		"half a nan":         {`[Na]`, true, 0, ""},
		"minus nan":          {`-NaN`, true, 0, ""},
		"too deep":           {strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1), false, 0, ""},
	} {
		raw, seen, err := Trim([]byte(c.text), c.python)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: got %s", name, raw)
			}
			continue
		}
		if err != nil || seen != c.seen {
			t.Errorf("%s: seen %b, want %b, error %v", name, seen, c.seen, err)
		}
		if got := AppendCompact([]byte("x"), raw); string(got) != "x"+c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestUnquote(t *testing.T) {
	for raw, want := range map[string]string{
		`""`: "", `"abc"`: "abc", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\u0041\u00e9\u2603\ud83d\ude00"`: "Aé☃😀",
		`"\ud800x"`: "\xed\xa0\x80x", "\"a\xffé\xe2\x98\"": "a\ufffdé\ufffd", `"01234567890123456789\u0000"`: "01234567890123456789\x00",
	} {
		if got := Unquote([]byte(raw)); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
		if got := AppendUnquoted([]byte("x"), []byte(raw)); string(got) != "x"+want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	raw := []byte(`{"a":1,"\u0062":{"a":2},"c\"":[3],"a":4,"é":5}`)
	for name, want := range map[string]string{"a": "4", "b": `{"a":2}`, `c"`: "[3]", "é": "5", "d": "", `\u0062`: ""} {
		got, ok := Find(raw, name)
		if string(got) != want || ok != (want != "") {
			t.Errorf("%s: got %s, %v", name, got, ok)
		}
	}
	if _, ok := Find([]byte("[1]"), "a"); ok {
		t.Error("found a member in an array")
	}
}

func TestWalksStop(t *testing.T) {
	n := 0
	if err := Elements([]byte(`[1,2,3]`), func([]byte) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("elements: %d, %v", n, err)
	}
	n = 0
	if err := Members([]byte(`{"a":1,"b":2,"c":3}`), func(_, _ []byte) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("members: %d, %v", n, err)
	}
	for _, text := range []string{"", "1", "[1", "[1,", "[1 2]"} {
		if Elements([]byte(text), func([]byte) bool { return true }) == nil {
			t.Errorf("elements of %q: no error", text)
		}
	}
	for _, text := range []string{"", "1", "[1]", `{"a"}`, `{"a":1 "b"}`, `{a:1}`} {
		if Members([]byte(text), func(_, _ []byte) bool { return true }) == nil {
			t.Errorf("members of %q: no error", text)
		}
	}
}

func TestScanPage(t *testing.T) {
	for name, c := range map[string]struct {
		body, path string // path: names joined by a dot
		kind       Kind
		want       string // elements, joined by a bar; of no array the value
		members    string // of the way, as depth key=value
	}{
		"root array":     {` [ {"a":1} , 2,"x"] `, "", Array, `{"a":1}|2|"x"`, ""},
		"root object":    {`{"a":1}`, "", Object, `{"a":1}`, ""},
		"empty":          {`{"data":[],"n":1}`, "data", Array, ``, `0"data"=[];0"n"=1`},
		"one name":       {`{"n":null,"data":[1,{}],"m":[2]}`, "data", Array, `1|{}`, `0"n"=null;0"data"=[1,{}];0"m"=[2]`},
		"two names":      {`{"d":{"x":1,"i":[3]},"n":2}`, "d.i", Array, `3`, `1"x"=1;1"i"=[3];0"d"={"x":1,"i":[3]};0"n"=2`},
		"missing":        {`{"d":{"x":1}}`, "d.i", Missing, ``, `1"x"=1;0"d"={"x":1}`},
		"through array":  {`{"d":[{"i":[1]}]}`, "d.i", Missing, ``, `0"d"=[{"i":[1]}]`},
		"object":         {`{"d":{"i":[1]}}`, "d", Object, `{"i":[1]}`, `0"d"={"i":[1]}`},
		"null":           {`{"d": null }`, "d", Null, `null`, `0"d"=null`},
		"scalar":         {`{"d":"x"}`, "d", Scalar, `"x"`, `0"d"="x"`},
		"twice":          {`{"d":[1,2],"d":[3]}`, "d", Array, `3`, `0"d"=[1,2];0"d"=[3]`},
		"twice, missing": {`{"d":{"i":[1]},"e":0,"d":{"j":2}}`, "d.i", Missing, ``, `0"d"={"i":[1]};0"e"=0;1"j"=2;0"d"={"j":2}`},
		"escaped name":   {`{"\u0064":[1]}`, "d", Array, `1`, `0"\u0064"=[1]`},
		"empty name":     {`{"":[1]}`, "-", Array, `1`, `0""=[1]`},
		"spread out":     {"\n{ \"d\" :\t[ 1 ,\r\n 2 ] }\n", "d", Array, `1|2`, "0\"d\"=[ 1 ,\r\n 2 ]"},
	} {
		p, err := ScanPage([]byte(c.body), pathOf(c.path))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := shown(&p, []byte(c.body)); p.Kind != c.kind || got != c.want {
			t.Errorf("%s: kind %d, %s; want %d, %s", name, p.Kind, got, c.kind, c.want)
		}
		var ms []string
		for _, m := range p.Members {
			ms = append(ms, fmt.Sprintf("%d%s=%s", m.Depth, m.Key.In([]byte(c.body)), m.Value.In([]byte(c.body))))
		}
		if got := strings.Join(ms, ";"); got != c.members {
			t.Errorf("%s: members %s, want %s", name, got, c.members)
		}
		if got := string(p.Root.In([]byte(c.body))); got != strings.TrimSpace(c.body) {
			t.Errorf("%s: root %q", name, got)
		}
	}
}

func pathOf(s string) []string {
	switch s {
	case "":
		return nil
	case "-":
		return []string{""}
	}
	return strings.Split(s, ".")
}

func shown(p *Page, body []byte) string {
	if p.Kind == Missing {
		return ""
	}
	if p.Kind != Array {
		return string(p.Value.In(body))
	}
	var es []string
	for _, e := range p.Elements {
		es = append(es, string(e.In(body)))
	}
	return strings.Join(es, "|")
}

func TestScanPageSpreads(t *testing.T) {
	body := []byte(`{"d":[0,{"x":1}],"d":[{"id":1,"at":"x","id":2},7,{},{"at":{"id":3} , "\u0069d" : null}]}`)
	p := Page{Spread: true}
	for range 2 {
		if err := p.Scan(body, []string{"d"}); err != nil {
			t.Fatal(err)
		}
		var got []string
		from := int32(0)
		for i, end := range p.Ends {
			for _, part := range p.Parts[from:end] {
				got = append(got, fmt.Sprintf("%d %s %s", i, part.Name(body), part.Value(body)))
			}
			from = end
		}
		if want := []string{`0 "id" 1`, `0 "at" "x"`, `0 "id" 2`, `3 "at" {"id":3}`, `3 "\u0069d" null`}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestScanPageSees(t *testing.T) {
	body := []byte("{\"d\":[{\"a\":1},{\"a\": 1},{\n},\"\xff\",NaN,2],\"m\":[ ]\n}")
	p := Page{Python: true}
	if err := p.Scan(body, []string{"d"}); err != nil {
		t.Fatal(err)
	}
	var got []Flags
	for _, e := range p.Elements {
		got = append(got, e.Seen)
	}
	if want := []Flags{0, Blank, Break, BadText, NotFinite, 0}; !reflect.DeepEqual(got, want) {
		t.Errorf("elements: %b, want %b", got, want)
	}
	if all := Blank | Break | BadText | NotFinite; p.Root.Seen != all || p.Value.Seen != all || p.Members[0].Value.Seen != all || p.Members[1].Value.Seen != Blank {
		t.Errorf("root %b, value %b, members %v", p.Root.Seen, p.Value.Seen, p.Members)
	}
	if err := p.Scan([]byte(`{"d":[1`), []string{"d"}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut short: %v", err)
	}
	for _, text := range bad {
		if err := new(Page).Scan([]byte(text), nil); err == nil {
			t.Errorf("%q: no error", text)
		}
		if err := new(Page).Scan([]byte(`{"d":`+text+`}`), []string{"d"}); err == nil {
			t.Errorf("%q at d: no error", text)
		}
	}
}

func TestAgainstDecoder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 200 {
		rec := benchRecord(r, i)
		if i%2 == 1 {
			rec = indented(rec)
		}
		agree(t, rec)
	}
}

// agree compares what a text is cut into with what encoding/json decodes.
func agree(t *testing.T, text []byte) {
	t.Helper()
	raw, seen, err := Trim(text, false)
	if err != nil {
		return
	}
	var want, got any
	compact := AppendCompact(nil, raw)
	if seen&BadText != 0 {
		// encoding/json replaces each broken byte, not each longest broken part.
		raw, text, seen = compact, compact, 0
	}
	if err := unmarshal(text, &want); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if err := unmarshal(compact, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%q compacted: %q, %v", text, compact, err)
	}
	if seen.Compact() != bytes.Equal(compact, raw) {
		t.Fatalf("%q: seen %b, compacted %q", text, seen, compact)
	}
	switch want := want.(type) {
	case map[string]any:
		all := map[string]any{}
		if err := Members(raw, func(k, v []byte) bool { all[plainUTF8(Unquote(k))] = decoded(t, v); return true }); err != nil || !reflect.DeepEqual(all, want) {
			t.Fatalf("%q: members %v, %v", text, all, err)
		}
		for k, w := range want {
			if v, ok := Find(raw, k); !ok || !reflect.DeepEqual(decoded(t, v), w) {
				t.Fatalf("%q: %q is %s", text, k, v)
			}
		}
	case []any:
		all := []any{}
		if err := Elements(raw, func(v []byte) bool { all = append(all, decoded(t, v)); return true }); err != nil || !reflect.DeepEqual(all, want) {
			t.Fatalf("%q: elements %v, %v", text, all, err)
		}
	case string:
		if got := plainUTF8(Unquote(raw)); got != want {
			t.Fatalf("%q: unquoted %q", text, got)
		}
	}
}

// unmarshal keeps numbers as they are written: some are out of float64's range.
func unmarshal(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

func plainUTF8(s string) string {
	var v string
	_ = unmarshal(AppendQuoted(nil, s), &v)
	return v
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := unmarshal(AppendCompact(nil, raw), &v); err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return v
}
