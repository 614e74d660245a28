package manifest

import (
	"testing"

	"anytap/internal/manifest/parity"
)

func TestManifestsResolveAsReference(t *testing.T) {
	parity.Compare(t, "resolve", parity.Files(t), func(file string, data []byte) (any, error) {
		root, err := resolveAll(file, data)
		return root.Value(), err
	})
}
