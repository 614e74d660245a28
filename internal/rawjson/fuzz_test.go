package rawjson

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func seed(f *testing.F) {
	for _, text := range append(append([]string{}, good...), bad...) {
		if len(text) < 1000 {
			f.Add([]byte(text))
		}
	}
	f.Add(benchPage(2))
	f.Add([]byte("{\"d\":[\"\xff\",\"\\ud800\\ud83d\\ude00\",{\n  \"d\":1}],\"d\":[2]}"))
}

// FuzzValid compares what is JSON to us with what is to encoding/json; the rules that differ (see
// the package comment) do not concern strict validity, but for the depth limit, which is the same.
func FuzzValid(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _, err := Trim(text, false)
		if got, want := err == nil, json.Valid(text); got != want {
			t.Fatalf("%q: valid %v, want %v", text, got, want)
		}
		agree(t, text)
	})
}

// FuzzPython checks that whatever Python's extra numbers make valid compacts into strict JSON.
func FuzzPython(f *testing.F) {
	seed(f)
	f.Add([]byte(`{"a":[NaN, -Infinity,Infinity]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		raw, seen, err := Trim(text, true)
		if err != nil {
			return
		}
		compact := AppendCompact(nil, raw)
		again, left, err := Trim(compact, false)
		if err != nil || left != 0 || !bytes.Equal(again, compact) {
			t.Fatalf("%q compacts to %q: %v, %b", text, compact, err, left)
		}
		if seen.Compact() != bytes.Equal(raw, compact) {
			t.Fatalf("%q: seen %b, compacted %q", text, seen, compact)
		}
	})
}

// compareParts compares the members that a page noted with those that Members finds.
func compareParts(t *testing.T, text []byte, p *Page) {
	t.Helper()
	if len(p.Ends) != len(p.Elements) {
		t.Fatalf("%q: %d ends of %d elements", text, len(p.Ends), len(p.Elements))
	}
	from := 0
	for i, e := range p.Elements {
		parts := p.Parts[from:p.Ends[i]]
		from = int(p.Ends[i])
		if raw := e.In(text); raw[0] == '{' {
			_ = Members(raw, func(k, v []byte) bool {
				if len(parts) == 0 || string(parts[0].Name(text)) != string(k) || string(parts[0].Value(text)) != string(v) {
					t.Fatalf("%q: element %d has %s: %s, noted is %v", text, i, k, v, parts)
				}
				parts = parts[1:]
				return true
			})
		}
		if len(parts) > 0 {
			t.Fatalf("%q: element %d has not the parts %v", text, i, parts)
		}
	}
}

// comparePattern compares a page that is scanned with a pattern with the one that was scanned
// without; spans, parts and errors are the same, and an element fits if its text does.
func comparePattern(t *testing.T, text []byte, path []string, without *Page, err error) {
	t.Helper()
	p := &Pattern{Types: IsObject, Closed: true}
	for _, name := range []string{"id", "d", "data", "a name of some length"} {
		p.Member(name, &Pattern{Types: IsInteger | IsText | IsList, Items: &Pattern{Types: IsNumber}})
	}
	for _, spread := range []bool{false, true} {
		q := Page{Spread: spread, Pattern: p}
		if e := q.Scan(text, path); (e == nil) != (err == nil) {
			t.Fatalf("%q: with a pattern %v, else %v", text, e, err)
		}
		if err != nil {
			return
		}
		for i, e := range q.Elements {
			if fits := e.Seen&Fits != 0; fits != Fit(e.In(text), p) {
				t.Fatalf("%q fits in its page: %v", e.In(text), fits)
			}
			q.Elements[i].Seen &^= Fits
		}
		if !slices.Equal(q.Elements, without.Elements) || spread && !slices.Equal(q.Parts, without.Parts) {
			t.Fatalf("%q: with a pattern %v %v, else %v %v", text, q.Elements, q.Parts, without.Elements, without.Parts)
		}
	}
}

// FuzzPage compares a page with what Find and Elements cut, and with what a stream of the same text
// gives.
func FuzzPage(f *testing.F) {
	for _, path := range []string{"", "d", "d.i", "data"} {
		f.Add([]byte(`{"d":{"i":[1,{"d":2}]},"data":[{}],"d":[1]}`), path, true)
		f.Add([]byte(`[1,"\u0064"]`), path, false)
		f.Add(benchPage(2), path, false)
	}
	f.Fuzz(func(t *testing.T, text []byte, joined string, slow bool) {
		var path []string
		if joined != "" {
			path = strings.Split(joined, ".")
		}
		p, err := ScanPage(text, path)
		q := Page{Spread: true}
		if e := q.Scan(text, path); (e == nil) != (err == nil) || err == nil && !slices.Equal(q.Elements, p.Elements) {
			t.Fatalf("%q: spread %v %v, else %v %v", text, q.Elements, e, p.Elements, err)
		}
		if err == nil {
			compareParts(t, text, &q)
		}
		comparePattern(t, text, path, &q, err)
		if (err == nil) != json.Valid(text) {
			t.Fatalf("%q: %v", text, err)
		}
		var r io.Reader = bytes.NewReader(text)
		if slow {
			r = iotest.OneByteReader(r)
		}
		s := NewStream(r, path)
		streamed, streamErr := drain(s)
		if (err == nil) != (streamErr == nil) {
			t.Fatalf("%q: page %v, stream %v", text, err, streamErr)
		}
		if err != nil {
			return
		}
		if env := s.Envelope(); env != nil && !json.Valid(env) {
			t.Fatalf("%q: envelope %q", text, env)
		}
		want, found := p.Root.In(text), true
		for _, name := range path {
			if want[0] != '{' {
				found = false
				break
			}
			if want, found = Find(want, name); !found {
				break
			}
		}
		if found != (p.Kind != Missing) || found && !bytes.Equal(want, p.Value.In(text)) {
			t.Fatalf("%q at %q: kind %d, value %q, want %q %v", text, path, p.Kind, p.Value.In(text), want, found)
		}
		comparePage(t, text, &p, streamed)
	})
}

func comparePage(t *testing.T, text []byte, p *Page, streamed []string) {
	t.Helper()
	if p.Kind != Array {
		return
	}
	var want []string
	if err := Elements(p.Value.In(text), func(v []byte) bool { want = append(want, string(v)); return true }); err != nil {
		t.Fatal(err)
	}
	if got := shown(p, text); got != strings.Join(want, "|") {
		t.Fatalf("%q: elements %q, want %q", text, got, want)
	}
	// A path that occurs twice gives the stream more elements; the page's are the last of them.
	if n := len(streamed) - len(want); n < 0 || strings.Join(streamed[n:], "|") != strings.Join(want, "|") {
		t.Fatalf("%q: streamed %q, want %q", text, streamed, want)
	}
}
