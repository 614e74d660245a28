package exchange

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"anytap/internal/rest"
)

func TestHostPatterns(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		pattern, address string
		want             bool
	}{
		"a name":                        {"api.test", "https://api.test/a", true},
		"in capitals":                   {"API.test", "https://api.TEST/a", true},
		"with blanks around":            {" api.test ", "https://api.test/a", true},
		"any port":                      {"api.test", "http://api.test:8080/a", true},
		"the dot at the end":            {"api.test", "https://api.test./a", true},
		"its port":                      {"api.test:8443", "https://api.test:8443/a", true},
		"its port, not told":            {"api.test:443", "https://api.test/a", true},
		"another port":                  {"api.test:8443", "https://api.test/a", false},
		"a scheme":                      {"https://api.test", "https://api.test/a", true},
		"another scheme":                {"https://api.test", "http://api.test/a", false},
		"a host below":                  {"api.test", "https://eu.api.test/a", false},
		"a longer name":                 {"api.test", "https://api.test.evil.test/a", false},
		"a name that ends so":           {"api.test", "https://evilapi.test/a", false},
		"all below":                     {"*.api.test", "https://eu.api.test/a", true},
		"all below, deeper":             {"*.api.test", "https://a.eu.api.test/a", true},
		"all below, with a port":        {"*.api.test:8443", "https://eu.api.test:8443/a", true},
		"all below, with a scheme":      {"https://*.api.test", "https://eu.api.test/a", true},
		"all below, with another one":   {"https://*.api.test", "http://eu.api.test/a", false},
		"all below, the name":           {"*.api.test", "https://api.test/a", false},
		"all below, a name that ends":   {"*.api.test", "https://evilapi.test/a", false},
		"a user is no host":             {"api.test", "https://api.test@evil.test/a", false},
		"a fragment is no host":         {"api.test", "https://evil.test/#@api.test/", false},
		"an address":                    {"127.0.0.1", "http://127.0.0.1:8080/a", true},
		"an address, as one of IPv6":    {"127.0.0.1", "http://[::ffff:127.0.0.1]/a", true},
		"an address of IPv6":            {"[::1]:8080", "http://[0:0::1]:8080/a", true},
		"an address of IPv6, bare":      {"::1", "http://[::1]/a", true},
		"another address":               {"127.0.0.1", "http://127.0.0.2/a", false},
		"a name in Unicode":             {"bücher.test", "https://xn--bcher-kva.test/a", true},
		"a name in Unicode, both":       {"bücher.test", "https://BÜCHER.test/a", true},
		"a name that Unicode makes":     {"api.test", "https://ａpi.test/a", true},  // which is asked as api.test
		"a name that looks like it":     {"api.test", "https://аpi.test/a", false}, // of a Cyrillic letter
		"the name of the address":       {"127.0.0.1", "http://localhost/a", false},
		"an address in another writing": {"127.0.0.1", "http://2130706433/a", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Network{AllowHosts: []string{"other.test", c.pattern}}.reach()
			if err != nil {
				t.Fatal(err)
			}
			r := newRequest(t, c.address)
			if err := p.judge(r, nil); (err == nil) != c.want {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, text := range []string{"", "*", "*.", "*.*.a", "a.*", "a/b", "https://", "ftp://a", "u@a", "a b", "*a.test"} {
		if h, err := ParseHostPattern(text); err == nil {
			t.Errorf("%q is %+v", text, h)
		}
	}
}

func FuzzParseHostPattern(f *testing.F) {
	f.Add("*.a:1")
	f.Add("https://[::1]:8/")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = ParseHostPattern(text) })
}

