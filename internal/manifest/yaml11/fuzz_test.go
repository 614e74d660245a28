package yaml11

import (
	"testing"

	"anytap/internal/manifest/parity"
)

func FuzzBlockReader(f *testing.F) {
	for _, s := range parity.Seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { agree(t, "fuzz.yaml", data) })
}
