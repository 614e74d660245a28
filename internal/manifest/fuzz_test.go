package manifest

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest/parity"
	"anytap/internal/value"
)

func FuzzResolve(f *testing.F) {
	for _, s := range parity.Seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		start := time.Now()
		root, err := Parse("fuzz.yaml", data)
		if err != nil {
			requireProblems(t, err)
			return
		}
		if root, err = Resolve(root); err != nil {
			requireProblems(t, err)
			return
		}
		_ = Check(NewCompiler(testTable(), nil), root)
		if root.doc.note(root.raw).size < 100_000 {
			value.Str(root.Value())
		}
		walk(root, 2000)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %s: %q", took, data)
		}
	})
}

// requireProblems holds that a refusal names its place.
func requireProblems(t *testing.T, err error) {
	t.Helper()
	ps := AsProblems(err)
	if len(ps) == 0 || !strings.HasPrefix(err.Error(), "fuzz.yaml:") {
		t.Fatalf("error without a place: %v", err)
	}
}

// walk visits at most left nodes with every reading method.
func walk(n *Node, left int) int {
	_, _, _, _ = n.Path(), n.Type(), n.Parameters(), n.String()
	for _, c := range n.Items() {
		if left--; left < 0 {
			return left
		}
		left = walk(c, left)
	}
	for _, c := range n.Members() {
		if left--; left < 0 {
			return left
		}
		left = walk(c, left)
	}
	return left
}
