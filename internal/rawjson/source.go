package rawjson

import "io"

// source is the buffer between a reader and a Stream. It drops what was read when it needs room.
type source struct {
	r     io.Reader
	buf   []byte // what was read and not dropped
	i     int    // the next byte of buf
	base  int64  // bytes dropped
	ended bool   // the reader has given io.EOF
	most  int    // bytes of buf; 0: any number
}

// maxIdleReads is how many reads in a row may give nothing.
const maxIdleReads = 100

// fill reads more; at the end of the text it sets ended.
func (s *source) fill() error {
	if s.i > 0 {
		s.base += int64(s.i)
		s.buf = s.buf[:copy(s.buf, s.buf[s.i:])]
		s.i = 0
	}
	if len(s.buf) == cap(s.buf) {
		size := max(streamBuffer, 2*cap(s.buf))
		if s.most > 0 && size > s.most {
			if size = s.most; len(s.buf) >= size {
				return ErrTooLong
			}
		}
		grown := make([]byte, len(s.buf), size)
		copy(grown, s.buf)
		s.buf = grown
	}
	for range maxIdleReads {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		switch {
		case err == io.EOF:
			s.ended = true
			return nil
		case n > 0:
			return nil
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// peek passes over white space and returns the byte after it, without passing that.
func (s *source) peek() (byte, error) {
	for {
		sc := scanner{b: s.buf}
		if s.i = sc.space(s.i); s.i < len(s.buf) {
			return s.buf[s.i], nil
		}
		if s.ended {
			return 0, s.unexpected("more")
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// unexpected is the error for the byte at hand.
func (s *source) unexpected(want string) error { return s.place(syntaxError(s.buf, s.i, want)) }

// place makes an error's offset that from the start of the text.
func (s *source) place(e *SyntaxError) error {
	e.Offset += s.base
	return e
}

// take returns the value at hand and steps over it, reading on until it is complete. The result is
// valid until the next call of any method.
func (s *source) take(python bool) ([]byte, Flags, error) {
	var f finder
	for {
		sc := scanner{b: s.buf, python: python}
		end := sc.value(s.i)
		if end < 0 && (s.ended || sc.err.Got != "") {
			return nil, 0, s.place(sc.err)
		}
		// A number at the end of the buffer may go on.
		if end > 0 && (s.ended || end < len(s.buf) || s.buf[end-1]-'0' > 9) {
			raw := s.buf[s.i:end:end]
			s.i = end
			return raw, sc.flags, nil
		}
		if err := s.extend(&f); err != nil {
			return nil, 0, err
		}
	}
}

// extend reads on until the value at hand seems complete, or there is twice as much of it. So
// validating it again from its start costs no more than a constant for each byte.
func (s *source) extend(f *finder) error {
	for had := len(s.buf) - s.i; !s.ended && len(s.buf)-s.i < 2*had; {
		if err := s.fill(); err != nil {
			return err
		}
		if f.find(s.buf[s.i:]) {
			break
		}
	}
	return nil
}

// finder finds the end of one value in text that grows, without validating it. It looks at each
// byte once.
type finder struct {
	seen    int // bytes looked at
	depth   int
	text    bool // in a string
	escaped bool // after a backslash
	done    bool
}

// find reports whether the value that b starts with is complete. b may only grow between calls.
func (f *finder) find(b []byte) bool {
	for ; f.seen < len(b) && !f.done; f.seen++ {
		c := b[f.seen]
		switch {
		case f.escaped:
			f.escaped = false
		case f.text && c == '\\':
			f.escaped = true
		case c == '"':
			f.done = f.text && f.depth == 0
			f.text = !f.text
		case f.text:
		case c == '{' || c == '[':
			f.depth++
		case c == '}' || c == ']':
			f.depth--
			f.done = f.depth <= 0
		case f.depth == 0:
			f.done = c == ',' || c <= ' '
		}
	}
	return f.done
}
