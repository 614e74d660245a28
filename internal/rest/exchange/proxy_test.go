package exchange

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestProxies(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		env     map[string]string
		address string
		want    string // the proxy; empty: none
		fails   string
	}{
		"none":                      {nil, "http://api.test/", "", ""},
		"ALL_PROXY, http":           {map[string]string{"ALL_PROXY": "http://all:1"}, "http://api.test/", "http://all:1", ""},
		"ALL_PROXY, https":          {map[string]string{"ALL_PROXY": "http://all:1"}, "https://api.test/", "http://all:1", ""},
		"all_proxy":                 {map[string]string{"all_proxy": "http://all:1"}, "https://api.test/", "http://all:1", ""},
		"HTTP_PROXY first":          {map[string]string{"ALL_PROXY": "http://all:1", "HTTP_PROXY": "http://one:1"}, "http://api.test/", "http://one:1", ""},
		"http_proxy first":          {map[string]string{"ALL_PROXY": "http://all:1", "http_proxy": "http://one:1"}, "http://api.test/", "http://one:1", ""},
		"HTTPS_PROXY is for https":  {map[string]string{"ALL_PROXY": "http://all:1", "HTTPS_PROXY": "http://one:1"}, "http://api.test/", "http://all:1", ""},
		"https_proxy":               {map[string]string{"all_proxy": "http://all:1", "https_proxy": "http://one:1"}, "https://api.test/", "http://one:1", ""},
		"socks5":                    {map[string]string{"ALL_PROXY": "socks5://all:1080"}, "https://api.test/", "socks5://all:1080", ""},
		"socks5h":                   {map[string]string{"ALL_PROXY": "socks5h://all:1080"}, "https://api.test/", "socks5h://all:1080", ""},
		"without a scheme":          {map[string]string{"ALL_PROXY": "all:3128"}, "https://api.test/", "http://all:3128", ""},
		"an IP without a scheme":    {map[string]string{"ALL_PROXY": "10.0.0.1:3128"}, "https://api.test/", "http://10.0.0.1:3128", ""},
		"NO_PROXY, the host":        {map[string]string{"ALL_PROXY": "http://all:1", "NO_PROXY": "api.test"}, "http://api.test/", "", ""},
		"no_proxy, the domain":      {map[string]string{"ALL_PROXY": "http://all:1", "no_proxy": ".test"}, "http://api.test/", "", ""},
		"NO_PROXY, everything":      {map[string]string{"ALL_PROXY": "http://all:1", "NO_PROXY": "*"}, "http://api.test/", "", ""},
		"NO_PROXY, a network":       {map[string]string{"ALL_PROXY": "http://all:1", "NO_PROXY": "10.0.0.0/8"}, "http://10.1.2.3/", "", ""},
		"this machine by name":      {map[string]string{"ALL_PROXY": "http://all:1"}, "http://localhost:80/", "", ""},
		"this machine":              {map[string]string{"ALL_PROXY": "http://all:1"}, "http://127.0.0.1/", "", ""},
		"another scheme":            {map[string]string{"ALL_PROXY": "socks4://all:1"}, "http://api.test/", "", `ALL_PROXY holds an address with the scheme "socks4"`},
		"no address":                {map[string]string{"https_proxy": "http://a b"}, "https://api.test/", "", "https_proxy holds what is no address"},
		"bad, but not for this one": {map[string]string{"ALL_PROXY": "ftp://all:1"}, "http://localhost/", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(c.address)
			if err != nil {
				t.Fatal(err)
			}
			via, err := proxiesOf(func(name string) string { return c.env[name] }).find(u)
			if c.fails != "" || err != nil {
				if c.fails == "" || err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("got %v, want %q", err, c.fails)
				}
				return
			}
			got := ""
			if via != nil {
				got = via.String()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestAllProxyIsAsked sends requests through proxies of two kinds, for a host that nobody knows.
func TestAllProxyIsAsked(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Host+" "+r.URL.Path)
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	socks := socks5(t, strings.TrimPrefix(server.URL, "http://"))
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "all_proxy"} {
		t.Setenv(name, "")
	}
	for _, address := range []string{server.URL, "socks5://" + socks} {
		t.Setenv("ALL_PROXY", address)
		transport := NewTransport()
		if err := roundTrip(t, transport, "http://nobody.invalid/items"); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		transport.CloseIdleConnections()
	}
	if got := strings.Join(asked, ", "); got != "nobody.invalid /items, nobody.invalid /items" {
		t.Errorf("the proxies were asked for %s", got)
	}
}

// socks5 is a SOCKS proxy that leads to one address, whatever it is asked for.
func socks5(t *testing.T, to string) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_ = relay(c, to)
			}()
		}
	}()
	return l.Addr().String()
}

// relay speaks as much of RFC 1928 as a CONNECT to a host name needs.
func relay(c net.Conn, to string) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, c, int64(head[1])); err != nil {
		return err
	}
	_, _ = c.Write([]byte{5, 0})
	ask := make([]byte, 5)
	if _, err := io.ReadFull(c, ask); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, c, int64(ask[4])+2); err != nil {
		return err
	}
	onward, err := net.Dial("tcp", to)
	if err != nil {
		return err
	}
	defer func() { _ = onward.Close() }()
	_, _ = c.Write([]byte{5, 0, 0, 1, 127, 0, 0, 1, 0, 0})
	go func() { _, _ = io.Copy(onward, c) }()
	_, err = io.Copy(c, onward)
	return err
}
