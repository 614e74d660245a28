package exchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"anytap/internal/rest"
)

// mostEncodings bounds the encodings of one answer, each of which takes memory of its own.
const mostEncodings = 5

// decompress undoes an answer's content encodings; closing the result closes the body. An empty
// body has none. With lenient a body that is no gzip, though that is its one encoding, comes as it
// was sent: an asSent.
func (c *Client) decompress(resp *http.Response, lenient bool) (io.ReadCloser, error) {
	encodings := resp.Header.Get("Content-Encoding")
	if encodings == "" {
		return resp.Body, nil
	}
	list := strings.Split(encodings, ",")
	if len(list) > mostEncodings {
		return nil, &rest.Fault{Kind: rest.TooLarge, Err: fmt.Errorf("the answer is compressed %d times, and no more than %d are undone", len(list), mostEncodings)}
	}
	var body io.ReadCloser = resp.Body
	for i := len(list) - 1; i >= 0; i-- {
		var err error
		switch strings.ToLower(strings.TrimSpace(list[i])) {
		case "gzip", "x-gzip":
			body, err = c.gunzip(body, lenient && len(list) == 1)
		case "deflate":
			body, err = inflate(body)
		}
		if err != nil {
			return nil, err
		}
	}
	return body, nil
}

// unpacked reads from src and closes the body below it.
type unpacked struct {
	src   io.Reader
	below io.Closer
	done  func()
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.src.Read(p)
	if err != nil && err != io.EOF {
		err = broken(err)
	}
	return n, err
}

func (u *unpacked) Close() error {
	if u.done != nil {
		u.done()
		u.done = nil
	}
	return u.below.Close()
}

// broken names a compressed body's error, unless the body below has named it.
func broken(err error) error {
	if _, ok := errors.AsType[*rest.Fault](err); ok {
		return err
	}
	return &rest.Fault{Kind: rest.Undecodable, Err: fmt.Errorf("the answer's compression is broken: %w", err)}
}

// asSent is a body that is not what its Content-Encoding says.
type asSent struct {
	io.Reader
	io.Closer
}

// unzipper is what one gzip body needs, used again for others.
type unzipper struct {
	in *bufio.Reader
	z  gzip.Reader
}

func newUnzipper() any { return &unzipper{in: bufio.NewReaderSize(nil, 32<<10)} }

func (c *Client) gunzip(body io.ReadCloser, lenient bool) (io.ReadCloser, error) {
	u, _ := c.unzip.Get().(*unzipper)
	u.in.Reset(body)
	head, err := u.in.Peek(2)
	if err == io.EOF && len(head) == 0 {
		return body, nil
	}
	if lenient && (err == nil || err == io.EOF) && string(head) != "\x1f\x8b" {
		return &asSent{u.in, body}, nil
	}
	if err := u.z.Reset(u.in); err != nil {
		return nil, broken(err)
	}
	done := func() {
		u.in.Reset(nil)
		c.unzip.Put(u)
	}
	return &unpacked{src: &members{z: &u.z}, below: body, done: done}, nil
}

// members reads all members of a gzip body; what follows the last and is none is ignored, as
// browsers and requests do.
type members struct {
	z    *gzip.Reader
	some bool
}

func (m *members) Read(p []byte) (int, error) {
	n, err := m.z.Read(p)
	if m.some = m.some || n > 0; m.some && errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// inflate reads both things that servers mean by deflate: zlib's format, and the bare stream.
func inflate(body io.ReadCloser) (io.ReadCloser, error) {
	in := bufio.NewReaderSize(body, 32<<10)
	head, err := in.Peek(2)
	if err == io.EOF && len(head) == 0 {
		return body, nil
	}
	if len(head) == 2 && head[0]&0x0F == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		z, err := zlib.NewReader(in)
		if err != nil {
			return nil, broken(err)
		}
		return &unpacked{src: z, below: body}, nil
	}
	return &unpacked{src: flate.NewReader(in), below: body}, nil
}
