package frontend

import (
	"errors"
	"io"
	"syscall"
)

// ErrClosed says that the reader of the output has gone; there is nobody to tell more to.
var ErrClosed = errors.New("output closed by its reader")

// Writer collects lines and writes them in large pieces. It is not safe for concurrent use.
type Writer struct {
	out    io.Writer
	buffer []byte
	err    error
}

// flushSize is how much is collected before it is written; above it, a single line is the limit.
const flushSize = 128 << 10

// NewWriter returns a Writer on out.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out, buffer: make([]byte, 0, flushSize+flushSize/4)}
}

// Append lets f append one or more whole lines, each ended by a line break, to the buffer. It returns the first error of the output so far.
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

// Flush writes everything that was collected. A reader that has gone gives ErrClosed.
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
