package decoder

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// TestXMLAsPython compares with what was recorded from Python's xmltodict over expat.
func TestXMLAsPython(t *testing.T) {
	data, err := os.ReadFile("testdata/xml.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		XML   string
		Value json.RawMessage
		Bad   bool
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		got, err := parseXML([]byte(c.XML))
		if c.Bad {
			if err == nil {
				t.Errorf("%q: %s, want an error", c.XML, value.Append(nil, got))
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.XML, err)
			continue
		}
		want, err := value.Decode(c.Value)
		if err != nil || !value.Equal(got, want) {
			t.Errorf("%q: %s, want %s", c.XML, value.Append(nil, got), c.Value)
		}
	}
}

func TestXMLDecoder(t *testing.T) {
	for name, c := range map[string]struct{ contentType, body, want string }{
		"nothing said":     {"", "<a>é</a>", `{"a":"é"}`},
		"application":      {"application/xml", "<a>é</a>", `{"a":"é"}`},
		"text is latin-1":  {"text/xml", "<a>é</a>", `{"a":"Ã©"}`},
		"text, charset":    {"text/xml; charset=utf-8", "<a>é</a>", `{"a":"é"}`},
		"latin-1":          {"application/xml; charset=ISO-8859-1", "<a>\xe9</a>", `{"a":"é"}`},
		"declared":         {"application/xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", `{"a":"é"}`},
		"mark":             {"", "\xef\xbb\xbf<a>1</a>", `{"a":"1"}`},
		"utf-16":           {"", "\xff\xfe<\x00a\x00/\x00>\x00", `{"a":null}`},
		"windows":          {"", "<a>\x80</a>", `{"a":"€"}`},
		"unknown charset":  {"text/xml; charset=nope", "<a>é</a>", `{"a":"é"}`},
		"no xml":           {"", "oops", `{}`},
		"empty":            {"", "", `{}`},
		"broken utf-8":     {"text/xml; charset=utf-8", "<a>\xff</a>", `{"a":"` + "\uFFFD" + `"}`},
		"json content":     {"application/json", "<a>1</a>", `{"a":"1"}`},
		"charset in quote": {`text/xml; charset="utf-8"`, "<a>é</a>", `{"a":"é"}`},
	} {
		r := rest.NewResponse(200, http.Header{"Content-Type": {c.contentType}}, "", []byte(c.body))
		if got := strings.TrimSpace(decode(build(t, "type: XmlDecoder"), r)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
