package exchange

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"strings"

	"anytap/internal/files"
	"anytap/internal/rest"
)

// bundles are the variables that users of Python's requests and of curl name a bundle by. They are
// set for other programs too, so such a file is only read for the first connection with TLS.
var bundles = [...]string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}

// authorities gives those that are trusted: the system's, with those of the text own, or else of
// the bundle that the environment names; nil: the system's only. A file that can not be used is an
// error, a folder (of OpenSSL's hashed names) is passed over.
func authorities(own []byte) (*x509.CertPool, error) {
	if own != nil {
		return withSystems(own), nil
	}
	for _, name := range bundles {
		file := os.Getenv(name)
		if file == "" {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return nil, nil
		}
		text, err := readAuthorities(file)
		if err != nil {
			return nil, &rest.Fault{Kind: rest.BadProxy, Err: fmt.Errorf("the environment variable %s names a bundle of certificates that can not be used: %w", name, err)}
		}
		return withSystems(text), nil
	}
	return nil, nil
}

func withSystems(text []byte) *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pool.AppendCertsFromPEM(text)
	return pool
}

// readAuthorities reads a file of certificates. One without any is an error.
func readAuthorities(file string) ([]byte, error) {
	text, err := files.Read(file, files.Document)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(text) {
		err = fmt.Errorf("%s holds %s", file, missing(text, "certificate"))
	}
	return text, err
}

// clientCertificate reads the certificate that says who asks, and its key, which may stand in the
// same file.
func (n Network) clientCertificate() (tls.Certificate, error) {
	var none tls.Certificate
	text, err := files.Read(n.ClientCert, files.Document)
	if err != nil {
		return none, fmt.Errorf("%s: %w", n.by("client-cert"), err)
	}
	if blocksOf(text, "CERTIFICATE") == 0 {
		return none, fmt.Errorf("%s: %s holds %s", n.by("client-cert"), n.ClientCert, missing(text, "certificate"))
	}
	key, file, by := text, n.ClientCert, n.by("client-cert")
	if n.ClientKey != "" {
		file, by = n.ClientKey, n.by("client-key")
		if key, err = files.Read(file, files.Document); err != nil {
			return none, fmt.Errorf("%s: %w", by, err)
		}
	}
	switch {
	case isEncrypted(key):
		return none, fmt.Errorf("%s: the key in %s is encrypted, and there is no way to give its password: decrypt it (openssl pkey -in %[2]s -out FILE)", by, file)
	case blocksOf(key, "PRIVATE KEY") == 0 && n.ClientKey == "":
		return none, fmt.Errorf("%s: %s holds no private key: name its file with --client-key", by, file)
	case blocksOf(key, "PRIVATE KEY") == 0:
		return none, fmt.Errorf("%s: %s holds %s", by, file, missing(key, "private key"))
	}
	certificate, err := tls.X509KeyPair(text, key)
	if err != nil {
		return none, fmt.Errorf("%s: %s and %s are no certificate with its key: %s", by, n.ClientCert, file, strings.TrimPrefix(err.Error(), "tls: "))
	}
	return certificate, nil
}

// missing says what a file holds that should hold a certificate or a key.
func missing(text []byte, what string) string {
	var found []string
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		found = append(found, block.Type)
	}
	switch {
	case len(found) > 0:
		return fmt.Sprintf("no %s, but: %s", what, strings.Join(found, ", "))
	case len(text) == 0:
		return "nothing"
	}
	return "no " + what + " in PEM (-----BEGIN …); openssl x509 and openssl pkey write PEM"
}

// blocksOf counts the blocks of PEM whose kind ends so.
func blocksOf(text []byte, kind string) (n int) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == kind || strings.HasSuffix(block.Type, " "+kind) {
			n++
		}
	}
	return n
}

// isEncrypted reports whether the first private key of a text wants a password.
func isEncrypted(text []byte) bool {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED")
		}
	}
	return false
}

// identityOf names a client certificate, so that no answer is used for another one.
func identityOf(c *tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	return hex.EncodeToString(sum[:])
}
