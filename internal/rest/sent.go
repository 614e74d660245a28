package rest

import (
	"net/http"
	"net/url"

	"anytap/internal/value"
)

// Request is a request as it is sent.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte // nil: none
}

// Address is the whole address; it may hold secrets.
func (r *Request) Address() string { return r.URL.String() }

// BareAddress is the address without user, query and fragment, which may be secret.
func (r *Request) BareAddress() string { return BareURL(r.Address()) }

// Describe gives what templates know as a response's request: method, url, path_url, headers and
// body. Its headers are also under the names as spelled, as those of an answer. Nil gives an empty
// object.
func (r *Request) Describe(spelled ...string) *value.Dict {
	if r == nil {
		return value.NewDict(0)
	}
	var body any
	if len(r.Body) > 0 {
		body = string(r.Body)
	}
	return value.DictOf("method", r.Method, "url", r.Address(), "path_url", r.URL.RequestURI(), "headers", HeaderDict(r.Header, spelled...), "body", body)
}
