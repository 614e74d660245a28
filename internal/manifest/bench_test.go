package manifest

import (
	"testing"

	"anytap/internal/manifest/parity"
)

func BenchmarkParse(b *testing.B) {
	data := parity.Largest(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("m.yaml", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	data := parity.Largest(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		root, err := Parse("m.yaml", data)
		if err == nil {
			root, err = Resolve(root)
		}
		if err != nil {
			b.Fatal(err)
		}
		root.Get("streams").Value()
	}
}
