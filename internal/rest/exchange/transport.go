package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// longestConnect bounds connecting where an exchange allows more.
const longestConnect = 2 * time.Minute

// Network is what the user says of the connections of a run. The zero value sets no limits.
type Network struct {
	// AllowHosts are the hosts that may be asked, in the form of ParseHostPattern; nil: all.
	AllowHosts []string
	// DenyPrivate refuses addresses of private networks, of this machine, and others that are not
	// public.
	DenyPrivate bool
	// CACert is a file of authorities in PEM that are trusted besides the system's; empty: those of
	// the file that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names, as users of Python's requests set
	// them.
	CACert string
	// ClientCert and ClientKey are files in PEM: the certificate that says who asks, and its key,
	// which may stand in the same file; empty: there is none. It goes to the hosts that get the
	// credentials.
	ClientCert, ClientKey string
	// By says how a setting was given, for messages; nil: by its flag.
	By func(flag string) string
}

func (n Network) by(flag string) string {
	if n.By == nil {
		return "--" + flag
	}
	return n.By(flag)
}

// Transport makes the connections of a run: kept alive and shared by all workers, HTTP/2 where the
// server speaks it, TLS 1.2 at least, proxies from the environment (proxy.go), to the hosts that
// may be asked (reach.go). Bodies come as they were sent; the exchange decompresses them.
type Transport struct {
	*network
	// direct connects to hosts, so that what it dials is judged; proxied to proxies, and overTLS to
	// proxies whose addresses begin with https://.
	direct, proxied, overTLS *http.Transport
	bare                     *Transport // the same without the client certificate; nil: there is none
}

// network is what the transports of a run share.
type network struct {
	reach    *reach // nil: everything may be asked
	proxies  func() *proxies
	identity string // of the client certificate; empty: there is none

	once        sync.Once // sets the authorities of configs
	authorities func() (*x509.CertPool, error)
	configs     []*tls.Config
	unusable    error
}

// NewTransport makes the connections of a run without limits.
func NewTransport() *Transport {
	t, _ := Network{}.Transport() // which can not fail
	return t
}

// Transport makes the connections of a run. A file that can not be used is an error.
func (n Network) Transport() (*Transport, error) {
	p, err := n.reach()
	if err != nil {
		return nil, err
	}
	var own []byte
	if n.CACert != "" {
		if own, err = readAuthorities(n.CACert); err != nil {
			return nil, fmt.Errorf("%s: %w", n.by("ca-cert"), err)
		}
	}
	shared := &network{
		reach:       p,
		proxies:     sync.OnceValue(func() *proxies { return proxiesOf(os.Getenv) }),
		authorities: func() (*x509.CertPool, error) { return authorities(own) },
	}
	bare := shared.transport(nil)
	if n.ClientCert == "" {
		return bare, nil
	}
	certificate, err := n.clientCertificate()
	if err != nil {
		return nil, err
	}
	shared.identity = identityOf(&certificate)
	t := shared.transport(&certificate)
	t.bare = bare
	return t, nil
}

// longestHead bounds the wait for the head of a file.
const longestHead = time.Minute

// ForFiles makes connections for what is no API: they show no client certificate, decompress, and
// give up where no answer begins.
func (n Network) ForFiles() (*Transport, error) {
	n.ClientCert, n.ClientKey = "", ""
	t, err := n.Transport()
	if err != nil {
		return nil, err
	}
	for _, connections := range []*http.Transport{t.direct, t.proxied} {
		connections.DisableCompression, connections.ResponseHeaderTimeout = false, longestHead
	}
	return t, nil
}

// reach reads which hosts may be asked; nil: all.
func (n Network) reach() (*reach, error) {
	if n.AllowHosts == nil && !n.DenyPrivate {
		return nil, nil
	}
	p := &reach{resolver: net.DefaultResolver}
	if n.DenyPrivate {
		p.private, p.privateBy = isPrivate(), n.by("deny-private-networks")
	}
	p.allowedBy = n.by("allow-hosts")
	for i, text := range n.AllowHosts {
		h, err := ParseHostPattern(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.allowedBy, err)
		}
		p.allowed = append(p.allowed, h)
		p.hosts += strings.Repeat(", ", min(i, 1)) + strings.TrimSpace(text)
	}
	return p, nil
}

// transport makes connections on which a client certificate is shown to hosts that ask for it; nil:
// there is none.
func (n *network) transport(certificate *tls.Certificate) *Transport {
	t := &Transport{network: n, direct: n.connections(certificate), proxied: n.connections(certificate)}
	t.direct.DialContext = n.dialer().DialContext
	t.proxied.Proxy = func(r *http.Request) (*url.URL, error) { return n.proxies().find(r.URL) }
	t.overTLS = t.proxied
	if certificate != nil {
		t.overTLS = n.connections(certificate)
		n.throughTLS(t.overTLS)
	}
	return t
}

// dialer dials hosts, but for those that may not be asked.
func (n *network) dialer() *net.Dialer {
	d := newDialer()
	if n.reach != nil && n.reach.private != nil {
		d.ControlContext, d.Resolver = n.reach.control, n.reach.resolver
	}
	return d
}

func newDialer() *net.Dialer {
	return &net.Dialer{Timeout: longestConnect, KeepAlive: 30 * time.Second}
}

func (n *network) connections(certificate *tls.Certificate) *http.Transport {
	config := n.config()
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	return &http.Transport{
		DialContext:           newDialer().DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   longestConnect,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
		TLSClientConfig:       config,
		HTTP2: &http.HTTP2Config{
			// A connection that died without a word is noticed in seconds, not when TCP gives up.
			SendPingTimeout: 30 * time.Second,
			PingTimeout:     15 * time.Second,
		},
	}
}

// config is what TLS has to be. It gets the authorities before the first connection with TLS.
func (n *network) config() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	n.configs = append(n.configs, config)
	return config
}

// RoundTrip sends a request to a host that may be asked, through the proxy that the environment has
// for it.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	via, err := t.via(r.URL)
	if err == nil && t.reach != nil {
		err = t.reach.judge(r, via)
	}
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	switch {
	case via == nil:
		resp, err := t.direct.RoundTrip(r)
		if err != nil && t.reach != nil {
			err = t.reach.explain(r.URL.Host, err)
		}
		return resp, err
	case via.Scheme == "https":
		return t.overTLS.RoundTrip(r)
	}
	return t.proxied.RoundTrip(r)
}

// via gives the proxy that an address is asked through; nil: none. Before the first connection with
// TLS it sets the authorities: to read a bundle of some hundred takes longer than all the rest of a
// program's start.
func (n *network) via(u *url.URL) (*url.URL, error) {
	via, err := n.proxies().find(u)
	if u.Scheme == "https" || via != nil && via.Scheme == "https" {
		n.once.Do(func() {
			var pool *x509.CertPool
			pool, n.unusable = n.authorities()
			for _, config := range n.configs {
				config.RootCAs = pool
			}
		})
		if n.unusable != nil {
			return nil, n.unusable
		}
	}
	return via, err
}

// CloseIdleConnections closes the connections that no request uses.
func (t *Transport) CloseIdleConnections() {
	for _, connections := range []*http.Transport{t.direct, t.proxied, t.overTLS} {
		connections.CloseIdleConnections()
	}
	if t.bare != nil {
		t.bare.CloseIdleConnections()
	}
}
