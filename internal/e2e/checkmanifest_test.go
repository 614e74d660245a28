package e2e

import (
	"anytap/internal/cli"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// customManifest has a stream that works and one that needs Python.
const customManifest = `version: 6.60.0
type: DeclarativeSource
check: {type: CheckStream, stream_names: [good]}
definitions:
  retriever:
    type: SimpleRetriever
    requester: {type: HttpRequester, url_base: "http://127.0.0.1:1", path: /a, http_method: GET}
    record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
streams:
  - {type: DeclarativeStream, name: good, retriever: {$ref: "#/definitions/retriever"}}
  - type: DeclarativeStream
    name: custom
    retriever:
      $ref: "#/definitions/retriever"
      record_selector: {type: RecordSelector, extractor: {type: CustomRecordExtractor, class_name: source_x.Extractor}}
spec: {type: Spec, connection_specification: {type: object, properties: {}}}
`

func writeManifest(t *testing.T, text string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"manifest.yaml": text, cli.PythonFile: "class Extractor: pass\n", "config.json": "{}"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestCheckManifestListsEverythingOnce(t *testing.T) {
	t.Parallel()
	broken := strings.Replace(customManifest, "type: DpathExtractor, field_path: []", "type: DpathExtractr, field_path: []", 1)
	for name, test := range map[string]struct {
		manifest string
		code     int
		want     []string
	}{
		"python":       {customManifest, 0, []string{"manifest.yaml:15:58", `CustomRecordExtractor needs the Python class "source_x.Extractor"`, "components.py: is Python code"}},
		"unknown type": {broken, 1, []string{`unknown type "DpathExtractr", did you mean "DpathExtractor"?`}},
		"no YAML":      {"a: [", 1, []string{"manifest.yaml:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out, logs bytes.Buffer
			code := program.Run(t.Context(), []string{"check-manifest", filepath.Join(writeManifest(t, test.manifest), "manifest.yaml")}, &out, &logs)
			if code != test.code || out.Len() > 0 {
				t.Errorf("exit code %d, want %d; stdout %q", code, test.code, out.String())
			}
			for _, want := range test.want {
				if strings.Count(logs.String(), want) != 1 {
					t.Errorf("%q is not there once in\n%s", want, logs.String())
				}
			}
		})
	}
}

func TestStreamsThatNeedPythonAreLeftOut(t *testing.T) {
	t.Parallel()
	folder := writeManifest(t, customManifest)
	var out, logs bytes.Buffer
	code := program.Run(t.Context(), []string{"discover", "--manifest-path", filepath.Join(folder, "manifest.yaml"), "--config", filepath.Join(folder, "config.json")}, &out, &logs)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	for _, want := range []string{"components.py", "stream left out stream=custom", `"streams":[{"name":"good"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), `"name":"custom"`) {
		t.Error("the stream that needs Python is in the catalog")
	}
}
