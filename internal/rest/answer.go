package rest

import (
	"net/http"
	"net/url"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// Answer is the outcome of one try: an answer of any status, or the fault that prevented one. It
// belongs to one goroutine.
type Answer struct {
	Status int
	Header http.Header
	// URL is where the answer came from, after redirects; it may hold secrets.
	URL string
	// Err is set where there was no answer; the other fields are then empty.
	Err error

	load   func() ([]byte, error) // reads the body and keeps it for whoever comes next
	body   []byte
	loaded bool
	bad    error
}

// NewAnswer makes an Answer whose body is held.
func NewAnswer(status int, header http.Header, url string, body []byte) *Answer {
	return &Answer{Status: status, Header: header, URL: url, body: body, loaded: true}
}

// Hold gives the answer a body that is in memory.
func (a *Answer) Hold(body []byte) { a.body, a.loaded = body, true }

// LoadWith says how the body is read should Body be called.
func (a *Answer) LoadWith(load func() ([]byte, error)) { a.load = load }

// Held is the body if it is in memory; nil: it is not, or it is empty.
func (a *Answer) Held() []byte { return a.body }

// LoadError is why Body could not read the body; nil: nothing went wrong.
func (a *Answer) LoadError() error { return a.bad }

// OK reports whether there was an answer with a status below 400.
func (a *Answer) OK() bool { return a.Err == nil && a.Status < 400 }

// Body is the whole decompressed body. The first call may have to read it; the bytes are shared and
// must not be changed.
func (a *Answer) Body() ([]byte, error) {
	if !a.loaded && a.load != nil {
		a.loaded = true
		a.body, a.bad = a.load()
	}
	return a.body, a.bad
}

// JSON is the body as a value; ok is false when it is not JSON.
func (a *Answer) JSON() (v any, ok bool) {
	body, err := a.Body()
	if err != nil {
		return nil, false
	}
	v, err = value.DecodePython(DecodeText(body, a.Header.Get("Content-Type")))
	return v, err == nil
}

// Env makes the variables that templates about an answer know: response (its JSON, an empty object
// where it is none), headers (by the names as spelled), and request_url, the address without what
// may be secret in it.
func (a *Answer) Env(parent *jinja.Env, spelled ...string) *jinja.Env {
	return parent.Child().
		SetLazy("response", func() any {
			if v, ok := a.JSON(); ok {
				return v
			}
			return value.NewDict(0)
		}).
		SetLazy("headers", func() any { return HeaderDict(a.Header, spelled...) }).
		SetLazy("request_url", func() any { return BareURL(a.URL) })
}

// BareURL is an address without user, query and fragment.
func BareURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}
