package exchange

import (
	"context"
	"errors"
	"net/http"

	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// request is one try, ready to be sent.
type request struct {
	rest.Request
	// parts is what it was made of, signed what the authenticator added to that.
	parts, signed *rest.Parts
	// token counts the tokens that were refreshed before it was signed.
	token int64
	// home is the origin that the credentials belong to; bare says that it goes elsewhere, without
	// them.
	home origin
	bare bool
}

// lastTarget remembers the address that was parsed last: most endpoints have one.
type lastTarget struct {
	address string
	target  *wire.Target
}

func (x *Endpoint) target(address string) (*wire.Target, error) {
	if l := x.last.Load(); l != nil && l.address == address {
		return l.target, nil
	}
	t, err := wire.Parse(address)
	if err != nil {
		return nil, err
	}
	x.last.Store(&lastTarget{address, t})
	return t, nil
}

// prepare signs and builds the request of one try.
func (x *Endpoint) prepare(ctx context.Context, c *call) (*request, error) {
	if x.NoStore {
		x.client.learnLogin(c.address, c.own)
	}
	home := x.homeOf(c)
	if !x.trusts(home, c.address) {
		return x.prepareBare(c, home)
	}
	var signed *rest.Parts
	token := x.tokens.Load()
	if x.Auth != nil {
		var err error
		if signed, err = x.sign(ctx, c); err != nil && !errors.Is(err, tap.ErrNotSent) {
			return nil, err // after a login that was not sent, the request is shown without it
		}
	}
	merged, err := rest.Merge(c.own, signed, c.extra)
	if err != nil {
		return nil, err
	}
	r, err := x.build(c.address, merged, signed)
	if err != nil {
		return nil, err
	}
	r.token, r.home = token, home
	return r, nil
}

// prepareBare builds the request of a try that goes to another host than the configuration's.
func (x *Endpoint) prepareBare(c *call, home origin) (*request, error) {
	if originOf(c.address).host == "" {
		return x.build(c.address, &rest.Parts{}, nil) // which says what is wrong with it
	}
	x.noteBare(home, originOf(c.address))
	address, err := x.bareAddress(c.address)
	if err != nil {
		return nil, x.foreign(c.address, err)
	}
	var parts [2]*rest.Parts
	for i, o := range []*rest.Parts{c.own, c.extra} {
		if parts[i], err = x.bareParts(o); err != nil {
			return nil, x.foreign(c.address, err)
		}
	}
	merged, err := rest.Merge(parts[0], parts[1])
	if err != nil {
		return nil, err
	}
	r, err := x.build(address, merged, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Del("Cookie")
	r.home, r.bare = home, true
	return r, nil
}

// build makes a request of options, encoded as the reference runtime's HTTP library does it.
func (x *Endpoint) build(address string, o, signed *rest.Parts) (*request, error) {
	if err := wire.CheckParams(o.Params); err != nil {
		return nil, err
	}
	content, err := wire.EncodeBody(o)
	if err != nil {
		return nil, err
	}
	t, err := x.target(address)
	if err != nil {
		if fault := (*rest.Fault)(nil); errors.As(err, &fault) {
			return nil, err
		}
		return nil, &tap.Error{Kind: tap.System, Message: x.client.redact.Text(err.Error())}
	}
	with := t.With
	if x.EscapeBlanks {
		with = t.WithEscaped
	}
	r := &request{Request: rest.Request{Method: x.Method, URL: with(o.Params)}, parts: o, signed: signed}
	if bodyAllowed(x.Method) {
		r.Body = content.Data
	}
	if r.Header, err = x.headers(o.Headers, content, r); err != nil {
		return nil, err
	}
	return r, nil
}

// bodyAllowed names the methods whose body is sent; others lose it.
func bodyAllowed(method string) bool {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	}
	return false
}

// Headers of every request that does not set them itself.
var (
	acceptEncoding = []string{"gzip, deflate"}
	acceptAll      = []string{"*/*"}
)

func (x *Endpoint) headers(given *value.Dict, content wire.Body, r *request) (http.Header, error) {
	n := 5
	if given != nil {
		n += given.Len()
	}
	h := make(http.Header, n)
	h["User-Agent"], h["Accept-Encoding"], h["Accept"] = x.client.userAgent, acceptEncoding, acceptAll
	if given != nil {
		for key, v := range given.AllKeys() {
			name := http.CanonicalHeaderKey(value.Str(key))
			text, err := wire.HeaderText(name, value.Str(v))
			if err != nil {
				return nil, &tap.Error{Kind: tap.System, Message: err.Error()}
			}
			h[name] = []string{text}
		}
	}
	if len(r.Body) > 0 && content.ContentType != "" && h["Content-Type"] == nil {
		h["Content-Type"] = []string{content.ContentType}
	}
	x.addCookies(h, r.URL)
	return h, nil
}
