package exchange

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"anytap/internal/rest"
)

// identity is a certificate that signed itself, with its key, in files.
type identity struct {
	certificate *x509.Certificate
	cert, key   []byte // PEM
	certFile    string
	keyFile     string
}

func newIdentity(t *testing.T, name string) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	i := identity{
		cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
	}
	if i.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	i.certFile, i.keyFile = pemFile(t, i.cert), pemFile(t, i.key)
	return i
}

func pemFile(t *testing.T, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// server is one with TLS that wants to know who asks. It tells whom it saw last; "nobody": it was
// shown no certificate.
func (i identity) server(t *testing.T, wants tls.ClientAuthType, handler http.Handler) (s *httptest.Server, saw *atomic.Value) {
	t.Helper()
	saw = new(atomic.Value)
	s = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		saw.Store("nobody")
		if len(r.TLS.PeerCertificates) > 0 {
			saw.Store(r.TLS.PeerCertificates[0].Subject.CommonName)
		}
		handler.ServeHTTP(w, r)
	}))
	pair, err := tls.X509KeyPair(i.cert, i.key)
	if err != nil {
		t.Fatal(err)
	}
	s.TLS = &tls.Config{ClientAuth: wants, Certificates: []tls.Certificate{pair}}
	s.Config.ErrorLog = discard
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, saw
}

var discard = log.New(io.Discard, "", 0)

var answered = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })

func (n Network) must(t *testing.T) *Transport {
	t.Helper()
	transport, err := n.Transport()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// TestClientCertificateStaysHome shows the certificate to the configuration's origins, and to no
// other that asks for it.
func TestClientCertificateStaysHome(t *testing.T) {
	withoutProxies(t)
	api, me := newIdentity(t, "api"), newIdentity(t, "me")
	elsewhere, sawElsewhere := api.server(t, tls.RequestClientCert, answered)
	leads := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, elsewhere.URL+"/there", http.StatusFound)
			return
		}
		answered(w, r)
	})
	home, sawHome := api.server(t, tls.RequireAnyClientCert, leads)
	cases := map[string]struct {
		base, address, trusted string
		home, elsewhere        string // whom they saw
	}{
		"at home":                   {"", home.URL + "/a", "", "me", ""},
		"a next address at home":    {home.URL, home.URL + "/next", "", "me", ""},
		"a redirect elsewhere":      {"", home.URL + "/redirect", "", "me", "nobody"},
		"a next address elsewhere":  {home.URL, elsewhere.URL + "/next", "", "", "nobody"},
		"to a host that is trusted": {home.URL, elsewhere.URL + "/next", strings.TrimPrefix(elsewhere.URL, "https://"), "", "me"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			sawHome.Store("")
			sawElsewhere.Store("")
			settings := rest.Settings{}
			if c.trusted != "" {
				settings.TrustedHosts = []string{c.trusted}
			}
			transport := Network{CACert: api.certFile, ClientCert: me.certFile, ClientKey: me.keyFile}.must(t)
			client := NewClient(&rest.Runtime{Transport: transport, Settings: settings})
			if _, err := client.NewEndpoint(Setup{}).SendFrom(t.Context(), c.base, c.address, nil, nil); err != nil {
				t.Fatal(err)
			}
			if sawHome.Load() != c.home || sawElsewhere.Load() != c.elsewhere {
				t.Errorf("home saw %q, elsewhere %q", sawHome.Load(), sawElsewhere.Load())
			}
		})
	}
}

// TestClientCertificateIsWanted asks a server that accepts nobody without one.
func TestClientCertificateIsWanted(t *testing.T) {
	withoutProxies(t)
	api := newIdentity(t, "api")
	server, _ := api.server(t, tls.RequireAnyClientCert, answered)
	zero := 0
	rt := &rest.Runtime{Transport: Network{CACert: api.certFile}.must(t), Settings: rest.Settings{MaxRetries: &zero}}
	_, err := NewClient(rt).NewEndpoint(Setup{}).Send(t.Context(), server.URL, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "certificate required") || !strings.Contains(err.Error(), "--client-cert") {
		t.Errorf("got %v", err)
	}
}

