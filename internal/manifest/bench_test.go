package manifest

import (
	"os"
	"testing"
)

// largest gives the text of the largest public manifest.
func largest(b *testing.B) []byte {
	b.Helper()
	var most []byte
	for _, file := range manifestFiles(b) {
		if data, err := os.ReadFile(file); err == nil && len(data) > len(most) {
			most = data
		}
	}
	return most
}

func BenchmarkParse(b *testing.B) {
	data := largest(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("m.yaml", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	data := largest(b)
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
