package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"anytap/internal/jinja"
	"anytap/internal/value"
)

// jsonLoads is the function json_loads, which only the templates of a JwtAuthenticator know: a key
// is often part of a JSON text in the configuration.
func jsonLoads() any {
	return jinja.Function("loads", func(args []any) (any, error) {
		if len(args) != 1 {
			return nil, fmt.Errorf("json_loads takes 1 argument, not %d", len(args))
		}
		text, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("json_loads takes text, not a %s", value.TypeName(args[0]))
		}
		v, err := value.DecodePython([]byte(text))
		if err != nil {
			return nil, errors.New("json_loads: the text is no JSON") // without the text, which may be a secret
		}
		return v, nil
	})
}

// sign returns the signature of input. passphrase is empty where the key is not encrypted.
func sign(algorithm, input, key, passphrase string) ([]byte, error) {
	if algorithm == "ES256K" {
		return signES256K(input, key, passphrase)
	}
	method := jwt.GetSigningMethod(algorithm)
	if method == nil {
		return nil, fmt.Errorf("algorithm %q is not known", algorithm)
	}
	if strings.HasPrefix(algorithm, "HS") {
		if err := checkSecret(key, passphrase); err != nil {
			return nil, err
		}
		return method.Sign(input, []byte(key))
	}
	private, err := parsePrivate(key, passphrase)
	if err != nil {
		return nil, err
	}
	if err := fits(algorithm, private); err != nil {
		return nil, err
	}
	return method.Sign(input, private)
}

// checkSecret refuses a key that can not be a shared secret.
func checkSecret(key, passphrase string) error {
	switch {
	case passphrase != "":
		return errors.New("passphrase is given, but the algorithm needs a secret rather than a private key")
	case key == "":
		return errors.New("secret_key is empty")
	case strings.Contains(key, "-----BEGIN "), strings.HasPrefix(key, "ssh-"), strings.HasPrefix(key, "ecdsa-sha2-"):
		return errors.New("secret_key is a key of an asymmetric algorithm, expected a secret")
	}
	return nil
}

// fits refuses a key that is not of the algorithm's kind.
func fits(algorithm string, key crypto.PrivateKey) error {
	kind := "an RSA key"
	ok := false
	switch {
	case algorithm == "EdDSA":
		kind = "an Ed25519 key"
		_, ok = key.(ed25519.PrivateKey)
	case strings.HasPrefix(algorithm, "ES"):
		kind = "a key of the algorithm's curve"
		private, isEC := key.(*ecdsa.PrivateKey)
		method, isMethod := jwt.GetSigningMethod(algorithm).(*jwt.SigningMethodECDSA)
		ok = isEC && isMethod && private.Curve.Params().BitSize == method.CurveBits
	default:
		_, ok = key.(*rsa.PrivateKey)
	}
	if !ok {
		return fmt.Errorf("secret_key holds a %T, expected %s for %s", key, kind, algorithm)
	}
	return nil
}

// parsePrivate reads a private key in PEM, in any of the usual forms.
func parsePrivate(text, passphrase string) (crypto.PrivateKey, error) {
	block, err := openPEM(text, passphrase)
	if err != nil {
		return nil, err
	}
	var key crypto.PrivateKey
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("secret_key holds a %s, expected a PRIVATE KEY", block.Type)
	}
	if err != nil {
		return nil, errors.New("secret_key holds a private key that can not be read")
	}
	return key, nil
}

// openPEM finds the first PEM block of a text and decrypts it where it is encrypted.
func openPEM(text, passphrase string) (*pem.Block, error) {
	block, ok := cutPEM(text)
	if !ok {
		return nil, errors.New("secret_key holds no private key in PEM")
	}
	encrypted := block.Type == encryptedType || block.Headers["DEK-Info"] != ""
	switch {
	case encrypted && passphrase == "":
		return nil, errors.New("secret_key is encrypted, but there is no passphrase")
	case !encrypted && passphrase != "":
		return nil, errors.New("passphrase is given, but secret_key is not encrypted")
	case block.Type == encryptedType:
		der, err := decryptPKCS8(block.Bytes, []byte(passphrase))
		return &pem.Block{Type: "PRIVATE KEY", Bytes: der}, err
	case encrypted:
		der, err := x509.DecryptPEMBlock(block, []byte(passphrase)) //nolint:staticcheck // keys in the old form are still in use
		if err != nil {
			return nil, errors.New("secret_key can not be decrypted: the passphrase is wrong, or the form is not known")
		}
		return &pem.Block{Type: block.Type, Bytes: der}, nil
	}
	return block, nil
}

const encryptedType = "ENCRYPTED PRIVATE KEY"

// cutPEM reads the first block of RFC 7468 in a text. The block may have lost its line breaks, as
// it does in a form's field.
func cutPEM(text string) (*pem.Block, bool) {
	_, rest, found := strings.Cut(text, "-----BEGIN ")
	kind, rest, foundKind := strings.Cut(rest, "-----")
	body, _, foundEnd := strings.Cut(rest, "-----END "+kind+"-----")
	if !found || !foundKind || !foundEnd {
		return nil, false
	}
	block := &pem.Block{Type: kind, Headers: map[string]string{}}
	if strings.Contains(body, ":") {
		var data []string
		for line := range strings.Lines(body) {
			if name, v, isHeader := strings.Cut(line, ":"); isHeader {
				block.Headers[strings.TrimSpace(name)] = strings.TrimSpace(v)
				continue
			}
			data = append(data, line)
		}
		body = strings.Join(data, "")
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return nil, false
	}
	block.Bytes = data
	return block, true
}
