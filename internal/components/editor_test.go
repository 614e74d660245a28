package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/components/spec"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// TestManifestsPassTheEditorsSchema holds the manifests that we have against the schema for
// editors, and a few mistakes.
func TestManifestsPassTheEditorsSchema(t *testing.T) {
	t.Parallel()
	schema, err := spec.CompileSchema(EditorSchema())
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, text []byte) error {
		root, err := manifest.Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		return spec.Check(schema, root.Value())
	}
	paths, err := filepath.Glob("../../streams/*/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../streams/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if paths = append(paths, more...); len(paths) == 0 {
		t.Fatal("no manifests were found")
	}
	var text []byte
	for _, path := range paths {
		if text, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		if err := check(path, text); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for old, wrong := range map[string]string{"\nstreams:": "\nstreams: 5\nx:", "\nspec:": "\nspec: {type: Spek}\nx:", "\ncheck:": "\ncheck: {type: CheckStream, stream_names: 5}\nx:"} {
		if !strings.Contains("\n"+string(text), old) {
			continue
		}
		if err := check("wrong.yaml", []byte(strings.Replace(string(text), old, wrong, 1))); err == nil {
			t.Errorf("%s passes", wrong)
		}
	}
	if _, ok := value.At(EditorSchema(), "definitions", "HttpRequester", "properties", "url_base", "description"); !ok {
		t.Error("fields are not described")
	}
}
