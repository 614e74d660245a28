package rest

import (
	"bytes"
	"io"
	"net/http"

	"anytap/internal/value"
)

// Response is an accepted answer. Body is read at most once, by the decoder, through Bytes (held,
// for the small) or Reader (streamed).
type Response struct {
	Status int
	Header http.Header
	URL    string // as sent, after redirects, without secrets
	// From is the address that the answer came from, after redirects; it may hold secrets. Empty:
	// it is known without secrets only.
	From string
	// Body is the decompressed body. Close it.
	Body io.ReadCloser
	// AsSent says that the body is no gzip although its Content-Encoding says so. It is told to
	// decoders that stream; for others such an answer is broken and asked for again.
	AsSent bool
	// Release, if not nil, gives back the memory of the body and of the records made of it. It is
	// called at most once, and only when nothing refers to either any more.
	Release func()
	// Extracted counts the records that the extractor found, before any filter; -1: not counted.
	Extracted int
	// Last is the last record that the extractor found, where records were filtered or changed
	// since. It is set with Extracted; nil: it is the last that was selected.
	Last *value.Dict
	// Found says what the extractor found at the place of the records. It is set with Extracted.
	Found Found
	// Value gives what templates know as `response`: set by the decoder; nil before.
	Value func() (any, error)
	// Pledged are the credits that the page loop has set aside for the answer and has not settled
	// yet.
	Pledged float64
	// Ignored says that the answer counts as a page without records, whatever its body holds.
	Ignored bool
	// FromCache says that no request was made for it.
	FromCache bool

	// Request is the one that brought it; nil where that is not known.
	Request *Request

	held   []byte
	isHeld bool
}

// NewResponse makes an accepted answer whose body is held.
func NewResponse(status int, header http.Header, url string, body []byte) *Response {
	r := &Response{Status: status, Header: header, URL: url, Extracted: -1}
	r.Hold(body)
	return r
}

// Hold gives the response a body that is in memory.
func (r *Response) Hold(body []byte) {
	r.held, r.isHeld = body, true
	r.Body = io.NopCloser(bytes.NewReader(body))
}

// Held returns the body if it is in memory whole; the bytes may be kept but not changed.
func (r *Response) Held() ([]byte, bool) { return r.held, r.isHeld }

// Bytes returns the whole body, read now where it was not in memory, and keeps it. The bytes may be
// kept but not changed.
func (r *Response) Bytes() ([]byte, error) {
	if r.isHeld {
		return r.held, nil
	}
	body, err := ReadBody(r.Body)
	if closeErr := r.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	r.Hold(body)
	return body, nil
}
