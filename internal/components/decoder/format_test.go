package decoder

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// converterOf builds a FormatDecoder with settings in YAML's flow style.
func converterOf(t testing.TB, settings string) (rest.BodyConverter, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", "{type: FormatDecoder, "+settings+"}")
	d, err := manifest.Build[rest.Decoder](manifest.NewCompiler(Table(), value.NewDict(0)), root)
	if err != nil {
		return nil, err
	}
	return d.Abilities().Converts, nil
}

func utf16Of(s string, little, mark bool) string {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b []byte
	for _, u := range units {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return string(b)
}

func gzipOf(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func zipOf(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, text := range files {
		f, _ := w.Create(string(rune('a' + i)))
		_, _ = f.Write([]byte(text))
	}
	_ = w.Close()
	return b.String()
}

func TestFormats(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	tests := map[string]struct{ settings, kind, body, want, err string }{
		"JSON":                         {"", json, ` {"a": [1.0]} `, ` {"a": [1.0]} `, ""},
		"JSON in many lines":           {"", json, "[\n{\"a\": 1},\n{\"a\": 2}\n]\n", "[\n{\"a\": 1},\n{\"a\": 2}\n]\n", ""},
		"nothing":                      {"", json, ``, ``, ""},
		"a mark":                       {"", json + "; charset=utf-8", "\xef\xbb\xbf[1]", `[1]`, ""},
		"Latin-1":                      {"", json + "; charset=ISO-8859-1", "[\"\xe4\"]", `["ä"]`, ""},
		"said to be Latin-1":           {"", json + `; charset="iso-8859-1"`, `["ä"]`, `["ä"]`, ""},
		"Windows-1252":                 {"", json + "; charset=windows-1252", "[\"\x80\"]", `["€"]`, ""},
		"UTF-16 with a mark":           {"", json + "; charset=utf-16", utf16Of(`["ä"]`, true, true), `["ä"]`, ""},
		"UTF-16, big, with a mark":     {"", json, utf16Of(`["ä"]`, false, true), `["ä"]`, ""},
		"UTF-16 without a mark":        {"", json + "; charset=utf-16", utf16Of(`["ä"]`, false, false), `["ä"]`, ""},
		"UTF-16 that nobody declares":  {"", json, utf16Of(`{"a":"ä"}`, true, false), `{"a":"ä"}`, ""},
		"a charset that there is not":  {"", json + "; charset=martian", "[\"\xe4\"]", "", `charset "martian"`},
		"the configured charset":       {"charset: cp1252", "text/csv; charset=utf-8", "a\n\x80\n", `[{"a":"€"}]`, ""},
		"a text in no charset":         {"", "text/csv", "a\n\xe4\n", "", "charset: windows-1252"},
		"lines":                        {"", "application/x-ndjson", "{\"a\":1}\n\n{\"a\":2}\r\n", `[{"a":1},{"a":2}]`, ""},
		"lines that are called JSON":   {"", json, "{\"a\":1}\n{\"a\":2}", `[{"a":1},{"a":2}]`, ""},
		"one line":                     {"", "application/jsonl", `{"a":1}`, `[{"a":1}]`, ""},
		"no line":                      {"format: ndjson", json, ``, `[]`, ""},
		"lines behind separators":      {"", "application/json-seq", "\x1e{\"a\":1}\n\x1e{\"a\":2}\n", `[{"a":1},{"a":2}]`, ""},
		"a broken line":                {"format: ndjson", "", "{\"a\":1}\n{\"a\":\n", "", "line 2 is no JSON"},
		"CSV":                          {"", "text/csv; charset=utf-8", "id,name\r\n1,\"a, \"\"b\"\"\"\r\n2,ä\r\n", `[{"id":"1","name":"a, \"b\""},{"id":"2","name":"ä"}]`, ""},
		"CSV of a header":              {"", "text/csv", "id,name\n", `[]`, ""},
		"CSV of nothing":               {"", "text/csv", "", `[]`, ""},
		"a mark in CSV":                {"", "text/csv", "\xef\xbb\xbfid\n1\n", `[{"id":"1"}]`, ""},
		"semicolons":                   {"", "text/csv", "id;name\n1;a,b\n", `[{"id":"1","name":"a,b"}]`, ""},
		"tabs":                         {"", "text/tab-separated-values", "id\tname\n1\ta,b,c\n", `[{"id":"1","name":"a,b,c"}]`, ""},
		"the configured delimiter":     {"delimiter: '|'", "text/csv", "id|a,b\n1|2\n", `[{"id":"1","a,b":"2"}]`, ""},
		"a tab as an escape":           {`delimiter: '\t'`, "text/csv", "id\ta\n1\t2\n", `[{"id":"1","a":"2"}]`, ""},
		"columns":                      {"columns: [a, b]", "text/csv", "1,2\n3,4\n", `[{"a":"1","b":"2"},{"a":"3","b":"4"}]`, ""},
		"columns in place of a header": {"columns: [a, b], header: true", "text/csv", "id,n\n3,4\n", `[{"a":"3","b":"4"}]`, ""},
		"a short row":                  {"", "text/csv", "a,b\n1\n", `[{"a":"1","b":null}]`, ""},
		"CSV that is not called so":    {"", "application/octet-stream", "id,name\n1,a\n", `[{"id":"1","name":"a"}]`, ""},
		"a sentence":                   {"", "text/plain", "Sorry, no.\nTry again", "Sorry, no.\nTry again", ""},
		"HTML":                         {"", "text/html", "<!DOCTYPE html>\n<p>", "<!DOCTYPE html>\n<p>", ""},
		"HTML that is called CSV":      {"", "text/csv", "<html>\n<p>", "<html>\n<p>", ""},
		"XML":                          {"", "application/xml", `<r><i n="1">a</i><i/></r>`, `{"r":{"i":[{"@n":"1","#text":"a"},null]}}`, ""},
		"XML in its own charset":       {"", "text/xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r>\xe4</r>", `{"r":"ä"}`, ""},
		"XML in UTF-8":                 {"", "text/xml", "<r>ä</r>", `{"r":"ä"}`, ""},
		"XML with a lone record":       {"records: [r, i]", "application/atom+xml", `<r><i>1</i></r>`, `{"r":{"i":["1"]}}`, ""},
		"XML without records":          {"records: [r, s, i]", "application/xml", `<r><s/></r>`, `{"r":{"s":{"i":[]}}}`, ""},
		"XML that is broken":           {"format: xml", "", `<r><i>`, "", "XML"},
		"a gzip file":                  {"", "application/gzip", gzipOf("id,name\n1,a\n"), `[{"id":"1","name":"a"}]`, ""},
		"a gzip file of lines":         {"format: ndjson", "application/octet-stream", gzipOf("{\"a\":1}\n"), `[{"a":1}]`, ""},
		"a gzip file that is cut":      {"", "application/gzip", gzipOf("id,name\n1,a\n")[:25], "", "ends early"},
		"a zip file":                   {"", "application/zip", zipOf(`[1,2]`, `[]`, "a,b\n1,2\n", `{"c":3}`), `[1,2,{"a":"1","b":"2"},{"c":3}]`, ""},
		"JSON whatever it looks like":  {"format: json", "text/csv", `{"a":1}`, `{"a":1}`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := converterOf(t, test.settings)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Convert(test.kind, []byte(test.body))
			stream := c.Stream(test.kind, io.NopCloser(strings.NewReader(test.body)))
			streamed, streamErr := io.ReadAll(stream)
			if closeErr := stream.Close(); closeErr != nil {
				t.Error(closeErr)
			}
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || streamErr == nil || streamErr.Error() != err.Error() {
					t.Errorf("error is %v, streamed %v, expected %s", err, streamErr, test.err)
				}
				return
			}
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, %v, expected %s", got, err, test.want)
			}
			if streamErr != nil || string(streamed) != test.want {
				t.Errorf("streamed: got %s, %v, expected %s", streamed, streamErr, test.want)
			}
		})
	}
}

