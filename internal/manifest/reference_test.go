package manifest

import (
	"testing"

	"anytap/internal/manifest/manifesttest"
)

func TestManifestsResolveAsReference(t *testing.T) {
	manifesttest.Compare(t, "resolve", manifesttest.Files(t), func(file string, data []byte) (any, error) {
		root, err := resolveAll(file, data)
		return root.Value(), err
	})
}
