package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"anytap/internal/value"
)

// manifestFiles gives the public manifests that the comparison with the reference runtime uses: those of the folder
// that MANIFESTS names, by default some of the shared one beside the checkout.
func manifestFiles(t testing.TB) []string {
	t.Helper()
	dir, every := os.Getenv("MANIFESTS"), 1
	if dir == "" {
		every = 8
		dir = filepath.Join("..", "..", "..", "shared", "parity", "manifests")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if len(files) == 0 {
		t.Skip("no manifests to compare with")
	}
	sort.Strings(files)
	some := files[:0]
	for i := 0; i < len(files); i += every {
		some = append(some, files[i])
	}
	return some
}

// askReference runs testdata/reference.py with the Python that PYTHON names (default python3).
func askReference(t testing.TB, what string, files []string, use func(file string, answer map[string]any)) {
	t.Helper()
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	module := map[string]string{"yaml": "yaml", "resolve": "airbyte_cdk"}[what]
	if exec.Command(python, "-c", "import "+module).Run() != nil {
		t.Skipf("%s has no module %s", python, module)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "reference.py"), what)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\x00"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<30)
	for _, file := range files {
		if !lines.Scan() {
			t.Fatal("the reference stopped early")
		}
		var answer map[string]any
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&answer); err != nil {
			t.Fatal(err)
		}
		use(file, answer)
	}
}

// plainValue is reference.py's plain for our values.
func plainValue(v any) any {
	special := func(x any) any { return map[string]any{"!": x} }
	switch v := v.(type) {
	case *value.Dict:
		pairs := []any{}
		for k, x := range v.AllKeys() {
			pairs = append(pairs, []any{plainValue(k), plainValue(x)})
		}
		return special(pairs)
	case *value.List:
		out := []any{}
		for _, x := range v.All() {
			out = append(out, plainValue(x))
		}
		return out
	case nil, bool, string:
		return v
	case float64, value.Bytes, value.Date, value.Datetime:
		return special(value.Repr(v))
	}
	return json.Number(value.Str(v))
}

func jsonText(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestManifestsReadAsPyYAML(t *testing.T) {
	compare(t, "yaml", manifestFiles(t), Parse)
}

func TestManifestsResolveAsReference(t *testing.T) {
	compare(t, "resolve", manifestFiles(t), resolveAll)
}

func compare(t *testing.T, what string, files []string, read func(string, []byte) (*Node, error)) {
	t.Helper()
	askReference(t, what, files, func(file string, answer map[string]any) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, err := read(filepath.Base(file), data)
		if answer["slow"] != nil {
			t.Logf("%s: the reference takes too long", filepath.Base(file))
			return
		}
		if (err != nil) != (answer["error"] != nil) {
			t.Errorf("%s: error %v, the reference has %v", filepath.Base(file), err, answer["error"])
			return
		}
		if err != nil {
			return
		}
		got, want := jsonText(t, plainValue(root.Value())), jsonText(t, answer["value"])
		if got != want {
			i := 0
			for i < len(got) && i < len(want) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: %s differs at\n got %.200s\nwant %.200s", filepath.Base(file), what, got[max(0, i-80):], want[max(0, i-80):])
		}
	})
}
