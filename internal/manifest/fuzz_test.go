package manifest

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/value"
)

// fuzzSeeds touch each construct that the readers know.
var fuzzSeeds = []string{
	"version: 1\nstreams:\n- name: a\n  primary_key: [id, 'x']\n",
	"a: 1\nb:\n  - c: &x {d: 1, e: [2, ~]}\n  - *x\n  - <<: *x\n    d: 2\n",
	"a: |\n  text\n   more\n\n  end\nb: >-\n  folded\n  text\n\n   kept\n\nc: \"q\\n\\u00e9 \\\n  joined\"\nd: 'it''s'\n",
	"a: plain text\n  over lines\n\n  and more # done\nb: yes\n? complex\n: value\n",
	"definitions:\n  a: {b: 1}\nx:\n  $ref: '#/definitions/a'\n  c: 2\ny: '#/definitions/a/b'\nz: \"#/z\"\n",
	"$parameters: {name: n, a: [{type: T}]}\nstreams:\n- type: DeclarativeStream\n  retriever:\n    requester: {path: /}\n",
	"a: &a [x, *a]\n", "a: 2001-12-14t21:59:43.10-05:00\nb: 1:30\nc: 0o17\nd: 1e3\n", "--- x\n---\ny\n", "a:\n\tb: 1\n",
	"a: [1, 2,\n  3]\n'k': \"v\" # c\n\"q: r\":\n- - a\n  - b\n-\n",
}

func FuzzResolve(f *testing.F) {
	for _, s := range fuzzSeeds {
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
