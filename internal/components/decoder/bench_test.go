package decoder

import (
	"fmt"
	"strings"
	"testing"

	"anytap/internal/rest"
)

func BenchmarkDecoders(b *testing.B) {
	var csv, jsonl, xml strings.Builder
	csv.WriteString("id,name,note,amount\n")
	xml.WriteString("<r>")
	for i := range 5000 {
		fmt.Fprintf(&csv, "%d,Name %d,\"some, quoted text\",%d.50\n", i, i, i)
		fmt.Fprintf(&jsonl, `{"id":%d,"name":"Name %d","note":"some text","amount":%d.50,"tags":["a","b"]}`+"\n", i, i, i)
		fmt.Fprintf(&xml, `<i id="%d"><name>Name %d</name><note>some text</note></i>`, i, i)
	}
	xml.WriteString("</r>")
	items := `{"meta":{"n":1},"data":[` + strings.ReplaceAll(strings.TrimSuffix(jsonl.String(), "\n"), "\n", ",") + `]}`
	for name, c := range map[string]struct{ manifest, body string }{
		"csv": {"type: CsvDecoder", csv.String()}, "csv latin-1": {"{type: CsvDecoder, encoding: latin-1}", csv.String()}, "jsonl": {"type: JsonlDecoder", jsonl.String()},
		"items": {"{type: JsonItemsDecoder, items_path: data}", items}, "xml": {"type: XmlDecoder", xml.String()}, "json": {"type: JsonDecoder", items},
		"gzip jsonl": {"{type: GzipDecoder, decoder: {type: JsonlDecoder}}", jsonl.String()},
	} {
		b.Run(name, func(b *testing.B) {
			d := build(b, c.manifest)
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range d.Decode(rest.NewResponse(200, nil, "", []byte(c.body))) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
