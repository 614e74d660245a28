package decoder

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// build makes the decoder that a manifest's text describes.
func build(t testing.TB, text string) rest.Decoder {
	t.Helper()
	root, err := manifest.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	c.Log = slog.New(slog.DiscardHandler)
	d, err := manifest.Build[rest.Decoder](c, root)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decode gives all values as JSON, one a line, with the error behind them.
func decode(d rest.Decoder, r *rest.Response) string {
	var b []byte
	for v, err := range d.Decode(r) {
		if err != nil {
			return string(b) + "error"
		}
		b = append(value.Append(b, v), '\n')
	}
	return string(b)
}

func zipped(names ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(names); i += 2 {
		f, _ := w.Create(names[i])
		_, _ = io.WriteString(f, names[i+1])
	}
	_ = w.Close()
	return b.String()
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

// bodyCase is a body with what a decoder makes of it.
type bodyCase struct {
	manifest, body string
	header         string // "Name: value"
	want           string // lines; "error" at the end for an error
}

func (c bodyCase) run(t *testing.T) {
	header := http.Header{}
	if k, v, ok := strings.Cut(c.header, ": "); ok {
		header.Set(k, v)
	}
	d := build(t, c.manifest)
	got := strings.TrimSuffix(decode(d, rest.NewResponse(200, header, "", []byte(c.body))), "\n")
	if got != c.want {
		t.Errorf("%q, want %q", got, c.want)
	}
	slow := &rest.Response{Status: 200, Header: header, Body: io.NopCloser(iotest.OneByteReader(strings.NewReader(c.body)))}
	if got := strings.TrimSuffix(decode(d, slow), "\n"); got != c.want {
		t.Errorf("by the byte: %q, want %q", got, c.want)
	}
}

const (
	csv    = "type: CsvDecoder"
	jsonl  = "type: JsonlDecoder"
	items  = "{type: JsonItemsDecoder, items_path: data.items}"
	gzCSV  = "{type: GzipDecoder, decoder: {type: CsvDecoder}}"
	gzJSON = "{type: GzipDecoder, decoder: {type: JsonDecoder}}"
	zipCSV = "{type: ZipfileDecoder, decoder: {type: CsvDecoder}}"
)

func TestJSON(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"object":     {"type: JsonDecoder", `{"a":1}`, "", `{"a":1}`},
		"list":       {"type: JsonDecoder", `[{"a":1},2,null]`, "", "{\"a\":1}\n2\nnull"},
		"empty list": {"type: JsonDecoder", ` [] `, "", `{}`},
		"empty":      {"type: JsonDecoder", ``, "", `{}`},
		"null":       {"type: JsonDecoder", `null`, "", `{}`},
		"zero":       {"type: JsonDecoder", `0`, "", `0`},
		"text":       {"type: JsonDecoder", `"a"`, "", `"a"`},
		"nan":        {"type: JsonDecoder", `{"a":NaN,"b":[Infinity,-Infinity]}`, "", `{"a":null,"b":[null,null]}`},
		"broken":     {"type: JsonDecoder", `{"a":1`, "", `{}`},
		"trailing":   {"type: JsonDecoder", `{"a":1} x`, "", `{}`},
		"mark":       {"type: JsonDecoder", "\xef\xbb\xbf[1]", "", `{}`},
		"latin-1":    {"type: JsonDecoder", "[\"\xe9\"]", "", `{}`},
		"lone":       {"type: JsonDecoder", `["\ud800"]`, "", `"` + "\uFFFD" + `"`},
	} {
		t.Run(name, c.run)
	}
}

func TestJSONItems(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"items":      {items, `{"x":[1],"data":{"items":[{"a":1},2,[3]]}}`, "", "{\"a\":1}\n2\n[3]"},
		"missing":    {items, `{"data":[1]}`, "", ""},
		"dotted":     {items, `{"data.items":[1],"data":{"items":{"item":2}}}`, "", "1\n2"},
		"cut":        {items, `{"data":{"items":[1,{"a":2}`, "", "1\n{\"a\":2}\nerror"},
		"empty":      {items, ``, "", "error"},
		"nan":        {items, `{"data":{"items":[1,NaN]}}`, "", "1\nerror"},
		"trailing":   {items, `{"data":{"items":[1]}} 2`, "", "1\nerror"},
		"not utf-8":  {items, "{\"data\":{\"items\":[1,\"\xff\"]}}", "", "1\nerror"},
		"compressed": {items, `{}`, "Content-Encoding: gzip", "error"},
		"latin-1":    {"{type: JsonItemsDecoder, items_path: a, encoding: latin-1}", "{\"a\":[\"\xe9\"]}", "", `"é"`},
		"in lists":   {"{type: JsonItemsDecoder, items_path: item.a}", `[{"a":[1]},{"a":[2]}]`, "", "1\n2"},
		"no path":    {"{type: JsonItemsDecoder, items_path: ''}", `{}`, "", "error"},
	} {
		t.Run(name, c.run)
	}
}

