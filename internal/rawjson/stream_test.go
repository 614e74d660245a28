package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// drain reads a stream to its end.
func drain(s *Stream) (elements []string, err error) {
	for {
		raw, err := s.Next()
		if err == io.EOF {
			return elements, nil
		}
		if err != nil {
			return elements, err
		}
		elements = append(elements, string(raw))
	}
}

func TestStream(t *testing.T) {
	for name, c := range map[string]struct {
		body, path string
		kind       Kind
		want       string
		envelope   string
	}{
		"root array":    {` [ {"a":1} , 2,"x",-1.5] `, "", Array, `{"a":1}|2|"x"|-1.5`, ``},
		"root object":   {`{"a":1}`, "", Object, `{"a":1}`, ``},
		"root scalar":   {` 12 `, "", Scalar, ``, ``},
		"not on way":    {` [12] `, "d", Missing, ``, ``},
		"empty":         {`{"data":[ ],"n":1}`, "data", Array, ``, `{"n":1}`},
		"one name":      {`{"n":null,"data":[1,{}],"m":[2]}`, "data", Array, `1|{}`, `{"n":null,"m":[2]}`},
		"only":          {`{"data":["a"]}`, "data", Array, `"a"`, `{}`},
		"two names":     {`{"d" : { "x":1, "i" : [3] },"n":2}`, "d.i", Array, `3`, `{"d":{"x":1},"n":2}`},
		"missing":       {`{"d":{"x":1}}`, "d.i", Missing, ``, `{"d":{"x":1}}`},
		"through array": {`{"d":[{"i":[1]}]}`, "d.i", Missing, ``, `{"d":[{"i":[1]}]}`},
		"object":        {`{"d":{"i":[1]},"n":1}`, "d", Object, `{"i":[1]}`, `{"n":1}`},
		"null":          {`{"d": null }`, "d", Null, ``, `{}`},
		"twice":         {`{"d":[1,2],"e":true,"d":[3]}`, "d", Array, `1|2|3`, `{"e":true}`},
		"escaped":       {`{"\u0064":["\ud83d\ude00"]}`, "d", Array, `"\ud83d\ude00"`, `{}`},
		"long":          {`{"d":["` + strings.Repeat(`é\"`, 50000) + `",1],"z":"` + strings.Repeat("z", 90000) + `"}`, "d", Array, `"` + strings.Repeat(`é\"`, 50000) + `"|1`, `{"z":"` + strings.Repeat("z", 90000) + `"}`},
	} {
		for way, r := range map[string]io.Reader{
			"at once":     strings.NewReader(c.body),
			"by the byte": iotest.OneByteReader(strings.NewReader(c.body)),
			"with end":    iotest.DataErrReader(strings.NewReader(c.body)),
			"half":        iotest.HalfReader(strings.NewReader(c.body)),
		} {
			s := NewStream(r, pathOf(c.path))
			got, err := drain(s)
			if err != nil || strings.Join(got, "|") != c.want || s.Kind() != c.kind || string(s.Envelope()) != c.envelope {
				t.Errorf("%s, %s: %.200q, kind %d, envelope %.200s, error %v", name, way, got, s.Kind(), s.Envelope(), err)
			}
		}
	}
}

// TestStreamOfSeveralPaths cuts the array at the one of several paths that leads somewhere.
func TestStreamOfSeveralPaths(t *testing.T) {
	others := [][]string{{"a.b.c"}, {"a.b", "c"}, {"a", "b.c"}}
	for name, c := range map[string]struct{ body, want, path, envelope string }{
		"the first path":          {`{"n":1,"a":{"x":2,"b":{"c":[3]}}}`, "3", "a b c", `{"n":1,"a":{"x":2,"b":{}}}`},
		"one name":                {`{"a.b.c":[3],"n":1}`, "3", "a.b.c", `{"n":1}`},
		"names that part at once": {`{"a.b":{"c":[3]},"n":1}`, "3", "a.b c", `{"a.b":{},"n":1}`},
		"names that part later":   {`{"a":{"b.c":[3]},"n":1}`, "3", "a b.c", `{"a":{},"n":1}`},
		"behind one that ends":    {`{"a":{"x":1},"a.b":{"y":2,"c":[3]}}`, "3", "a.b c", `{"a":{"x":1},"a.b":{"y":2}}`},
		"the first of two":        {`{"a":{"b":{"c":[3]}},"a.b.c":[4]}`, "3", "a b c", `{"a":{"b":{}},"a.b.c":[4]}`},
		"none":                    {`{"a":{"c":[3]},"b":1}`, "", "a b c", `{"a":{"c":[3]},"b":1}`},
	} {
		s := NewStream(iotest.OneByteReader(strings.NewReader(c.body)), []string{"a", "b", "c"})
		s.Others = others
		got, err := drain(s)
		if err != nil || strings.Join(got, "|") != c.want || strings.Join(s.Path(), " ") != c.path || string(s.Envelope()) != c.envelope {
			t.Errorf("%s: %q at %q, envelope %s, error %v; want %q at %q, envelope %s", name, got, s.Path(), s.Envelope(), err, c.want, c.path, c.envelope)
		}
	}
}

