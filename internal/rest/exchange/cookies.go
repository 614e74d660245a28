package exchange

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// addCookies sends back what the endpoint's answers have set, as a requests session does, unless
// the manifest has a Cookie header.
func (x *Endpoint) addCookies(h http.Header, u *url.URL) {
	jar := x.cookies.Load()
	if jar == nil || h["Cookie"] != nil {
		return
	}
	var b strings.Builder
	for i, cookie := range jar.Cookies(u) {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(cookie.Name + "=" + cookie.Value)
	}
	if b.Len() > 0 {
		h["Cookie"] = []string{b.String()}
	}
}

// keepCookies remembers what an answer sets.
func (x *Endpoint) keepCookies(u *url.URL, h http.Header) {
	if h["Set-Cookie"] == nil {
		return
	}
	jar := x.cookies.Load()
	if jar == nil {
		made, err := cookiejar.New(nil)
		if err != nil {
			return
		}
		x.cookies.CompareAndSwap(nil, made)
		jar = x.cookies.Load()
	}
	jar.SetCookies(u, (&http.Response{Header: h}).Cookies())
}