// TestProxiesAreShownNoCertificate asks through a proxy that speaks TLS and wants to know who asks.
func TestProxiesAreShownNoCertificate(t *testing.T) {
	withoutProxies(t)
	api, me := newIdentity(t, "api"), newIdentity(t, "me")
	home, sawHome := api.server(t, tls.RequireAnyClientCert, answered)
	proxy, sawProxy := api.server(t, tls.RequestClientCert, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			tunnel(t, w, home.Listener.Addr().String())
			return
		}
		answered(w, r)
	}))
	t.Setenv("ALL_PROXY", proxy.URL)
	transport := Network{CACert: api.certFile, ClientCert: me.certFile, ClientKey: me.keyFile}.must(t)
	transport.overTLS.TLSClientConfig.ServerName = "127.0.0.1" // what the certificate of the tests names
	for address, seen := range map[string]string{"http://nobody.test/": "", "https://nobody.test/": "me"} {
		sawHome.Store("")
		sawProxy.Store("")
		if err := roundTrip(t, transport, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if sawHome.Load() != seen || sawProxy.Load() != "nobody" {
			t.Errorf("%s: home saw %q, the proxy %q", address, sawHome.Load(), sawProxy.Load())
		}
	}
}

// tunnel answers a CONNECT.
func tunnel(t *testing.T, w http.ResponseWriter, to string) {
	onward, err := net.Dial("tcp", to)
	if err != nil {
		t.Error(err)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		_, _ = io.Copy(onward, conn)
		_ = onward.Close()
	}()
	go func() {
		_, _ = io.Copy(conn, onward)
		_ = conn.Close()
	}()
}

// TestCertificatesThatCanNotBeUsed names the setting, the file and what is wrong with it.
func TestCertificatesThatCanNotBeUsed(t *testing.T) {
	t.Parallel()
	me, other := newIdentity(t, "me"), newIdentity(t, "other")
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte("x")})
	encrypted := pemFile(t, pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}))
	encryptedOld := pemFile(t, old)
	empty, der := pemFile(t, nil), pemFile(t, me.certificate.Raw)
	broken := pemFile(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}))
	both := pemFile(t, append(append([]byte{}, me.key...), me.cert...))
	folder := t.TempDir()
	cases := map[string]struct {
		n    Network
		says []string // none: it can be used
	}{
		"both in one file":           {Network{ClientCert: both}, nil},
		"both in one file, twice":    {Network{ClientCert: both, ClientKey: both}, nil},
		"two files":                  {Network{ClientCert: me.certFile, ClientKey: me.keyFile}, nil},
		"authorities":                {Network{CACert: me.certFile}, nil},
		"no file":                    {Network{ClientCert: folder + "/none"}, []string{"--client-cert: ", "/none", "no such file"}},
		"no file of the key":         {Network{ClientCert: me.certFile, ClientKey: folder + "/none"}, []string{"--client-key: ", "/none", "no such file"}},
		"a folder":                   {Network{ClientCert: folder}, []string{"--client-cert: " + folder + " is a folder"}},
		"no key":                     {Network{ClientCert: me.certFile}, []string{me.certFile + " holds no private key", "--client-key"}},
		"an encrypted key":           {Network{ClientCert: me.certFile, ClientKey: encrypted}, []string{"--client-key: the key in " + encrypted + " is encrypted", "openssl pkey -in " + encrypted}},
		"an encrypted key, old form": {Network{ClientCert: me.certFile, ClientKey: encryptedOld}, []string{encryptedOld + " is encrypted"}},
		"another one's key":          {Network{ClientCert: me.certFile, ClientKey: other.keyFile}, []string{me.certFile, other.keyFile, "private key does not match public key"}},
		"both the other way round":   {Network{ClientCert: me.keyFile, ClientKey: me.certFile}, []string{me.keyFile + " holds no certificate, but: PRIVATE KEY"}},
		"a certificate as key":       {Network{ClientCert: me.certFile, ClientKey: me.certFile}, []string{"--client-key", "holds no private key, but: CERTIFICATE"}},
		"DER":                        {Network{ClientCert: der}, []string{der + " holds no certificate in PEM"}},
		"nothing":                    {Network{ClientCert: empty}, []string{empty + " holds nothing"}},
		"a broken certificate":       {Network{ClientCert: broken, ClientKey: me.keyFile}, []string{broken}},
		"no authorities":             {Network{CACert: me.keyFile}, []string{"--ca-cert: " + me.keyFile + " holds no certificate, but: PRIVATE KEY"}},
		"broken authorities":         {Network{CACert: broken}, []string{"--ca-cert: " + broken}},
		"no file of authorities":     {Network{CACert: folder + "/none"}, []string{"--ca-cert: ", "no such file"}},
		"by a variable":              {Network{CACert: empty, By: func(string) string { return "ANYTAP_CA_CERT" }}, []string{"ANYTAP_CA_CERT: " + empty}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.n.Transport()
			if (err == nil) != (c.says == nil) {
				t.Fatalf("got %v", err)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v\ndoes not say %q", err, part)
				}
			}
		})
	}
}

