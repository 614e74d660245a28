package decoder

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"anytap/internal/rest"
)

// endless is a body that begins with a text and goes on with one byte for ever.
func endless(head string, c byte) io.Reader { return io.MultiReader(strings.NewReader(head), same(c)) }

type same byte

func (s same) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(s)
	}
	return len(b), nil
}

// bomb is a gzip body of a few hundred kilobytes that unfolds to more than may be held.
func bomb(head string, c byte) io.Reader {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = io.CopyN(z, endless(head, c), rest.MostHeld+1<<20)
	_ = z.Close()
	return &b
}

// TestDecodersAreBounded gives each decoder bodies without end. Each ends with an error that names
// the bound, while memory stays near it.
func TestDecodersAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("holds as much as a decoder may")
	}
	for name, c := range map[string]struct {
		decoder string
		body    io.Reader
	}{
		"JSON":                {"type: JsonDecoder", endless(`{"a":"`, 'a')},
		"a member's name":     {"{type: JsonItemsDecoder, items_path: a}", endless(`{"`, 'a')},
		"an item's text":      {"{type: JsonItemsDecoder, items_path: a}", endless(`{"a":[{"b":"`, 'a')},
		"an item's number":    {"{type: JsonItemsDecoder, items_path: a}", endless(`{"a":[`, '1')},
		"a line of JSON":      {"type: JsonlDecoder", endless(`{"a":"`, 'a')},
		"a line":              {"type: IterableDecoder", endless("", 'a')},
		"a line of CSV":       {"type: CsvDecoder", endless("a,b\n", 'a')},
		"fields of CSV":       {"type: CsvDecoder", endless("", ',')},
		"a quoted field":      {"type: CsvDecoder", endless("a,b\n\"", 'a')},
		"quoted lines":        {"type: CsvDecoder", endless("a,b\n\"", '\n')},
		"fields after quotes": {"type: CsvDecoder", endless("\"\",", ',')},
		"XML":                 {"type: XmlDecoder", endless("<a>", 'a')},
		"an attribute":        {"type: XmlDecoder", endless(`<a b="`, 'a')},
		"zip":                 {"{type: ZipfileDecoder, decoder: {type: CsvDecoder}}", endless("PK\x03\x04", 'a')},
		"gzip of JSON":        {"{type: GzipDecoder, decoder: {type: JsonDecoder}}", bomb(`{"a":"`, 'a')},
		"gzip of lines":       {"{type: GzipDecoder, decoder: {type: JsonlDecoder}}", bomb(`{"a":"`, 'a')},
		"gzip of CSV":         {"{type: GzipDecoder, decoder: {type: CsvDecoder}}", bomb("a\n", 'a')},
	} {
		runtime.GC()
		r := &rest.Response{Status: 200, Header: http.Header{}, Body: io.NopCloser(c.body)}
		var failed error
		for _, err := range build(t, c.decoder).Decode(r) {
			failed = err
		}
		if fault, ok := errors.AsType[*rest.Fault](failed); !ok || fault.Kind != rest.TooLarge {
			t.Errorf("%s: %v, want the fault %s", name, failed, rest.TooLarge)
		}
	}
}

// TestFormatsAreBounded does the same with bodies whose format is found, held and streamed.
func TestFormatsAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("holds as much as a decoder may")
	}
	nested := "[1]"
	for range maxWraps + 1 {
		nested = gzipped(nested)
	}
	for name, body := range map[string]io.Reader{
		"gzip of JSON":    bomb(`{"a":"`, 'a'),
		"gzip of a row":   bomb("a,b\n1,", 'a'),
		"gzip of XML":     bomb("<?xml version='1.0'?><a>", 'a'),
		"gzip in gzip":    strings.NewReader(nested),
		"endless archive": endless("PK\x03\x04", 'a'),
	} {
		runtime.GC()
		held, err := io.ReadAll(io.LimitReader(body, 8<<20))
		if err != nil {
			t.Fatal(err)
		}
		f := build(t, "type: FormatDecoder").Abilities().Converts
		if name != "endless archive" {
			if made, err := f.Convert("", held); err == nil {
				t.Errorf("%s: %d bytes of JSON", name, len(made))
			}
		}
		if _, err := rest.ReadBody(f.Stream("", io.NopCloser(io.MultiReader(bytes.NewReader(held), body)))); err == nil {
			t.Errorf("%s, streamed: no error", name)
		}
	}
}

// TestLargeRecord reads a record of 100 MB in each way of reading.
func TestLargeRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large records")
	}
	text := strings.Repeat("a", 100_000_000)
	for name, c := range map[string]struct{ decoder, body string }{
		"JSON":  {"type: JsonDecoder", `[{"a":"` + text + `"}]`},
		"items": {"{type: JsonItemsDecoder, items_path: a}", `{"a":[{"a":"` + text + `"}]}`},
		"lines": {"type: JsonlDecoder", `{"a":"` + text + "\"}\n"},
		"CSV":   {"type: CsvDecoder", "a\n" + text + "\n"},
		"XML":   {"type: XmlDecoder", "<a>" + text + "</a>"},
	} {
		runtime.GC()
		r := &rest.Response{Status: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body))}
		if got := decode(build(t, c.decoder), r); len(got) < len(text) || strings.HasSuffix(got, "error") {
			t.Errorf("%s: %d bytes, %.80s", name, len(got), got)
		}
	}
}
