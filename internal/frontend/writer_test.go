package frontend

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestWriterKeepsLinesUntilFlush(t *testing.T) {
	var out strings.Builder
	w := NewWriter(&out)
	line := func(b []byte) []byte { return append(b, "{}\n"...) }
	if err := w.Append(line); err != nil || out.String() != "" {
		t.Fatalf("after Append: %q, %v; want nothing written", out.String(), err)
	}
	if err := w.Flush(); err != nil || out.String() != "{}\n" {
		t.Fatalf("after Flush: %q, %v; want the line", out.String(), err)
	}
	long := func(b []byte) []byte { return append(append(b, strings.Repeat("x", flushSize)...), '\n') }
	if err := w.Append(long); err != nil || out.Len() != 3+flushSize+1 {
		t.Errorf("a long line: %d bytes out, %v; want it written at once", out.Len(), err)
	}
}

func TestWriterTellsThatTheReaderHasGone(t *testing.T) {
	r, pipe := io.Pipe()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	w := NewWriter(pipe)
	if err := w.Append(func(b []byte) []byte { return append(b, '\n') }); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); !errors.Is(err, ErrClosed) {
		t.Errorf("Flush gave %v, want ErrClosed", err)
	}
	if err := w.Append(nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Append afterwards gave %v, want ErrClosed", err)
	}
}