func TestJSONLines(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"jsonl":      {jsonl, "{\"a\":1}\r\n\nnot\n[2]\n 3", "", "{\"a\":1}\n[2]\n3"},
		"nan":        {jsonl, "{\"a\":NaN}", "", `{"a":null}`},
		"not utf-8":  {jsonl, "{\"a\":1}\n{\"a\":\"\xff\"}\n", "", "{\"a\":1}\nerror"},
		"compressed": {jsonl, "{\"a\":1}", "Content-Encoding: gzip", `{"a":1}`},
	} {
		t.Run(name, c.run)
	}
}

func TestCSV(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"csv":            {csv, "id,name\n1,\"a, b\"\n2,\n", "", "{\"id\":\"1\",\"name\":\"a, b\"}\n{\"id\":\"2\",\"name\":\"\"}"},
		"ragged":         {csv, "a,b\n1\n1,2,3,4\n", "", "{\"a\":\"1\",\"b\":null}\n{\"a\":\"1\",\"b\":\"2\",\"null\":[\"3\",\"4\"]}"},
		"twice":          {csv, "a,b,a\n1,2,3\n1,2\n", "", "{\"a\":\"3\",\"b\":\"2\"}\n{\"a\":null,\"b\":\"2\"}"},
		"blank lines":    {csv, "a\n\n1\n\n\"\"\n", "", "{\"a\":\"1\"}\n{\"a\":\"\"}"},
		"blank header":   {csv, "\na\n", "", `{"null":["a"]}`},
		"empty":          {csv, "", "", ""},
		"mark":           {csv, "\xef\xbb\xbfa\n1\n", "", "{\"\uFEFFa\":\"1\"}"},
		"escapes":        {csv, "a\n\"x\"\"\\\ny\t\"\n", "", `{"a":"x\"\\\ny\t"}`},
		"not utf-8":      {csv, "a\n1\n\xff\n", "", "error"},
		"latin-1":        {"{type: CsvDecoder, encoding: latin-1}", "a\n\xe9\n", "", `{"a":"é"}`},
		"unknown":        {"{type: CsvDecoder, encoding: nope}", "a\n1\n", "", "error"},
		"none":           {"{type: CsvDecoder, set_values_to_none: ['', 'NULL']}", "a,b\n,NULL\nnull,x\n", "", "{\"a\":null,\"b\":null}\n{\"a\":\"null\",\"b\":\"x\"}"},
		"semicolon":      {"{type: CsvDecoder, delimiter: ';'}", "a;b\n1;2,3\n", "", `{"a":"1","b":"2,3"}`},
		"tab":            {`{type: CsvDecoder, delimiter: '\t'}`, "a\tb\n1\t2\n", "", `{"a":"1","b":"2"}`},
		"two delimiters": {"{type: CsvDecoder, delimiter: '||'}", "a\n1\n", "", "error"},
		"no delimiter":   {"{type: CsvDecoder, delimiter: ''}", "a,b\n1,2\n", "", `{"a":"1","b":"2"}`},
		"compressed":     {csv, "a\n1\n", "Content-Encoding: gzip", "error"},
	} {
		t.Run(name, c.run)
	}
}

func TestLines(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"iterable":  {"type: IterableDecoder", "one\r\ntwo\rthree\n\nfour", "", "{\"record\":\"one\"}\n{\"record\":\"two\"}\n{\"record\":\"three\"}\n{\"record\":\"\"}\n{\"record\":\"four\"}"},
		"not utf-8": {"type: IterableDecoder", "a\n\xff\n", "", "{\"record\":\"a\"}\nerror"},
	} {
		t.Run(name, c.run)
	}
}

func TestGzip(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"csv":         {gzCSV, gzipped("a\n1\n"), "", `{"a":"1"}`},
		"csv decoded": {gzCSV, "a\n1\n", "Content-Encoding: gzip", `{"a":"1"}`},
		"members":     {gzCSV, gzipped("a\n1\n") + gzipped("2\n") + "\x00\x00", "", "{\"a\":\"1\"}\n{\"a\":\"2\"}"},
		"garbage":     {gzCSV, gzipped("a\n1\n") + "x", "", "{\"a\":\"1\"}\nerror"},
		"cut":         {gzCSV, gzipped("a\n1\n")[:15], "", "{\"a\":\"1\"}\nerror"},
		"empty":       {gzCSV, "", "", ""},
		"one byte":    {gzCSV, "a", "", ""},
		"twice":       {"{type: GzipDecoder, decoder: {type: GzipDecoder, decoder: {type: JsonlDecoder}}}", gzipped(gzipped("1\n")), "", "1"},
		"json":        {gzJSON, gzipped("[1,{\"a\":2}]"), "", "1\n{\"a\":2}"},
		"json broken": {gzJSON, gzipped("{"), "", "error"},
		"json null":   {gzJSON, gzipped("null"), "", "error"},
	} {
		t.Run(name, c.run)
	}
}

