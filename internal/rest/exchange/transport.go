package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"anytap/internal/files"
	"anytap/internal/rest"
)

// longestConnect bounds connecting where an exchange allows more.
const longestConnect = 2 * time.Minute

// NewTransport makes the connections of a run: kept alive and shared by all workers, HTTP/2 where
// the server speaks it, proxies from the environment (proxy.go). Bodies come as they were sent; the
// exchange decompresses them. Authorities in the file that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE
// names are trusted besides the system's, as users of Python's requests set them.
func NewTransport() *http.Transport {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	return &http.Transport{
		Proxy:                 proxy(config),
		DialContext:           (&net.Dialer{Timeout: longestConnect, KeepAlive: 30 * time.Second}).DialContext,
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

// authorities adds the environment's to the system's; nil: the system's only. A file that can not
// be used is an error, a folder (of OpenSSL's hashed names) is passed over.
func authorities() (*x509.CertPool, error) {
	name := "REQUESTS_CA_BUNDLE"
	if os.Getenv(name) == "" {
		name = "CURL_CA_BUNDLE"
	}
	file := os.Getenv(name)
	if info, err := os.Stat(file); file == "" || err == nil && info.IsDir() {
		return nil, nil
	}
	unusable := func(why any) error {
		return &rest.Fault{Kind: rest.BadProxy, Err: fmt.Errorf("the environment variable %s names a bundle of certificates that can not be used: %v", name, why)}
	}
	pem, err := files.Read(file, files.Document)
	if err != nil {
		return nil, unusable(err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, unusable(file + " holds no certificate in PEM")
	}
	return pool, nil
}
