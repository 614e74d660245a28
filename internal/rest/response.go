package rest

import (
	"bytes"
	"io"
	"net/http"
)

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

// Bytes returns the whole body, read now where it was not in memory, and keeps it. The bytes may be kept but not changed.
func (r *Response) Bytes() ([]byte, error) {
	if r.isHeld {
		return r.held, nil
	}
	body, err := io.ReadAll(r.Body)
	if closeErr := r.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	r.Hold(body)
	return body, nil
}