// TestOwnAuthorities trusts those of --ca-cert besides others, and nobody without a reason.
func TestOwnAuthorities(t *testing.T) {
	withoutProxies(t)
	api, other := newIdentity(t, "api"), newIdentity(t, "other")
	server, _ := api.server(t, tls.NoClientCert, answered)
	cases := map[string]struct {
		n       Network
		bundle  string
		trusted bool
	}{
		"the authority":                   {Network{CACert: api.certFile}, "", true},
		"before the environment's bundle": {Network{CACert: api.certFile}, other.certFile, true},
		"in place of the bundle":          {Network{CACert: other.certFile}, api.certFile, false},
		"another one":                     {Network{CACert: other.certFile}, "", false},
		"none":                            {Network{}, "", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("REQUESTS_CA_BUNDLE", c.bundle)
			t.Setenv("CURL_CA_BUNDLE", "")
			if err := roundTrip(t, c.n.must(t), server.URL); (err == nil) != c.trusted {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestTLSIsNotOld asks a server that speaks no more than TLS 1.1.
func TestTLSIsNotOld(t *testing.T) {
	withoutProxies(t)
	api := newIdentity(t, "api")
	for version, fits := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		server := httptest.NewUnstartedServer(answered)
		pair, err := tls.X509KeyPair(api.cert, api.key)
		if err != nil {
			t.Fatal(err)
		}
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version, Certificates: []tls.Certificate{pair}} //nolint:gosec // that is what is tried
		server.Config.ErrorLog = discard
		server.StartTLS()
		if err := roundTrip(t, Network{CACert: api.certFile}.must(t), server.URL); (err == nil) != fits {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		server.Close()
	}
}

// TestAnswersBelongToTheCertificate keeps the answers for one client certificate from another one.
func TestAnswersBelongToTheCertificate(t *testing.T) {
	withoutProxies(t)
	api := newIdentity(t, "api")
	server, saw := api.server(t, tls.RequireAnyClientCert, answered)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	one, two := newIdentity(t, "one"), newIdentity(t, "two")
	for _, c := range []struct {
		who  identity
		want string
	}{{one, "one"}, {two, "two"}, {one, ""}} {
		saw.Store("")
		transport := Network{CACert: api.certFile, ClientCert: c.who.certFile, ClientKey: c.who.keyFile}.must(t)
		client := NewClient(&rest.Runtime{Transport: transport})
		cache, err := NewDiskCache(dir, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		client.SetCache(cache)
		if _, err := client.NewEndpoint(Setup{}).Send(t.Context(), u.String(), nil, nil); err != nil {
			t.Fatal(err)
		}
		if saw.Load() != c.want {
			t.Errorf("the API saw %q, want %q", saw.Load(), c.want)
		}
	}
}
