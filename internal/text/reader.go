package text

import "io"

// NewReader gives what in holds as UTF-8. Bytes that are no text are an error that wraps ErrText.
func NewReader(in io.Reader, enc Encoding) io.Reader {
	if enc.IsUTF8() {
		return in
	}
	return &reader{in: in, dec: enc.decoder()}
}

type reader struct {
	in   io.Reader
	dec  *decoder
	raw  [piece]byte
	rest []byte
	err  error
}

func (r *reader) Read(b []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		n, err := r.in.Read(r.raw[:])
		r.err = err
		got, bad := r.dec.next(r.raw[:n], err == io.EOF)
		if bad != nil {
			r.err = bad
		} else if err == nil || err == io.EOF {
			r.rest = got
		}
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
