package exchange

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"anytap/internal/redact"
	"anytap/internal/rest"
	"anytap/internal/rest/wire"
	"anytap/internal/value"
)

// Credentials belong to the origin (scheme, host and port) of the address that the configuration
// gives: a requester's url_base, a token endpoint. An API may send the read elsewhere, by a next
// address, a Link header or a redirect. Such a request goes there bare: nothing of the
// authenticator, no cookies, no header, parameter or field that may be secret. The user can name
// hosts that are trusted all the same.

// TrustedHost is a host that gets the credentials although it is not the configuration's.
type TrustedHost struct {
	scheme string // empty: https, or http where the configuration's own address has that
	name   string // in lower case
	port   string // empty: any
}

// ParseTrustedHost reads a host ("files.example.com"), a host with its port or an origin
// ("https://files.example.com").
func ParseTrustedHost(text string) (TrustedHost, error) {
	var h TrustedHost
	rest := text
	if scheme, after, ok := strings.Cut(text, "://"); ok {
		h.scheme, rest = strings.ToLower(scheme), strings.TrimSuffix(after, "/")
	}
	if host, port, err := net.SplitHostPort(rest); err == nil {
		h.name, h.port = strings.ToLower(host), port
	} else {
		h.name = strings.ToLower(strings.Trim(rest, "[]"))
	}
	if h.name == "" || strings.ContainsAny(h.name, "/?#@* ") || h.scheme != "" && h.scheme != "http" && h.scheme != "https" {
		return h, fmt.Errorf("%q is not the name of a host, expected one such as files.example.com, files.example.com:8443 or https://files.example.com", text)
	}
	if h.scheme != "" && h.port == "" {
		h.port = usualPort(h.scheme)
	}
	return h, nil
}

// takes reports whether the host is meant by an address; home is the configuration's own.
func (h TrustedHost) takes(home, to origin) bool {
	if h.name != to.host || h.port != "" && h.port != to.port {
		return false
	}
	if h.scheme == "" {
		return to.scheme == "https" || home.scheme == "http"
	}
	return h.scheme == to.scheme
}

// origin is where an address leads.
type origin struct{ scheme, host, port string }

// originOf cuts the origin from an address, which need not be well-formed; zero: it has none.
func originOf(address string) origin {
	p := wire.Split(address)
	u := url.URL{Host: strings.ToLower(p.HostPort())}
	o := origin{scheme: p.Scheme, host: u.Hostname(), port: u.Port()}
	if o.port == "" {
		o.port = usualPort(o.scheme)
	}
	return o
}

func usualPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// reaches reports whether credentials for o may go to another origin: to itself, and to https on
// the same host where o is http.
func (o origin) reaches(to origin) bool {
	if o == to {
		return true
	}
	return o.host == to.host && o.scheme == "http" && to.scheme == "https" && (o.port == to.port || o.port == "80" && to.port == "443")
}

// String gives host and port, with the scheme only where the port does not tell it; empty for the
// zero origin.
func (o origin) String() string {
	host := o.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if o.host != "" && o.port != usualPort(o.scheme) {
		host += ":" + o.port
	}
	if o.scheme == "http" && o.port == "443" || o.scheme == "https" && o.port == "80" {
		return o.scheme + "://" + host
	}
	return host
}

// AddOrigin says that the configuration gives an address: see Setup.Given. It is called while the
// run is being set up and while it goes on.
func (c *Client) AddOrigin(address string) {
	if o := originOf(address); o.host != "" && (o.scheme == "http" || o.scheme == "https") {
		c.origins.Store(o, true)
	}
}

// trusts reports whether credentials may go to an address. home is an address of the configuration
// to which they belong.
func (x *Endpoint) trusts(home origin, to string) bool {
	o := originOf(to)
	if home.reaches(o) {
		return true
	}
	return slices.ContainsFunc(x.client.trusted, func(h TrustedHost) bool { return h.takes(home, o) })
}

// homeOf is the origin that a call's credentials belong to.
func (x *Endpoint) homeOf(c *call) origin {
	if !x.Given {
		if c.base == "" {
			return originOf(c.address)
		}
		return originOf(c.base)
	}
	to, home := originOf(c.address), origin{}
	x.client.origins.Range(func(known, _ any) bool {
		home = known.(origin)
		return !home.reaches(to)
	})
	return home
}

// noteBare warns, once a run for each host, that credentials are not sent there.
func (x *Endpoint) noteBare(home, to origin) {
	c := x.client
	if _, again := c.warned.LoadOrStore(to, true); again {
		return
	}
	args := []any{"stream", x.Stream, "host", to.String(), "configured", home.String()}
	if line := x.trustLine(to); line != "" {
		args = append(args, "allow", line)
	}
	c.rt.Logger().Warn("the API leads to another host than the configuration's; requests there carry no credentials", args...)
}

