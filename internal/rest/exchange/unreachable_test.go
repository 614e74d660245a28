package exchange_test

import (
	"context"
	"crypto/tls"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/rest/resttest"
	"anytap/internal/tap"
)

func TestUnreachableHosts(t *testing.T) {
	t.Parallel()
	noName := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.test", IsNotFound: true}}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	ok := resttest.Answer{Body: `{}`}
	down := func(err error) resttest.Answer { return resttest.Answer{Err: err} }
	cases := map[string]struct {
		script   []resttest.Answer
		calls    int
		requests int
		slept    time.Duration // exactly; negative: at most
		says     []string
	}{
		"no such name":                {script: []resttest.Answer{down(noName)}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"the host api.test can not be found", "gave up after 3 tries", "base_url", "DNS", "HTTPS_PROXY", "firewall"}},
		"refused":                     {script: []resttest.Answer{down(refused)}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"the host api.test:80 can not be reached: connection refused"}},
		"the network is not there":    {script: []resttest.Answer{down(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH})}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"network is unreachable"}},
		"a proxy that refuses":        {script: []resttest.Answer{down(&net.OpError{Op: "proxyconnect", Err: refused})}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"connection refused"}},
		"a certificate":               {script: []resttest.Answer{down(&tls.CertificateVerificationError{Err: http.ErrServerClosed})}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"can not be reached", "REQUESTS_CA_BUNDLE"}},
		"a port without TLS":          {script: []resttest.Answer{down(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})}, calls: 1, requests: 3, slept: 4 * time.Second, says: []string{"does not look like a TLS handshake", "write http://"}},
		"there after a moment":        {script: []resttest.Answer{down(refused), ok}, calls: 1, requests: 2, slept: time.Second},
		"it answered before":          {script: []resttest.Answer{ok, down(refused)}, calls: 2, requests: 7, slept: -31 * time.Second, says: []string{"gave up after 6 tries"}},
		"others do not wait again":    {script: []resttest.Answer{down(refused)}, calls: 4, requests: 6, slept: 4 * time.Second, says: []string{"gave up after 1 try:"}},
		"it comes after it was gone":  {script: []resttest.Answer{down(refused), down(refused), down(refused), ok, down(refused)}, calls: 3, requests: 10, slept: -35 * time.Second, says: []string{"gave up after 6 tries"}},
		"broken before it ever spoke": {script: []resttest.Answer{down(syscall.ECONNRESET)}, calls: 1, requests: 6, slept: -31 * time.Second, says: []string{"gave up after 6 tries"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport, clock := resttest.Script(c.script...), resttest.NewClock()
			x := exchange.NewClient(resttest.Runtime(transport, clock)).NewEndpoint(exchange.Setup{Stream: "s"})
			var err error
			for range c.calls {
				_, err = x.Send(context.Background(), "http://api.test/a", nil, nil)
			}
			if (err == nil) != (c.says == nil) {
				t.Fatalf("got %v, want %q", err, c.says)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v\ndoes not say %q", err, part)
				}
			}
			if got := len(transport.Log()); got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if slept := clock.Slept(); c.slept >= 0 && slept != c.slept || slept > max(c.slept, -c.slept) {
				t.Errorf("slept %v, want %v", slept, c.slept)
			}
		})
	}
}

// TestRetriesWithoutBound allows as many tries as a number can say.
func TestRetriesWithoutBound(t *testing.T) {
	t.Parallel()
	most := math.MaxInt
	for name, answer := range map[string]resttest.Answer{
		"an error of the server": {Status: 503},
		"a refusal":              {Status: 429},
		"no way to the host":     {Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}},
	} {
		rt := resttest.Runtime(resttest.Script(answer, resttest.Answer{Body: `{}`}), resttest.NewClock())
		rt.Settings = rest.Settings{MaxRetries: &most}
		if _, err := exchange.NewClient(rt).NewEndpoint(exchange.Setup{}).Send(t.Context(), "http://api.test/a", nil, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnreachableForReal asks an address at which nothing listens.
func TestUnreachableForReal(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	clock := resttest.NewClock()
	rt := resttest.Runtime(exchange.NewTransport(), clock)
	_, err := exchange.NewClient(rt).NewEndpoint(exchange.Setup{}).Send(context.Background(), server.URL, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "can not be reached: connection refused") || tap.KindOf(err) != tap.System {
		t.Errorf("got %s: %v", tap.KindOf(err), err)
	}
	if clock.Slept() > 5*time.Second {
		t.Errorf("slept %v", clock.Slept())
	}
}
