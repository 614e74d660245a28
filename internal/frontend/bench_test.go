package frontend

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// BenchmarkWrite writes pages of 100 lines and flushes each, as a checkpoint does: into a file that
// takes everything, and into a pipe that is read.
func BenchmarkWrite(b *testing.B) {
	page := bytes.Repeat(append(bytes.Repeat([]byte("x"), 1060), '\n'), 100)
	for name, open := range map[string]func(*testing.B) *os.File{"null": null, "pipe": pipe} {
		b.Run(name, func(b *testing.B) {
			out := open(b)
			defer func() { _ = out.Close() }()
			w := NewWriter(out)
			b.ReportAllocs()
			b.SetBytes(int64(len(page)))
			for b.Loop() {
				if err := w.Append(func(dst []byte) []byte { return append(dst, page...) }); err != nil {
					b.Fatal(err)
				}
				if err := w.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func null(b *testing.B) *os.File {
	b.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// pipe is the writing end of a pipe that is read until it is closed.
func pipe(b *testing.B) *os.File {
	b.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		defer func() { _ = r.Close() }()
		_, _ = io.CopyBuffer(io.Discard, struct{ io.Reader }{r}, make([]byte, 64<<10))
	}()
	return w
}