func TestFormatSettings(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"delimiter: ab":    `is "ab", expected one character`,
		"header: false":    "columns are missing",
		"charset: martian": "martian",
		"format: yaml":     "format",
	} {
		if _, err := converterOf(t, settings); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, expected %s", settings, err, want)
		}
	}
}

// A body that is let go of in the middle ends the conversion.
func TestStreamIsLetGoOf(t *testing.T) {
	t.Parallel()
	c, err := converterOf(t, "")
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan bool, 1)
	body := struct {
		io.Reader
		io.Closer
	}{strings.NewReader("a\n" + strings.Repeat("1\n", 1<<20)), closer(func() { closed <- true })}
	stream := c.Stream("text/csv", body)
	if _, err := stream.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if err := stream.Close(); err != nil || !<-closed {
		t.Error(err)
	}
	if _, err := stream.Read(make([]byte, 10)); err == nil {
		t.Error("it can still be read")
	}
}

// A body that breaks off is an error, wherever it does.
func TestStreamBreaksOff(t *testing.T) {
	t.Parallel()
	for kind, rows := range map[string]string{"text/csv": "a\n1\n", "application/x-ndjson": "{}\n", "application/json": "[1,"} {
		for _, n := range []int{0, 1, headSize} {
			c, err := converterOf(t, "")
			if err != nil {
				t.Fatal(err)
			}
			body := io.MultiReader(strings.NewReader(strings.Repeat(rows, n)), iotest.ErrReader(io.ErrUnexpectedEOF))
			if _, err := io.ReadAll(c.Stream(kind, io.NopCloser(body))); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s, %d times: error is %v", kind, n, err)
			}
		}
	}
}

type closer func()

func (c closer) Close() error { c(); return nil }

// FuzzFormats converts any body: it ends, and what comes of JSON in UTF-8 is that.
func FuzzFormats(f *testing.F) {
	f.Add("application/json", `{"a":1}`)
	f.Add("text/csv; charset=utf-16", "\xff\xfea\x00\n\x001\x00")
	f.Add("", gzipOf("<a/>"))
	f.Add("application/zip", zipOf("[1]", "{}"))
	f.Fuzz(func(t *testing.T, kind, body string) {
		c, err := converterOf(t, "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Convert(kind, []byte(body))
		streamed, streamErr := io.ReadAll(c.Stream(kind, io.NopCloser(strings.NewReader(body))))
		if len(body) <= headSize && (err == nil) != (streamErr == nil) || err == nil && string(got) != string(streamed) {
			t.Errorf("got %q, %v; streamed %q, %v", got, err, streamed, streamErr)
		}
	})
}
