// Package manifesttest reads the manifests of tests.
package manifesttest

import (
	"testing"

	"anytap/internal/manifest"
)

// Resolve gives the resolved root of a manifest's text, which must be in order. file is the name in
// error messages.
func Resolve(t testing.TB, file, text string) *manifest.Node {
	t.Helper()
	root, err := manifest.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if root, err = manifest.Resolve(root); err != nil {
		t.Fatal(err)
	}
	return root
}
