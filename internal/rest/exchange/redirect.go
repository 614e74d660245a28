package exchange

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"anytap/internal/rest"
	"anytap/internal/rest/wire"
)

// follow sends a request and goes where redirects lead, as Python's requests does.
func (x *Endpoint) follow(ctx context.Context, r *request, s *sent) (*http.Response, *url.URL, error) {
	for hops := 0; ; hops++ {
		resp, err := x.limited(ctx, r, s)
		if err != nil {
			return nil, nil, err
		}
		x.keepCookies(r.URL, resp.Header)
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

// redirected is the request that a redirect asks for.
func (x *Endpoint) redirected(r *request, status int, location string) (*request, error) {
	to, err := wire.Parse(wire.Resolve(r.URL.String(), location))
	if err != nil {
		return nil, &rest.Fault{Kind: rest.BadURL, Err: fmt.Errorf("redirect: %w", err)}
	}
	next := *r
	next.Method, next.URL, next.Header = redirectMethod(r.Method, status), to.URL, r.Header.Clone()
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
		next.Body = nil
		next.Header.Del("Content-Type")
	}
	next.Header.Del("Cookie")
	if dropsCredentials(r.URL, to.URL) {
		next.Header.Del("Authorization")
	}
	x.addCookies(next.Header, to.URL)
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

// dropsCredentials reports whether a redirect leads to another host, other than from http to https
// on the usual ports.
func dropsCredentials(from, to *url.URL) bool {
	if from.Hostname() != to.Hostname() {
		return true
	}
	if from.Scheme == "http" && to.Scheme == "https" && portOf(from) == "80" && portOf(to) == "443" {
		return false
	}
	return from.Scheme != to.Scheme || portOf(from) != portOf(to)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}
