package decoder

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
)

// incompressible is a long text of different lines.
func incompressible() string {
	var b strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&b, "%d\n", uint32(i)*2654435761)
	}
	return b.String()
}

func gives(values ...string) resttest.Decoded { return resttest.Decoded{Values: values} }

func fails(values ...string) resttest.Decoded { return resttest.Decoded{Values: values, Fails: true} }

func TestEveryDecoderPassesTheSuite(t *testing.T) {
	rows := []string{`{"a":"1","b":"x"}`, `{"a":"2","b":"y, z"}`, `{"a":"3","b":"é"}`}
	const csv = "a,b\n1,x\n2,\"y, z\"\n3,é\n"
	members := []string{`{"a":1}`, `[2]`, `"é"`}
	long := gzipped(incompressible())
	for name, c := range map[string]struct {
		manifest, long string
		body           string
		values         []string
		empty          resttest.Decoded
		malformed      string
		gives          resttest.Decoded
	}{
		"JSON":           {"type: JsonDecoder", "", `[{"a":1},[2],"é"]`, members, gives("{}"), "[1,\xff]", gives("{}")},
		"items of JSON":  {"{type: JsonItemsDecoder, items_path: d.l}", "", `{"d":{"l":[{"a":1},[2],"é"]}}`, members, fails(), "{\"d\":{\"l\":[1,\"\xff\"]}}", fails("1")},
		"JSON lines":     {"type: JsonlDecoder", strings.Repeat("1\n", 1<<19), "{\"a\":1}\n[2]\n\"é\"\n", members, gives(), "1\n\"\xff\"\n2\n", fails("1")},
		"CSV":            {"type: CsvDecoder", strings.Repeat("1\n", 1<<19), csv, rows, gives(), "a\n1\n\xff\n", fails()},
		"CSV in Latin-1": {"{type: CsvDecoder, encoding: latin-1, delimiter: ;}", strings.Repeat("1\n", 1<<19), "a;b\n1;x\n2;y, z\n3;\xe9\n", rows, gives(), "a\n1\n\"2", gives(`{"a":"1"}`, `{"a":"2"}`)},
		"lines":          {"type: IterableDecoder", strings.Repeat("1\n", 1<<19), "a\rb\r\né", []string{`{"record":"a"}`, `{"record":"b"}`, `{"record":"é"}`}, gives(), "a\n\xff\n", fails(`{"record":"a"}`)},
		"gzip of JSON":   {"{type: GzipDecoder, decoder: {type: JsonDecoder}}", "", gzipped(`[{"a":1},[2],"é"]`), members, fails(), gzipped("[1,2"), fails()},
		"gzip of lines":  {"{type: GzipDecoder, decoder: {type: JsonlDecoder}}", long, gzipped("{\"a\":1}\n[2]\n\"é\"\n"), members, gives(), gzipped("1\n2\n")[:13], fails("1")},
		"gzip members":   {"{type: GzipDecoder, decoder: {type: CsvDecoder}}", long, gzipped("a,b\n1,x\n") + gzipped("2,\"y, z\"\n") + gzipped("3,é\n"), rows, gives(), gzipped("a\n1\n") + "oops", fails(`{"a":"1"}`)},
		"zip":            {"{type: ZipfileDecoder, decoder: {type: CsvDecoder}}", "", zipped("one", "a,b\n1,x\n2,\"y, z\"\n", "two", "a,b\n3,é\n"), rows, fails(), "PK", fails()},
		"XML":            {"type: XmlDecoder", "", "<a><b>1</b><b>é</b></a>", []string{`{"a":{"b":["1","é"]}}`}, gives("{}"), "<a><b></a>", gives("{}")},
	} {
		t.Run(name, func(t *testing.T) {
			resttest.Decoder(t, resttest.DecoderCase{
				Decoder: build(t, c.manifest), Body: c.body, Values: c.values, Long: c.long, Empty: c.empty, Malformed: c.malformed, Gives: c.gives,
			})
		})
	}
}