func TestStreamErrors(t *testing.T) {
	text := `{"a":{"b":1,"d":[{"x":"\u00e9é"},-2.5,true]},"z":[null]}`
	for n := range text {
		if _, err := drain(NewStream(strings.NewReader(text[:n]), []string{"a", "d"})); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", text[:n], err)
		}
	}
	for _, text := range bad {
		for _, p := range []struct{ before, path, after string }{{"", "", ""}, {`{"a":`, "b", "}"}, {`{"a":`, "a", "}"}, {`{"a":[1,`, "a", "]}"}, {`{"a":{"b":[`, "a.b", `]}}`}} {
			whole := p.before + text + p.after
			if json.Valid([]byte(whole)) {
				continue
			}
			_, err := drain(NewStream(strings.NewReader(whole), pathOf(p.path)))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Errorf("%q at %q: %v", whole, p.path, err)
			}
		}
	}
	broken := errors.New("connection lost")
	got, err := drain(NewStream(io.MultiReader(strings.NewReader(`[1,2,3`), iotest.ErrReader(broken)), nil))
	if err != broken || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestStreamIsPrompt checks that an element is there as soon as its last byte is.
func TestStreamIsPrompt(t *testing.T) {
	r, w := io.Pipe()
	s := NewStream(r, nil)
	go func() { _, _ = io.WriteString(w, `[{"a":1},{"a":`) }()
	if raw, err := s.Next(); err != nil || string(raw) != `{"a":1}` {
		t.Fatalf("%s, %v", raw, err)
	}
	go func() { _, _ = io.WriteString(w, `22}`) }()
	if raw, err := s.Next(); err != nil || string(raw) != `{"a":22}` {
		t.Fatalf("%s, %v", raw, err)
	}
	_ = w.CloseWithError(io.ErrUnexpectedEOF)
	if _, err := s.Next(); err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
}

// TestStreamHolds checks that the buffer does not grow with the text.
func TestStreamHolds(t *testing.T) {
	page := benchPage(3000)
	s := NewStream(bytes.NewReader(page), []string{"data"})
	if got, err := drain(s); err != nil || len(got) != 3000 {
		t.Fatalf("%d, %v", len(got), err)
	}
	if n := cap(s.in.buf); n > streamBuffer {
		t.Errorf("the buffer has %d bytes", n)
	}
}

// TestStreamIsBounded gives texts whose values have more bytes than they may.
func TestStreamIsBounded(t *testing.T) {
	const most = 2 * streamBuffer
	long := strings.Repeat("1", most)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"much, in small values": {`{"d":[` + strings.Repeat(`"aaaaaaaaaaaaaaaa",`, most/8) + `1]}`, nil},
		"blanks":                {`{"d":[1` + strings.Repeat(" ", 2*most) + `]}`, nil},
		"a text":                {`{"d":["` + long + `"]}`, ErrTooLong},
		"a number":              {`{"d":[` + long + `]}`, ErrTooLong},
		"an object":             {`{"d":[{` + strings.Repeat(`"a":{},`, most/4) + `"b":1}]}`, ErrTooLong},
		"a name":                {`{"` + long + `":1}`, ErrTooLong},
		"a member beside":       {`{"a":"` + long + `","d":[]}`, ErrTooLong},
		"members beside":        {`{` + strings.Repeat(`"a":"aaaaaaaaaa",`, most/8) + `"d":[]}`, ErrTooLong},
		"the path, many times":  {`{` + strings.Repeat(`"d":{},`, most) + `"d":[]}`, nil},
		"a text at the path":    {`{"d":"` + long + `"}`, ErrTooLong},
	} {
		s := NewStream(strings.NewReader(c.text), []string{"d"})
		s.Most = most
		if _, err := drain(s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if cap(s.in.buf) > most {
			t.Errorf("%s: a buffer of %d bytes", name, cap(s.in.buf))
		}
	}
}
