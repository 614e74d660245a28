package exchange

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"anytap/internal/rest"
)

// proxies says which proxy a request goes through, as the environment has it: HTTP_PROXY or
// HTTPS_PROXY by the address's scheme, else ALL_PROXY, each in upper or lower case. NO_PROXY names
// hosts that are asked without one. This machine itself (localhost, 127.0.0.1) always is.
type proxies struct {
	of    func(*url.URL) (*url.URL, error)
	names map[string]string // by the scheme of what is asked: the variable that counts
	bad   map[string]error  // by the same: what is wrong with it
}

func proxiesOf(env func(string) string) *proxies {
	either := func(name, lower string) (value, used string) {
		if v := env(name); v != "" {
			return v, name
		}
		return env(lower), lower
	}
	all, allName := either("ALL_PROXY", "all_proxy")
	p := &proxies{names: map[string]string{}, bad: map[string]error{}}
	c := &httpproxy.Config{CGI: env("REQUEST_METHOD") != ""}
	c.NoProxy, _ = either("NO_PROXY", "no_proxy")
	c.HTTPProxy, p.names["http"] = either("HTTP_PROXY", "http_proxy")
	c.HTTPSProxy, p.names["https"] = either("HTTPS_PROXY", "https_proxy")
	if c.HTTPProxy == "" {
		c.HTTPProxy, p.names["http"] = all, allName
	}
	if c.HTTPSProxy == "" {
		c.HTTPSProxy, p.names["https"] = all, allName
	}
	p.of = c.ProxyFunc()
	p.check("http", c.HTTPProxy)
	p.check("https", c.HTTPSProxy)
	return p
}

// check notes an address of a proxy that can not be used. The library would do without a proxy.
func (p *proxies) check(scheme, address string) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	found := "what is no address"
	if err == nil {
		switch u.Scheme {
		case "http", "https", "socks5", "socks5h":
			return
		}
		found = fmt.Sprintf("an address with the scheme %q", u.Scheme)
	}
	p.bad[scheme] = &rest.Fault{Kind: rest.BadProxy, Err: fmt.Errorf("the environment variable %s holds %s, expected a proxy such as http://proxy.example.com:3128 or socks5://proxy.example.com:1080", p.names[scheme], found)}
}

// find gives the proxy of an address; nil: it is asked without one.
func (p *proxies) find(u *url.URL) (*url.URL, error) {
	via, err := p.of(u)
	if bad := p.bad[u.Scheme]; bad != nil && (err != nil || via != nil) {
		return nil, bad
	}
	return via, err
}

// throughTLS makes connections to proxies whose addresses begin with https://, to which no client
// certificate is shown: net/http would show it to the proxy too.
func (n *network) throughTLS(to *http.Transport) {
	config := n.config()
	to.Proxy = func(r *http.Request) (*url.URL, error) {
		via, err := n.proxies().find(r.URL)
		if via == nil || err != nil {
			return via, err
		}
		plain := *via
		plain.Scheme = "http" // what is dialed speaks TLS already
		if plain.Port() == "" {
			plain.Host = net.JoinHostPort(plain.Hostname(), usualPort("https"))
		}
		return &plain, nil
	}
	dialer := &tls.Dialer{NetDialer: newDialer(), Config: config}
	to.DialContext = dialer.DialContext
}

// proxyOf shows the proxy that an address is asked through, without its password; empty: there is
// none.
func (c *Client) proxyOf(u *url.URL) string {
	t, ok := c.rt.Transport.(*Transport)
	if !ok {
		return ""
	}
	via, err := t.proxies().find(u)
	if err != nil || via == nil {
		return ""
	}
	return cmp.Or(via.Scheme, "http") + "://" + via.Host
}
