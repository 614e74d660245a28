package restsource_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"anytap/internal/components"
	"anytap/internal/manifest"
	"anytap/internal/restsource"
	"anytap/internal/value"
)

// TestPackageDocIsTrue compares the manifest in the package's doc comment with that of the
// configuration there.
func TestPackageDocIsTrue(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	blocks := blocksOf(file.Doc.Text())
	if len(blocks) < 2 {
		t.Fatalf("the doc comment has %d indented blocks, want a configuration and a manifest", len(blocks))
	}
	config, want := parsed(t, blocks[0]).Value().(*value.Dict), parsed(t, blocks[1])
	got, err := restsource.Manifest(config)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := indented(t, got), indented(t, want.Value()); string(a) != string(b) {
		t.Errorf("the configuration amounts to\n%s\nbut the comment says\n%s", a, b)
	}
	problems, err := components.CheckManifest(want)
	if err != nil || problems.Err() != nil {
		t.Errorf("the manifest is wrong: %v, %v", problems, err)
	}
}

// blocksOf returns the indented blocks of a doc comment, without their indentation.
func blocksOf(comment string) []string {
	var blocks []string
	inside := false
	for line := range strings.Lines(comment) {
		text, indented := strings.CutPrefix(line, "\t")
		if indented && !inside {
			blocks = append(blocks, "")
		}
		if indented {
			blocks[len(blocks)-1] += text
		}
		inside = indented
	}
	return blocks
}

func parsed(t *testing.T, text string) *manifest.Node {
	t.Helper()
	n, err := manifest.Parse("doc.go", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A configuration becomes a manifest whose templates look up what may be secret.
func ExampleManifest() {
	config, err := value.DecodeString(`{
		"base_url": "https://api.example.com/v1",
		"auth": {"type": "api_key", "name": "X-Key", "key": "s3cret"},
		"streams": [{"name": "items", "path": "/items", "primary_key": ["id"]}]
	}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	document, err := restsource.Manifest(config.(*value.Dict))
	if err != nil {
		fmt.Println(err)
		return
	}
	requester, _ := value.At(document, "streams", "0", "retriever", "requester")
	for _, field := range []string{"url_base", "path", "authenticator"} {
		v, _ := value.At(requester, field)
		fmt.Println(field, string(value.Append(nil, v)))
	}
	// Output:
	// url_base "{{ config['base_url'] }}"
	// path "/items"
	// authenticator {"type":"ApiKeyAuthenticator","api_token":"{{ '%r'|format(config['auth']['key']) }}","inject_into":{"type":"RequestOption","inject_into":"header","field_name":"X-Key"}}
}
