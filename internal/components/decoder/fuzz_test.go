package decoder

import (
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

func FuzzDecoders(f *testing.F) {
	manifests := []string{
		"type: JsonDecoder", "{type: JsonItemsDecoder, items_path: a}", "type: JsonlDecoder", "type: CsvDecoder", "type: XmlDecoder", "type: IterableDecoder",
		"{type: GzipDecoder, decoder: {type: JsonDecoder}}", "{type: ZipfileDecoder, decoder: {type: CsvDecoder}}", "{type: CsvDecoder, encoding: utf-16}",
	}
	decoders := make([]rest.Decoder, len(manifests))
	for i, m := range manifests {
		decoders[i] = build(f, m)
	}
	for _, seed := range []string{`{"a":[1,{"b":"\u00e9"}]}`, "a,b\n\"1\n\",2\n", `<a b="1"><![CDATA[x]]>&amp;<!-- c --></a>`, gzipped("[1]"), zipped("a", "b\n1\n"), "\xff\xfea\x00"} {
		for i := range decoders {
			f.Add(uint8(i), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		var out []byte
		for v, err := range decoders[int(which)%len(decoders)].Decode(rest.NewResponse(200, nil, "", body)) {
			if err != nil {
				break
			}
			out = value.Append(out[:0], v)
			if _, err := value.Decode(out); err != nil {
				t.Errorf("%q gives %q, which is no JSON", body, out)
			}
		}
	})
}
