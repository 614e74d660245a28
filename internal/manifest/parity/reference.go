// Package parity compares readers of manifests with the Python ones, on public manifests.
package parity

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"anytap/internal/value"
)

// reference is the script that says what the Python libraries make of files.
//
//go:embed reference.py
var reference string

// Files gives public manifests: those of the folder that MANIFESTS names, by default every eighth
// of the folder shared/parity/manifests beside the checkout. Without any the test is skipped.
func Files(t testing.TB) []string {
	t.Helper()
	dir, every := os.Getenv("MANIFESTS"), 1
	if dir == "" {
		every = 8
		dir = filepath.Join(checkout(t), "..", "shared", "parity", "manifests")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if len(files) == 0 {
		t.Skipf("no manifests in %s to compare with", dir)
	}
	sort.Strings(files)
	some := files[:0]
	for i := 0; i < len(files); i += every {
		some = append(some, files[i])
	}
	return some
}

// checkout is the folder of the module.
func checkout(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// Largest gives the text of the largest of Files.
func Largest(t testing.TB) []byte {
	t.Helper()
	var most []byte
	for _, file := range Files(t) {
		if data, err := os.ReadFile(file); err == nil && len(data) > len(most) {
			most = data
		}
	}
	return most
}

// Answer is what the reference makes of one file.
type Answer struct {
	Value any    `json:"value,omitempty"` // in the form of Plain
	Error string `json:"error,omitempty"`
	Slow  bool   `json:"slow,omitempty"` // it took too long to say
}

// Ask runs the reference on files, with the Python that PYTHON names (default python3), and calls
// use with each answer. what is "yaml", for a document as PyYAML reads it, or "resolve", for
// references, types and parameters as airbyte-cdk fills them in. Without the Python library the
// test is skipped.
func Ask(t testing.TB, what string, files []string, use func(file string, answer Answer)) {
	t.Helper()
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	module := map[string]string{"yaml": "yaml", "resolve": "airbyte_cdk"}[what]
	if exec.CommandContext(t.Context(), python, "-c", "import "+module).Run() != nil {
		t.Skipf("%s has no module %s", python, module)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", reference, what)
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
		use(file, ReadAnswer(t, lines.Bytes()))
	}
}

// ReadAnswer reads an answer from its JSON text.
func ReadAnswer(t testing.TB, text []byte) (answer Answer) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// Compare holds what read makes of files against the reference's answers.
func Compare(t *testing.T, what string, files []string, read func(file string, data []byte) (any, error)) {
	t.Helper()
	Ask(t, what, files, func(file string, answer Answer) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		if answer.Slow {
			t.Logf("%s: the reference takes too long", name)
			return
		}
		v, err := read(name, data)
		if (err != nil) != (answer.Error != "") {
			t.Errorf("%s: error %v, the reference has %q", name, err, answer.Error)
			return
		}
		if err != nil {
			return
		}
		got, want := JSON(t, Plain(v)), JSON(t, answer.Value)
		if got != want {
			i := 0
			for i < len(got) && i < len(want) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: %s differs at\n got %.200s\nwant %.200s", name, what, got[max(0, i-80):], want[max(0, i-80):])
		}
	})
}

// Plain gives a value in the form of the reference's answers: maps as {"!": [[key, value], …]}, so
// that their order counts, and what JSON has no word for as {"!": "repr"}.
func Plain(v any) any {
	special := func(x any) any { return map[string]any{"!": x} }
	switch v := v.(type) {
	case *value.Dict:
		pairs := []any{}
		for k, x := range v.AllKeys() {
			pairs = append(pairs, []any{Plain(k), Plain(x)})
		}
		return special(pairs)
	case *value.List:
		out := []any{}
		for _, x := range v.All() {
			out = append(out, Plain(x))
		}
		return out
	case nil, bool, string:
		return v
	case float64, value.Bytes, value.Date, value.Datetime:
		return special(value.Repr(v))
	}
	return json.Number(value.Str(v))
}

// JSON is v as JSON text.
func JSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
