package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/rest/wire"
)

// follow sends a request and goes where redirects lead, as Python's requests does.
func (x *Endpoint) follow(ctx context.Context, r *request, s *sent) (*http.Response, *url.URL, error) {
	for hops := 0; ; hops++ {
		resp, err := x.limited(ctx, r, s)
		if fault, ok := errors.AsType[*rest.Fault](err); ok && hops > 0 && fault.Kind == rest.OutOfReach {
			err = &rest.Fault{Kind: fault.Kind, Err: fmt.Errorf("it redirects to %s: %w", publicAddress(x.client.redact, r.Address(), r.signed), fault.Err)}
		}
		if err != nil {
			return nil, nil, err
		}
		if !r.bare {
			x.keepCookies(r.URL, resp.Header)
		}
		location := resp.Header.Get("Location")
		if !isRedirect(resp.StatusCode) || location == "" {
			return resp, r.URL, nil
		}
		s.host.accepted(x.client.Wall(), s.tries)
		s.host, s.tries = nil, false
		_, _ = io.CopyN(io.Discard, resp.Body, holdErrorLimit)
		_ = resp.Body.Close()
		if hops >= mostRedirects {
			return nil, nil, &rest.Fault{Kind: rest.Redirects, Err: fmt.Errorf("more than %d redirects", mostRedirects)}
		}
		if r, err = x.redirected(r, resp.StatusCode, location); err != nil {
			return nil, nil, err
		}
	}
}

// redirected is the request that a redirect asks for. To another host than the configuration's it
// goes without credentials.
func (x *Endpoint) redirected(r *request, status int, location string) (*request, error) {
	address := wire.Resolve(r.URL.String(), location)
	next := *r
	var err error
	if next.bare = r.bare || !x.trusts(r.home, address); next.bare {
		x.noteBare(r.home, originOf(address))
		if address, err = x.bareAddress(address); err != nil {
			return nil, x.foreign(wire.Resolve(r.URL.String(), location), err)
		}
	}
	to, err := wire.Parse(address)
	if err != nil {
		return nil, &rest.Fault{Kind: rest.BadURL, Err: fmt.Errorf("redirect: %w", err)}
	}
	next.Method, next.URL, next.Header = redirectMethod(r.Method, status), to.URL, r.Header.Clone()
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
		next.Body = nil
		next.Header.Del("Content-Type")
	}
	next.Header.Del("Cookie")
	if !next.bare {
		x.addCookies(next.Header, to.URL)
		return &next, nil
	}
	if len(next.Body) > 0 && x.secretBody(r) {
		return nil, x.foreign(address, errForeignBody)
	}
	for name, values := range next.Header {
		if !harmless[name] || x.client.redact.Holds([]byte(strings.Join(values, "\n"))) {
			delete(next.Header, name)
		}
	}
	return &next, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func redirectMethod(method string, status int) string {
	switch {
	case (status == http.StatusSeeOther || status == http.StatusFound) && method != http.MethodHead,
		status == http.StatusMovedPermanently && method == http.MethodPost:
		return http.MethodGet
	}
	return method
}
