package frontend

import (
	"errors"
	"io"
	"syscall"
)

// ErrClosed says that the reader of the output has gone. There is nobody left to write to.
var ErrClosed = errors.New("output closed by its reader")

// Writer collects lines and writes them in large pieces. After the first error it writes nothing
// more. It is not safe for concurrent use.
type Writer struct {
	out    io.Writer
	buffer []byte
	err    error
}

// flushSize is how many bytes are collected before they are written. A single line may be longer.
const flushSize = 128 << 10

// NewWriter returns a Writer that writes to out.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out, buffer: make([]byte, 0, flushSize+flushSize/4)}
}

// Append lets f append whole lines, each with its line break, to the buffer, and returns it. The
// error is the first that the output gave so far.
func (w *Writer) Append(f func([]byte) []byte) error {
	if w.err != nil {
		return w.err
	}
	w.buffer = f(w.buffer)
	if len(w.buffer) >= flushSize {
		return w.Flush()
	}
	return nil
}

// Flush writes everything that was collected. The error is ErrClosed where the reader has gone.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.buffer) == 0 {
		return w.err
	}
	_, err := w.out.Write(w.buffer)
	w.buffer = w.buffer[:0]
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		err = ErrClosed
	}
	w.err = err
	return err
}
