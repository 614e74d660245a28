package components

import (
	"fmt"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

// CheckManifest lists everything that is wrong with a manifest, or that it needs and that is not
// run here, each once. An error means that the manifest can not be read.
func CheckManifest(root *manifest.Node) (manifest.Problems, error) {
	resolved, err := manifest.Resolve(root)
	if err != nil {
		if problems := manifest.AsProblems(err); problems != nil {
			return problems, nil
		}
		return nil, fmt.Errorf("resolve: %w", err)
	}
	c := manifest.NewCompiler(Table(), value.NewDict(0))
	return manifest.Check(c, resolved).Sorted(), nil
}