func newRequest(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	private := isPrivate()
	for address, want := range map[string]bool{
		"127.0.0.1": true, "127.255.0.9": true, "0.0.0.0": true, "0.1.2.3": true, "10.0.0.1": true, "172.16.0.1": true, "172.31.255.255": true,
		"192.168.1.1": true, "169.254.169.254": true, "100.64.0.1": true, "100.100.100.200": true, "192.0.0.192": true, "168.63.129.16": true,
		"198.18.0.1": true, "224.0.0.1": true, "240.0.0.1": true, "255.255.255.255": true, "192.0.2.1": true,
		"::": true, "::1": true, "fe80::1": true, "fe80::1%eth0": true, "fc00::1": true, "fd00:ec2::254": true, "fec0::1": true, "ff02::1": true,
		"::ffff:127.0.0.1": true, "::ffff:10.0.0.1": true, "::127.0.0.1": true, "64:ff9b::10.0.0.1": true, "64:ff9b:1::1": true,
		"2002:7f00:1::": true, "2001:0:1::1": true, "2001:db8::1": true, "3fff::1": true, "100::1": true,
		"1.1.1.1": false, "172.32.0.1": false, "172.15.0.1": false, "100.128.0.1": false, "169.253.0.1": false, "11.0.0.1": false, "223.255.255.1": false,
		"2606:4700:4700::1111": false, "2001:4860:4860::8888": false, "2a00:1450::1": false, "::ffff:1.1.1.1": false, "64:ff9b::1.1.1.1": false,
	} {
		if got := private(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// names is a DNS server on this machine. It gives the addresses of each name in turn, the last of
// them for ever; other names there are not.
func names(t *testing.T, addresses map[string][]string) *net.Resolver {
	t.Helper()
	socket, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	asked := map[string]int{}
	go func() {
		packet := make([]byte, 512)
		for {
			n, from, err := socket.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			name := strings.TrimSuffix(q.Name.String(), ".")
			list := addresses[name]
			m = dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
			if len(list) == 0 {
				m.RCode = dnsmessage.RCodeNameError
			} else if q.Type == dnsmessage.TypeA {
				addr := netip.MustParseAddr(list[min(asked[name], len(list)-1)])
				asked[name]++
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.AResource{A: addr.As4()}}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = socket.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

// limited makes a transport whose names come from resolver.
func limited(t *testing.T, n Network, resolver *net.Resolver) *Transport {
	t.Helper()
	transport, err := n.Transport()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	transport.reach.resolver = resolver
	transport.direct.DialContext = transport.dialer().DialContext
	return transport
}

// TestReachHoldsThroughRebinding resolves a name to another address when it is asked for again, and
// between judging and dialing.
func TestReachHoldsThroughRebinding(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	transport := limited(t, Network{DenyPrivate: true}, names(t, map[string][]string{"api.test": {"127.0.0.1", "127.0.0.2"}}))
	transport.reach.private = func(addr netip.Addr) bool { return addr != netip.MustParseAddr("127.0.0.1") }
	address := "http://api.test:" + port
	if err := roundTrip(t, transport, address); err != nil {
		t.Fatal(err)
	}
	transport.CloseIdleConnections()
	err := roundTrip(t, transport, address)
	if !IsOutOfReach(err) || !strings.Contains(err.Error(), "api.test") || !strings.Contains(err.Error(), "127.0.0.2") || !strings.Contains(err.Error(), "--deny-private-networks") {
		t.Errorf("got %v", err)
	}
	if asked.Load() != 1 {
		t.Errorf("the server was asked %d times", asked.Load())
	}
}

// TestReachHoldsBehindProxies judges what a proxy would connect to before it is asked.
func TestReachHoldsBehindProxies(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, "{}")
	}))
	defer proxy.Close()
	withoutProxies(t)
	t.Setenv("ALL_PROXY", proxy.URL) // at 127.0.0.1, which is denied to requests but not to proxies
	t.Setenv("NO_PROXY", "direct.test")
	resolver := names(t, map[string][]string{
		"public.test": {"1.1.1.1"}, "private.test": {"10.0.0.1"}, "metadata.test": {"169.254.169.254"}, "moving.test": {"1.1.1.1", "127.0.0.1"},
		"direct.test": {"127.0.0.1"},
	})
	cases := []struct {
		name, address, host string
		network             Network
		says                string // empty: it is asked
	}{
		{"a public one", "http://public.test/", "", Network{DenyPrivate: true}, ""},
		{"a private one", "http://private.test/", "", Network{DenyPrivate: true}, "10.0.0.1 is not a public address"},
		{"metadata", "http://metadata.test/", "", Network{DenyPrivate: true}, "169.254.169.254 is not a public address"},
		{"an address", "http://10.1.2.3/", "", Network{DenyPrivate: true}, "10.1.2.3 is not a public address"},
		{"an address of IPv6", "http://[::ffff:10.1.2.3]/", "", Network{DenyPrivate: true}, "10.1.2.3 is not a public address"},
		{"with TLS", "https://private.test/", "", Network{DenyPrivate: true}, "10.0.0.1 is not a public address"},
		{"nobody knows it", "http://nobody.test/", "", Network{DenyPrivate: true}, "can not be resolved here"},
		{"a number", "http://2130706433/", "", Network{DenyPrivate: true}, "can not be resolved here"},
		{"without the proxy", "http://direct.test/", "", Network{DenyPrivate: true}, "127.0.0.1 is not a public address"},
		{"this machine", "http://localhost:1/", "", Network{DenyPrivate: true}, "is not a public address"},
		{"it moves, first", "http://moving.test/", "", Network{DenyPrivate: true}, ""},
		{"it moves, then", "http://moving.test/", "", Network{DenyPrivate: true}, "127.0.0.1 is not a public address"},
		{"a header Host", "http://public.test/", "private.test", Network{DenyPrivate: true}, "10.0.0.1 is not a public address"},
		{"allowed", "http://nobody.test/", "", Network{AllowHosts: []string{"nobody.test"}}, ""},
		{"not allowed", "http://public.test/", "", Network{AllowHosts: []string{"nobody.test"}}, "public.test may not be asked: it is not among those of --allow-hosts (nobody.test)"},
		{"not allowed by its header Host", "http://nobody.test/", "public.test:80", Network{AllowHosts: []string{"nobody.test"}}, "public.test:80 may not be asked"},
		{"allowed, but private", "http://private.test/", "", Network{AllowHosts: []string{"*.test"}, DenyPrivate: true}, "10.0.0.1 is not a public address"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			asked.Store(0)
			transport := limited(t, c.network, resolver)
			r := newRequest(t, c.address)
			r.Host = c.host
			resp, err := transport.RoundTrip(r)
			if err == nil {
				_ = resp.Body.Close()
			}
			if c.says == "" && err != nil || c.says != "" && (!IsOutOfReach(err) || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("got %v, want %q", err, c.says)
			}
			if reached := asked.Load() > 0; reached != (c.says == "") {
				t.Errorf("the proxy was asked %d times", asked.Load())
			}
		})
	}
}

// withoutProxies takes all proxies out of the environment.
func withoutProxies(t *testing.T) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, "")
	}
}

// TestReachHoldsForRedirects follows a redirect to where nobody may ask, once.
func TestReachHoldsForRedirects(t *testing.T) {
	var elsewhere atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost") {
			elsewhere.Add(1)
		}
		http.Redirect(w, r, "http://"+strings.Replace(r.Host, "127.0.0.1", "localhost", 1)+"/secret", http.StatusFound)
	}))
	defer server.Close()
	transport, err := Network{AllowHosts: []string{"127.0.0.1"}}.Transport()
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	c := NewClient(&rest.Runtime{Transport: transport})
	_, err = c.NewEndpoint(Setup{}).Send(t.Context(), server.URL+"/a", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "/a: it redirects to http://localhost") || !strings.Contains(err.Error(), "may not be asked") {
		t.Errorf("got %v", err)
	}
	if c.Requests() != 2 || elsewhere.Load() != 0 {
		t.Errorf("%d requests, %d elsewhere", c.Requests(), elsewhere.Load())
	}
}
