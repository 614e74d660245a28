package manifest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/value"
)

// dump writes a tree with everything that readers must agree on.
func dump(b *strings.Builder, r *raw, indent string) {
	at := fmt.Sprintf("%d:%d", r.line, r.col)
	if r.kind == Scalar && r.value == nil && r.style == plain {
		at = "" // where nothing stands, the place means nothing
	}
	fmt.Fprintf(b, "%s %s %d", at, r.kind, r.style)
	if r.kind == Scalar {
		fmt.Fprintf(b, " %s", value.Repr(r.value))
	}
	for i, v := range r.vals {
		b.WriteString("\n" + indent)
		if r.kind == Map {
			k := r.keys[i]
			fmt.Fprintf(b, "%d:%d %q %s: ", k.line, k.col, k.name, value.Repr(k.other))
		}
		dump(b, v, indent+" ")
	}
}

func dumped(r *raw) string {
	var b strings.Builder
	dump(&b, r, "")
	return b.String()
}

func agree(t *testing.T, name string, data []byte) (handled bool) {
	t.Helper()
	quick := quickRead(data)
	if quick == nil {
		return false
	}
	full, err := (&document{file: name, data: data}).read()
	if err != nil {
		t.Fatalf("%s: the quick reader takes what the full one refuses: %v\n%q", name, err, data)
	}
	if a, b := strings.Split(dumped(quick), "\n"), strings.Split(dumped(full), "\n"); !equalLines(t, name, a, b) {
		t.Fatalf("%q", clip(string(data)))
	}
	return true
}

func equalLines(t *testing.T, name string, a, b []string) bool {
	t.Helper()
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Errorf("%s: readers differ, quick %q, full %q", name, a[min(i, len(a)-1)], b[min(i, len(b)-1)])
			return false
		}
	}
	return true
}

func TestQuickReaderAgreesOnManifests(t *testing.T) {
	handled, files := 0, manifestFiles(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if agree(t, filepath.Base(file), data) {
			handled++
		} else {
			t.Logf("%s goes to the full parser", filepath.Base(file))
		}
	}
	t.Logf("%d of %d files read quickly", handled, len(files))
	if handled < len(files)*9/10 {
		t.Errorf("only %d of %d files read quickly", handled, len(files))
	}
}

// randomYAML strings together lines that often make a document and often nearly do.
func randomYAML(r *rand.Rand) string {
	values := []string{
		"", "", "", "text", "two words", "12", "-3", "1.5", "yes", "~", "null", "'q'", "\"d\"", "'it''s'", "\"a\\nb\\u00e9\"", "[a, b]",
		"[]", "{}", "{a: 1, \"b\": [x, ~]}", "|", ">-", ">", "|-", "# comment", "x # comment", "x#y", "a: b", "http://x.y/z", "{{ a['b'] }}",
		"\"{{ a }}\"", "'open", "\"open", "close'", "close\"", "end\\", "- x", "- ", "-", "&a x", "*a", "!!str 1", "<<", "?", ": x", "é ü",
		"#/a/b", "2020-01-01", "10:30", "%", "@", "|+", ">2", "[a,", "b]", "[a b, 'c d']", "x:", "=", "...", "---", "\"\\", "a  b", "\t", "x ",
	}
	keys := []string{"a", "b", "$ref", "on", "12", "'k'", "\"k\"", "a b", "type", "é", "- a", "- - a", "-  b", "<<", "~", "x/y", "k ", "\"a\\n\""}
	var b strings.Builder
	for range 1 + r.IntN(9) {
		b.WriteString(strings.Repeat(" ", r.IntN(4)*r.IntN(3)))
		switch r.IntN(10) {
		case 0:
			b.WriteString("- " + values[r.IntN(len(values))])
		case 1:
			b.WriteString(values[r.IntN(len(values))])
		case 2:
		default:
			b.WriteString(keys[r.IntN(len(keys))] + ": " + values[r.IntN(len(values))])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestQuickReaderAgreesOnRandomText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	handled, docs := 0, 30_000
	for range docs {
		if agree(t, "random.yaml", []byte(randomYAML(r))) {
			handled++
		}
	}
	t.Logf("%d of %d documents read quickly", handled, docs)
	if handled < docs/50 {
		t.Errorf("only %d of %d documents read quickly: the test says too little", handled, docs)
	}
}
