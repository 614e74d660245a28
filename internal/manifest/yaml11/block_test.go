package yaml11

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/manifest/parity"
	"anytap/internal/value"
)

// dump writes a tree with everything that both ways of reading must agree on.
func dump(b *strings.Builder, r *Node, indent string) {
	at := fmt.Sprintf("%d:%d", r.Line, r.Col)
	if r.Kind == Scalar && r.Value == nil && r.style == plain {
		at = "" // an absent value has no place of its own
	}
	fmt.Fprintf(b, "%s %s %d", at, r.Kind, r.style)
	if r.Kind == Scalar {
		fmt.Fprintf(b, " %s", value.Repr(r.Value))
	}
	for i, v := range r.Values {
		b.WriteString("\n" + indent)
		if r.Kind == Map {
			k := r.Keys[i]
			fmt.Fprintf(b, "%d:%d %q %s: ", k.Line, k.Col, k.Name, value.Repr(k.Other))
		}
		dump(b, v, indent+" ")
	}
}

func dumped(r *Node) string {
	var b strings.Builder
	dump(&b, r, "")
	return b.String()
}

// agree holds that the parser gives the same nodes as the block reader, and tells whether the block
// reader took data.
func agree(t *testing.T, name string, data []byte) (taken bool) {
	t.Helper()
	blocks := readBlocks(data)
	if blocks == nil {
		return false
	}
	parsed, err := readAll(data)
	if err != nil {
		t.Fatalf("%s: the block reader takes what the parser refuses: %v\n%q", name, err, data)
	}
	if a, b := strings.Split(dumped(blocks), "\n"), strings.Split(dumped(parsed), "\n"); !equalLines(t, name, a, b) {
		t.Fatal(Quote(string(data)))
	}
	return true
}

func equalLines(t *testing.T, name string, a, b []string) bool {
	t.Helper()
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Errorf("%s: the block reader has %q, the parser %q", name, a[min(i, len(a)-1)], b[min(i, len(b)-1)])
			return false
		}
	}
	return true
}

func TestBlockReaderAgreesOnManifests(t *testing.T) {
	taken, files := 0, parity.Files(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if agree(t, filepath.Base(file), data) {
			taken++
		} else {
			t.Logf("%s goes to the parser", filepath.Base(file))
		}
	}
	t.Logf("%d of %d files read by the block reader", taken, len(files))
	if taken < len(files)*9/10 {
		t.Errorf("only %d of %d files read by the block reader", taken, len(files))
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

func TestBlockReaderAgreesOnRandomText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	taken, docs := 0, 30_000
	for range docs {
		if agree(t, "random.yaml", []byte(randomYAML(r))) {
			taken++
		}
	}
	t.Logf("%d of %d documents read by the block reader", taken, docs)
	if taken < docs/50 {
		t.Errorf("only %d of %d documents read by the block reader: the test says too little", taken, docs)
	}
}
