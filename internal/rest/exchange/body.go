package exchange

import (
	"context"
	"io"
	"net/http"

	"anytap/internal/rest"
)

// hold reads the body up to the limit.
func (x *Endpoint) hold(ctx context.Context, s *sent, resp *http.Response) error {
	limit := holdLimit
	if x.Streams {
		limit = holdStreamed
	}
	if s.Status >= 400 {
		limit = holdErrorLimit
	}
	decoded, err := x.client.decompress(resp, x.Streams && s.Status < 400)
	if err != nil {
		return err
	}
	_, s.asSent = decoded.(*asSent)
	if peek := rest.PeekOf(ctx); peek != nil && !x.NoStore && s.Status < http.StatusBadRequest {
		decoded = peek.Through(resp.Header, decoded)
	}
	m := x.client.memories.take(sizeHint(resp))
	held, ended, err := readUpTo(decoded, limit, m.bytes[:0])
	m.bytes = held
	if err != nil {
		m.release()
		return err
	}
	if ended || s.Status >= 400 {
		s.Hold(held)
		s.memory = m
		return decoded.Close()
	}
	s.readFrom(&prefixed{head: held, tail: decoded})
	return nil
}

// readFrom says where the body is still to be read from, also should it be asked for whole.
func (s *sent) readFrom(body io.ReadCloser) {
	s.rest = body
	s.LoadWith(func() ([]byte, error) {
		all, err := rest.ReadBody(body)
		_ = body.Close()
		s.rest = nil
		return all, err
	})
}

// prefixed is a body whose beginning has been read.
type prefixed struct {
	head []byte
	tail io.ReadCloser
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.head) > 0 {
		n := copy(b, p.head)
		if p.head = p.head[n:]; len(p.head) == 0 {
			p.head = nil // its memory is free while the rest is read
		}
		return n, nil
	}
	return p.tail.Read(b)
}

func (p *prefixed) Close() error { return p.tail.Close() }

// sizeHint is the body's size where it is known, plus one for the read that finds its end.
func sizeHint(resp *http.Response) int {
	switch {
	case resp.ContentLength < 0:
		return 16 << 10
	case resp.Header.Get("Content-Encoding") != "":
		return int(min(4*resp.ContentLength, holdLimit)) + 512
	}
	return int(min(resp.ContentLength, holdLimit)) + 1
}

// readUpTo adds to data until the end or a bit more than limit; ended says which.
func readUpTo(r io.Reader, limit int, data []byte) (_ []byte, ended bool, err error) {
	for {
		if len(data) == cap(data) {
			if len(data) > limit {
				return data, false, nil
			}
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, true, nil
		}
		if err != nil {
			return data, false, err
		}
	}
}
