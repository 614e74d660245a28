package decoder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"anytap/internal/rawjson"
	"anytap/internal/rest"
)

// jsonText reads the tokens of a JSON text from a stream. It holds only the bytes that it is told
// to keep.
type jsonText struct {
	in   io.Reader
	buf  []byte
	pos  int
	keep int    // the index in buf of the first byte to keep; -1: pos
	last []byte // the last string, with its quotes; valid until more is read
	at   int64  // bytes before buf
	err  error
}

var errEndsEarly = errors.New("the JSON text ends too early")

// more reads more of the stream; at its end it returns errEndsEarly.
func (t *jsonText) more() error {
	if t.err != nil {
		if errors.Is(t.err, io.EOF) {
			return errEndsEarly
		}
		return t.err
	}
	from := t.pos
	if t.keep >= 0 {
		from = t.keep
		t.keep = 0
	}
	t.at += int64(from)
	t.buf = append(t.buf[:0], t.buf[from:]...)
	t.pos -= from
	if len(t.buf) > maxHeld {
		return rest.TooMuch("a JSON value")
	}
	if len(t.buf) == cap(t.buf) {
		t.buf = append(make([]byte, 0, 2*cap(t.buf)), t.buf...)
	}
	n, err := t.in.Read(t.buf[len(t.buf):cap(t.buf)])
	t.buf, t.err = t.buf[:len(t.buf)+n], err
	return nil
}

// token skips white space and returns the byte after it.
func (t *jsonText) token() (byte, error) {
	for {
		for ; t.pos < len(t.buf); t.pos++ {
			switch c := t.buf[t.pos]; c {
			case ' ', '\t', '\n', '\r':
			default:
				return c, nil
			}
		}
		if err := t.more(); err != nil {
			return 0, err
		}
	}
}

// tail checks that nothing follows the text.
func (t *jsonText) tail() error {
	if _, err := t.token(); err == nil {
		return t.unexpected("the end of the text")
	} else if !errors.Is(err, errEndsEarly) {
		return err
	}
	return nil
}

func (t *jsonText) unexpected(want string) error {
	return fmt.Errorf("byte %d of the JSON text: expected %s", t.at+int64(t.pos), want)
}

// str reads a string; its opening quote is at pos.
func (t *jsonText) str() error {
	owned := t.keep < 0
	if owned {
		t.keep = t.pos
	}
	start := t.pos - t.keep
	t.pos++
	for {
		i := bytes.IndexByte(t.buf[t.pos:], '"')
		if i < 0 {
			// The string may have been cut inside an escape, so it is searched again from its last
			// part.
			if err := t.more(); err != nil {
				return err
			}
			continue
		}
		if escaped(t.buf[t.keep+start+1 : t.pos+i]) {
			t.pos += i + 1
			continue
		}
		t.pos += i + 1
		break
	}
	t.last = t.buf[t.keep+start : t.pos]
	if owned {
		t.keep = -1
	}
	return t.checkString()
}

// escaped reports whether the text before a quote ends in an odd number of backslashes.
func escaped(b []byte) bool {
	n := 0
	for n < len(b) && b[len(b)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func (t *jsonText) checkString() error {
	if _, err := rawjson.Skip(t.last, 0); err != nil {
		return t.unexpected("a valid string before")
	}
	if !utf8.Valid(t.last) {
		return t.unexpected("UTF-8 before")
	}
	return nil
}

// scalar reads a number, true, false or null.
func (t *jsonText) scalar() error {
	owned := t.keep < 0
	if owned {
		t.keep = t.pos
	}
	start := t.pos - t.keep
	for {
		for t.pos < len(t.buf) && !delimits(t.buf[t.pos]) {
			t.pos++
		}
		if t.pos < len(t.buf) {
			break
		}
		if err := t.more(); errors.Is(err, errEndsEarly) {
			break
		} else if err != nil {
			return err
		}
	}
	raw := t.buf[t.keep+start : t.pos]
	if owned {
		t.keep = -1
	}
	if end, err := rawjson.Skip(raw, 0); err != nil || end != len(raw) {
		return t.unexpected("a value before")
	}
	return nil
}

func delimits(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r', ':', '"', '[', '{':
		return true
	}
	return false
}
