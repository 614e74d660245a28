package text

import (
	"bytes"
	"errors"
	"io"
)

// piece is how many bytes are read and decoded at once. It is Python's: bytes that are no text fail
// together with the lines that end in the same piece.
const piece = 8192

// ErrTooLong is the error of a line or row of more bytes or fields than there may be.
var ErrTooLong = errors.New("a row is too long")

// Lines reads text line by line. A line ends in "\n", "\r" or "\r\n", as Python's text files have
// it.
type Lines struct {
	in  io.Reader
	dec *decoder
	max int
	raw [piece]byte
	buf []byte // text that was read
	pos int    // where in buf the next line begins
	end bool   // in has ended
	cr  bool   // the line before ended in "\r": a "\n" now belongs to it
	err error
}

// NewLines reads in. A line longer than limit bytes is an error.
func NewLines(in io.Reader, enc Encoding, limit int) *Lines {
	return &Lines{in: in, dec: enc.decoder(), max: limit}
}

// Next returns the next line, without its end, and whether it had one. The line is valid until the
// next call. The error is io.EOF after the last line.
func (l *Lines) Next() (line []byte, ended bool, err error) {
	from := l.pos
	for {
		if l.cr && l.pos < len(l.buf) {
			l.cr = false
			if l.buf[l.pos] == '\n' {
				l.pos++
				from = l.pos
			}
		}
		if i := lineEnd(l.buf[from:]); i >= 0 {
			line = l.buf[l.pos : from+i]
			l.cr = l.buf[from+i] == '\r'
			l.pos = from + i + 1
			return line, true, nil
		}
		if l.err != nil {
			return nil, false, l.err
		}
		if l.end {
			if l.pos == len(l.buf) {
				return nil, false, io.EOF
			}
			line, l.pos = l.buf[l.pos:], len(l.buf)
			return line, false, nil
		}
		if len(l.buf)-l.pos > l.max {
			l.err = ErrTooLong
			return nil, false, l.err
		}
		from = l.fill()
	}
}

// fill reads on and returns where in the buffer the new text begins.
func (l *Lines) fill() int {
	if l.pos > 0 {
		l.buf = append(l.buf[:0], l.buf[l.pos:]...)
		l.pos = 0
	}
	from := len(l.buf)
	n, err := readSome(l.in, l.raw[:])
	l.end = err == io.EOF
	if err != nil && !l.end {
		l.err = err
	}
	got, err := l.dec.next(l.raw[:n], l.end)
	if err != nil {
		l.err = err
		return from
	}
	l.buf = append(l.buf, got...)
	return from
}

// readSome fills b as far as it goes, so that pieces are as long as Python's.
func readSome(in io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = in.Read(b[n:])
		n += m
	}
	return n, err
}

// lineEnd finds the first "\n" or "\r".
func lineEnd(b []byte) int {
	n := bytes.IndexByte(b, '\n')
	if n >= 0 {
		b = b[:n]
	}
	if r := bytes.IndexByte(b, '\r'); r >= 0 {
		return r
	}
	return n
}
