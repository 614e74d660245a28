package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"anytap/internal/redact"
	"anytap/internal/rest"
)

func TestNotJSON(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"a page with a title":   {"<!DOCTYPE html>\n<html><head><title>\n Sign  in</title></head></html>", `is an HTML page called "Sign in", expected JSON`},
		"a page without one":    {"<html><style>a {}</style><body><h1>502</h1> Bad Gateway</body>", `is an HTML page that says "502 Bad Gateway"`},
		"a page without words":  {"<html><script>x()</script></html>", "is an HTML page without words"},
		"XML":                   {"<?xml version='1.0'?><a/>", `is XML that begins with "<?xml version='1.0'?><a/>", expected JSON`},
		"a text":                {"\n Service is\n up. ", `is a text that begins with "Service is up.", expected JSON`},
		"a long text":           {strings.Repeat("word ", 50), `word …", expected JSON`},
		"nothing":               {" ", "is empty, expected JSON"},
		"a text that was cut":   {`{"a": [1, 2`, "is JSON that breaks off after 11 bytes"},
		"a text with a fault":   {`{"a": [1, 2,]}`, "is no JSON: its byte 13 is wrong (']')"},
		"what is no text":       {"{\"a\": \"\xff\"}", "holds bytes that are no text in UTF-8"},
		"what can not be there": {`{"a": 1}`, "is no JSON that can be read"},
	} {
		err := rest.NotJSON(200, http.Header{"Content-Type": {"text/html"}}, []byte(test.body))
		if !strings.HasPrefix(err.Error(), "the answer (status 200, type text/html) ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %q, want %q", name, err, test.want)
		}
	}
}

// FuzzNotJSON: a message is short, a text, and has no secret of the answer in it once it is
// redacted.
func FuzzNotJSON(f *testing.F) {
	const secret = "s3cr3t-0123456789-abcdef"
	for _, text := range []string{"<html>x</html>", "{\"a\": ", "word " + strings.Repeat("x", 60), "<title>", strings.Repeat("a", 75), ""} {
		f.Add(text, text)
	}
	hide := redact.New(secret)
	f.Fuzz(func(t *testing.T, before, after string) {
		said := rest.Described([]byte(before + secret + after))
		if len(said) > 2000 || !utf8.ValidString(said) {
			t.Errorf("%q", said)
		}
		if said = hide.Text(said); strings.Contains(said, secret[:10]) {
			t.Errorf("the secret is told: %q", said)
		}
	})
}
