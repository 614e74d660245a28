package decoder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"anytap/internal/rest"
)

// lineReader cuts a body into lines, before its text is decoded.
type lineReader struct {
	in      io.Reader
	returns bool // "\r" ends a line as well
	buf     []byte
	pos     int
	err     error
	cr      bool // the last line ended in "\r": a "\n" now belongs to it
	n       int  // lines read
}

// lineBuffer is the initial size of a buffer.
const lineBuffer = 64 << 10

func newLineReader(in io.Reader, returns bool) *lineReader {
	return &lineReader{in: in, returns: returns, buf: make([]byte, 0, lineBuffer)}
}

// next returns the next line without its end; it is valid until the following call. The error is
// io.EOF after the last.
func (l *lineReader) next() ([]byte, error) {
	l.n++
	seen := 0
	for {
		if l.cr && l.pos < len(l.buf) {
			l.cr = false
			if l.buf[l.pos] == '\n' {
				l.pos++
			}
		}
		left := l.buf[l.pos:]
		if i := l.end(left[min(seen, len(left)):]); i >= 0 {
			i += min(seen, len(left))
			l.cr = left[i] == '\r'
			l.pos += i + 1
			return left[:i], nil
		}
		seen = len(left)
		if l.err != nil {
			if len(left) > 0 && errors.Is(l.err, io.EOF) {
				l.pos = len(l.buf)
				return left, nil
			}
			return nil, l.err
		}
		if len(left) > maxHeld {
			return nil, rest.TooMuch(fmt.Sprintf("line %d", l.n))
		}
		l.fill()
	}
}

// all yields the lines, as next returns them. An error ends them; their end is none.
func (l *lineReader) all() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for {
			line, err := l.next()
			if errors.Is(err, io.EOF) || !yield(line, err) || err != nil {
				return
			}
		}
	}
}

func (l *lineReader) fill() {
	if l.pos > 0 {
		l.buf = append(l.buf[:0], l.buf[l.pos:]...)
		l.pos = 0
	}
	if len(l.buf) == cap(l.buf) {
		l.buf = append(make([]byte, 0, 2*cap(l.buf)), l.buf...)
	}
	n, err := l.in.Read(l.buf[len(l.buf):cap(l.buf)])
	l.buf, l.err = l.buf[:len(l.buf)+n], err
}

// end is the index of the first line end in b; -1: there is none.
func (l *lineReader) end(b []byte) int {
	n := bytes.IndexByte(b, '\n')
	if !l.returns {
		return n
	}
	if n >= 0 {
		b = b[:n]
	}
	if r := bytes.IndexByte(b, '\r'); r >= 0 {
		return r
	}
	return n
}
