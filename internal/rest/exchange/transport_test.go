package exchange

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestTransportTrustsTheBundle asks servers with and without TLS at once, so that the authorities
// are set while others connect.
func TestTransportTrustsTheBundle(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secure.Close()
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, trusted := range map[string]bool{"REQUESTS_CA_BUNDLE": true, "CURL_CA_BUNDLE": true, "OTHER_BUNDLE": false} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("REQUESTS_CA_BUNDLE", "")
			t.Setenv("CURL_CA_BUNDLE", "")
			t.Setenv(name, bundle)
			transport := NewTransport()
			defer transport.CloseIdleConnections()
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for _, url := range []string{plain.URL, secure.URL} {
						if err := roundTrip(t, transport, url); (err == nil) != (trusted || url == plain.URL) {
							t.Errorf("%s: %v", url, err)
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// TestTransportWantsTheBundle names bundles that can not be used.
func TestTransportWantsTheBundle(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, fault := range map[string]string{filepath.Join(dir, "none.pem"): "no such file", empty: "no certificate", "/dev/zero": "is a device"} {
		t.Setenv("REQUESTS_CA_BUNDLE", file)
		err := roundTrip(t, NewTransport(), "https://127.0.0.1:1")
		if err == nil || !strings.Contains(err.Error(), "REQUESTS_CA_BUNDLE") || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func roundTrip(t *testing.T, transport http.RoundTripper, url string) error {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