func TestZip(t *testing.T) {
	for name, c := range map[string]bodyCase{
		"zip":         {zipCSV, zipped("b.csv", "a\n1\n", "a.csv", "a\n2\n"), "", "{\"a\":\"1\"}\n{\"a\":\"2\"}"},
		"broken":      {zipCSV, "nope", "", "error"},
		"broken file": {"{type: ZipfileDecoder, decoder: {type: JsonDecoder}}", zipped("a", "[1]", "b", "x"), "", "1\nerror"},
	} {
		t.Run(name, c.run)
	}
}

func TestCanPaginate(t *testing.T) {
	for manifest, want := range map[string]bool{
		"type: JsonDecoder": true, "type: XmlDecoder": true, "type: CsvDecoder": false, "type: JsonlDecoder": false, "type: IterableDecoder": false,
		"{type: JsonItemsDecoder, items_path: a}": false, "{type: GzipDecoder, decoder: {type: JsonDecoder}}": true,
		"{type: GzipDecoder, decoder: {type: CsvDecoder}}": false, "{type: ZipfileDecoder, decoder: {type: JsonDecoder}}": false,
	} {
		if got := rest.CanPaginate(build(t, manifest)); got != want {
			t.Errorf("%s: %v, want %v", manifest, got, want)
		}
	}
}

func TestTemplateValue(t *testing.T) {
	for name, c := range map[string]struct{ manifest, body, want string }{
		"object":   {"type: JsonDecoder", `{"a":1}`, `{"a":1}`},
		"list":     {"type: JsonDecoder", `[{"a":1},{"a":2}]`, `{"a":1}`},
		"empty":    {"type: JsonDecoder", `[]`, `{}`},
		"none":     {"type: JsonDecoder", `oops`, `{}`},
		"xml":      {"type: XmlDecoder", `<a>1</a>`, `{"a":"1"}`},
		"streamed": {"{type: GzipDecoder, decoder: {type: JsonDecoder}}", `{"a":1}`, `{}`},
	} {
		v, err := rest.TemplateValue(build(t, c.manifest), rest.NewResponse(200, nil, "", []byte(c.body)))
		if got := string(value.Append(nil, v)); got != c.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

// TestBombs checks that what decompresses to too much ends with an error.
func TestBombs(t *testing.T) {
	body := gzipped("a\n" + strings.Repeat("1\n", 5000))
	d := &streamed{parser: gunzip{newCSVRows(csvDefinition{Encoding: "utf-8"}), 1000}}
	if got := decode(d, rest.NewResponse(200, nil, "", []byte(body))); !strings.HasSuffix(got, "error") {
		t.Errorf("gzip: %.20q", got)
	}
	z := &zipDecoder{newCSVRows(csvDefinition{Encoding: "utf-8"}), 1000}
	if got := decode(z, rest.NewResponse(200, nil, "", []byte(zipped("a", strings.Repeat("1\n", 400), "b", strings.Repeat("1\n", 400))))); !strings.HasSuffix(got, "error") {
		t.Errorf("zip: %.20q", got)
	}
}

func TestRefuses(t *testing.T) {
	for _, text := range []string{
		"{type: GzipDecoder, decoder: {type: XmlDecoder}}", "{type: GzipDecoder, decoder: {type: IterableDecoder}}", "type: GzipDecoder",
		"{type: ZipfileDecoder, decoder: {type: ZipfileDecoder, decoder: {type: CsvDecoder}}}", "type: JsonItemsDecoder",
	} {
		root, err := manifest.Parse("test.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := manifest.Build[rest.Decoder](manifest.NewCompiler(Table(), value.NewDict(0)), root); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

// TestUntrueEncoding says which decoders read a body that is not compressed although its
// Content-Encoding says so.
func TestUntrueEncoding(t *testing.T) {
	for manifest, want := range map[string]string{
		"type: CsvDecoder":                                 `{"{\"a\":1}":"x"}`,
		"type: JsonlDecoder":                               "error",
		"type: IterableDecoder":                            "error",
		"{type: GzipDecoder, decoder: {type: CsvDecoder}}": `{"{\"a\":1}":"x"}`,
	} {
		r := rest.NewResponse(200, http.Header{"Content-Encoding": {"gzip"}}, "", []byte("{\"a\":1}\nx\n"))
		r.AsSent = true
		if got := strings.TrimSuffix(decode(build(t, manifest), r), "\n"); got != want {
			t.Errorf("%s: %q, want %q", manifest, got, want)
		}
	}
}