// trustLine is the line to write so that a host is trusted; empty: there is none.
func (x *Endpoint) trustLine(o origin) string {
	setting := x.client.settings.TrustSetting
	if setting == "" {
		return ""
	}
	return fmt.Sprintf(setting, o.String())
}

// bareHint is what to do about an answer to a request without credentials.
func (x *Endpoint) bareHint(to string) string {
	o := originOf(to)
	hint := "the credentials were not sent to " + o.String() + ", because the configuration does not name this host"
	if line := x.trustLine(o); line != "" {
		hint += "; if it may have them, write " + line
	}
	return hint
}

// harmless are the headers of requests that go to any host.
var harmless = map[string]bool{"Accept": true, "Accept-Charset": true, "Accept-Encoding": true, "Accept-Language": true, "Content-Type": true, "User-Agent": true}

// bareParts is o without what may be secret. Texts that hold a secret are refused.
func (x *Endpoint) bareParts(o *rest.Parts) (*rest.Parts, error) {
	if o.Empty() {
		return nil, nil
	}
	if o.Text != "" && x.client.redact.Holds([]byte(o.Text)) {
		return nil, errForeignBody
	}
	bare := &rest.Parts{Params: x.bareDict(o.Params), Form: x.bareDict(o.Form), JSON: x.bareDict(o.JSON), Text: o.Text}
	if o.Headers != nil {
		bare.Headers = value.NewDict(o.Headers.Len())
		for key, v := range o.Headers.AllKeys() {
			if harmless[http.CanonicalHeaderKey(value.Str(key))] && !x.holdsSecret(v) {
				bare.Headers.SetKey(key, v)
			}
		}
	}
	return bare, nil
}

func (x *Endpoint) bareDict(d *value.Dict) *value.Dict {
	if d == nil {
		return nil
	}
	bare := value.NewDict(d.Len())
	for key, v := range d.AllKeys() {
		if inner, ok := v.(*value.Dict); ok {
			v = x.bareDict(inner)
		} else if redact.Telling(value.Str(key)) || x.holdsSecret(v) {
			continue
		}
		bare.SetKey(key, v)
	}
	return bare
}

// secretBody reports whether the body of a request may hold credentials.
func (x *Endpoint) secretBody(r *request) bool {
	if x.NoStore || x.client.redact.Holds(r.Body) {
		return true
	}
	if o := r.signed; o != nil && (o.Form != nil || o.JSON != nil || o.Text != "") {
		return true
	}
	o := r.parts
	return o != nil && (!sameLeaves(o.Form, x.bareDict(o.Form)) || !sameLeaves(o.JSON, x.bareDict(o.JSON)))
}

// sameLeaves reports whether nothing was taken out of a body.
func sameLeaves(d, bare *value.Dict) bool { return d == nil || value.Equal(d, bare) }

func (x *Endpoint) holdsSecret(v any) bool {
	for _, text := range leaves(nil, v) {
		if x.client.redact.Holds([]byte(text)) {
			return true
		}
	}
	return false
}

// bareAddress is an address without the parameters that hold one of our secrets. An address that
// holds one elsewhere is refused.
func (x *Endpoint) bareAddress(address string) (string, error) {
	if !x.client.redact.Holds([]byte(address)) {
		return address, nil
	}
	p := wire.Split(address)
	p.Host = p.HostPort()
	p.Fragment = ""
	var kept []string
	for item := range strings.SplitSeq(p.Query, "&") {
		if !x.client.redact.Holds([]byte(item)) {
			kept = append(kept, item)
		}
	}
	p.Query = strings.Join(kept, "&")
	if bare := p.String(); !x.client.redact.Holds([]byte(bare)) {
		return bare, nil
	}
	return "", errForeignAddress
}

var (
	errForeignBody    = errors.New("the body of the request holds credentials")
	errForeignAddress = errors.New("the address holds credentials of this configuration")
)

// foreign is the fault of a request that is not sent to another host, because it can not be made
// without credentials.
func (x *Endpoint) foreign(to string, why error) error {
	o := originOf(to)
	text := "the API leads to the host " + o.String() + ", which the configuration does not name, and " + why.Error()
	if line := x.trustLine(o); line != "" {
		text += ": if this host may have them, write " + line
	}
	return &rest.Fault{Kind: rest.Foreign, Err: errors.New(text)}
}
