package auth

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/golang-jwt/jwt/v5"

	"anytap/internal/rest/resttest"
	"anytap/internal/value"
)

// The keys in testdata were made for these tests with openssl; the passphrase is "open".

func keyFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// signedHeader sends one request and returns a header of it.
func signedHeader(t *testing.T, yaml, config, header string) (string, error) {
	t.Helper()
	b := newBench(t, config, resttest.Answer{Body: `{}`})
	a, err := b.build(t, yaml)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
		return "", err
	}
	return b.transport.Log()[0].Header.Get(header), nil
}

// TestJWT compares tokens with those that PyJWT makes.
func TestJWT(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		yaml, config, header  string
		prefix, head, payload string
		secret                string
	}{
		"everything": {`{type: JwtAuthenticator, secret_key: "{{ config['k'] }}", algorithm: HS256, token_duration: 300, header_prefix: Bearer,
			jwt_headers: {kid: "{{ config['kid'] }}", typ: JWT, cty: c}, jwt_payload: {iss: "{{ config['iss'] }}"},
			additional_jwt_headers: {x-h: '{{ 1 + 1 }}'}, additional_jwt_payload: {scope: [a, b]}}`,
			`{"k": "0123456789abcdef0123456789abcdef", "kid": "key1", "iss": "me"}`, "Authorization", "Bearer ",
			`{"alg":"HS256","cty":"c","kid":"key1","typ":"JWT","x-h":2}`, `{"scope":["a","b"],"iss":"me","iat":1795132800,"exp":1795133100,"nbf":1795132800}`,
			"0123456789abcdef0123456789abcdef"},
		"defaults": {`{type: JwtAuthenticator, secret_key: "{{ config['k'] }}", algorithm: HS512}`, `{"k": "0123456789abcdef"}`, "Authorization", "",
			`{"alg":"HS512","typ":"JWT"}`, `{"iat":1795132800,"exp":1795134000,"nbf":1795132800}`, "0123456789abcdef"},
		"base64, elsewhere, without a type": {`{type: JwtAuthenticator, secret_key: "{{ config['k'] }}", algorithm: HS384, base64_encode_secret_key: true, header_prefix: "{{ none }}",
			jwt_headers: {typ: "{{ '' }}"}, jwt_payload: {sub: '5', aud: "{{ ['a', 'b'] }}"}, request_option: {type: RequestOption, inject_into: header, field_name: X-Jwt}}`,
			`{"k": "0123456789abcdef"}`, "X-Jwt", "", `{"alg":"HS384"}`, `{"sub":5,"aud":["a","b"],"iat":1795132800,"exp":1795134000,"nbf":1795132800}`, "MDEyMzQ1Njc4OWFiY2RlZg=="},
		"a key inside a JSON text": {`{type: JwtAuthenticator, secret_key: "{{ json_loads(config['k'])['key'] }}", algorithm: HS256}`, `{"k": "{\"key\": \"0123456789abcdef\"}"}`, "Authorization", "",
			`{"alg":"HS256","typ":"JWT"}`, `{"iat":1795132800,"exp":1795134000,"nbf":1795132800}`, "0123456789abcdef"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := signedHeader(t, c.yaml, c.config, c.header)
			if err != nil {
				t.Fatal(err)
			}
			text, ok := strings.CutPrefix(got, c.prefix)
			parts := strings.Split(text, ".")
			if !ok || len(parts) != 3 {
				t.Fatalf("got %q", got)
			}
			for i, want := range []string{c.head, c.payload} {
				if part, _ := base64.RawURLEncoding.DecodeString(parts[i]); string(part) != want {
					t.Errorf("got %s, want %s", part, want)
				}
			}
			verify(t, text, []byte(c.secret))
		})
	}
}

func verify(t *testing.T, token string, key any) {
	t.Helper()
	at := func() time.Time { return resttest.Start }
	if _, err := jwt.NewParser(jwt.WithTimeFunc(at)).Parse(token, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		t.Errorf("the token does not verify: %v", err)
	}
}

func TestJWTKeys(t *testing.T) {
	t.Parallel()
	oneLine := func(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "\n", " ") }
	cases := map[string]struct{ algorithm, key, passphrase, public string }{
		"RSA":                    {"RS256", keyFile(t, "rsa.pem"), "", "rsa.pem"},
		"RSA in the older form":  {"RS384", keyFile(t, "rsa1.pem"), "", "rsa.pem"},
		"RSA-PSS":                {"PS512", keyFile(t, "rsa.pem"), "", "rsa.pem"},
		"on one line":            {"RS512", oneLine(keyFile(t, "rsa.pem")), "", "rsa.pem"},
		"among other text":       {"ES256", "Key:\r\n" + strings.ReplaceAll(keyFile(t, "p256.pem"), "\n", "\r\n"), "", "p256-pkcs8.pem"},
		"EC":                     {"ES256", keyFile(t, "p256-pkcs8.pem"), "", "p256-pkcs8.pem"},
		"EC encrypted":           {"ES256", keyFile(t, "p256-aes256.pem"), "open", "p256-pkcs8.pem"},
		"EC encrypted, one line": {"ES256", oneLine(keyFile(t, "p256-aes256.pem")), "open", "p256-pkcs8.pem"},
		"EC encrypted with 3DES": {"ES256", keyFile(t, "p256-des3.pem"), "open", "p256-pkcs8.pem"},
		"EC encrypted long ago":  {"ES256", keyFile(t, "p256-old.pem"), "open", "p256-pkcs8.pem"},
		"EdDSA":                  {"EdDSA", keyFile(t, "ed25519.pem"), "", "ed25519.pem"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := string(value.Append(nil, value.DictOf("k", c.key, "p", c.passphrase)))
			yaml := fmt.Sprintf(`{type: JwtAuthenticator, algorithm: %s, secret_key: "{{ config['k'] }}", passphrase: "{{ config['p'] }}"}`, c.algorithm)
			got, err := signedHeader(t, yaml, config, "Authorization")
			if err != nil {
				t.Fatal(err)
			}
			verify(t, got, publicOf(t, c.public))
		})
	}
}

func publicOf(t *testing.T, name string) crypto.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(keyFile(t, name)))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(interface{ Public() crypto.PublicKey }).Public()
}

func TestJWTES256K(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"k256.pem", "k256-pkcs8.pem"} {
		config := string(value.Append(nil, value.DictOf("k", keyFile(t, name))))
		got, err := signedHeader(t, `{type: JwtAuthenticator, algorithm: ES256K, secret_key: "{{ config['k'] }}"}`, config, "Authorization")
		if err != nil {
			t.Fatal(err)
		}
		dot := strings.LastIndexByte(got, '.')
		signature, _ := base64.RawURLEncoding.DecodeString(got[dot+1:])
		var r, s secp256k1.ModNScalar
		if len(signature) != 64 || r.SetByteSlice(signature[:32]) || s.SetByteSlice(signature[32:]) {
			t.Fatalf("%s: signature %x", name, signature)
		}
		block, _ := pem.Decode([]byte(keyFile(t, "k256.pem")))
		sum := sha256.Sum256([]byte(got[:dot]))
		if !ecdsa.NewSignature(&r, &s).Verify(sum[:], secp256k1.PrivKeyFromBytes(block.Bytes[7:39]).PubKey()) {
			t.Errorf("%s: the signature does not verify", name)
		}
	}
}

func TestJWTFails(t *testing.T) {
	t.Parallel()
	rsa, p256 := keyFile(t, "rsa.pem"), keyFile(t, "p256-pkcs8.pem")
	cases := map[string]struct{ rest, key, passphrase, want string }{
		"a number as the secret":      {"algorithm: HS256", "1234", "", "reads as a int"},
		"no secret":                   {"algorithm: HS256", "", "", "empty"},
		"a private key as the secret": {"algorithm: HS256", rsa, "", "asymmetric"},
		"a secret as the private key": {"algorithm: RS256", "secret", "", "no private key in PEM"},
		"another kind of key":         {"algorithm: RS256", p256, "", "expected an RSA key"},
		"another curve":               {"algorithm: ES256", keyFile(t, "p521.pem"), "", "the algorithm's curve"},
		"another curve for ES256K":    {"algorithm: ES256K", p256, "", "secp256k1"},
		"an RSA key for EdDSA":        {"algorithm: EdDSA", rsa, "", "an Ed25519 key"},
		"a public key":                {"algorithm: RS256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "", "expected a PRIVATE KEY"},
		"a broken key":                {"algorithm: RS256", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "", "can not be read"},
		"no passphrase":               {"algorithm: ES256", keyFile(t, "p256-aes256.pem"), "", "no passphrase"},
		"a wrong passphrase":          {"algorithm: ES256", keyFile(t, "p256-aes256.pem"), "shut", "can not be"},
		"a wrong passphrase, old":     {"algorithm: ES256", keyFile(t, "p256-old.pem"), "shut", "can not be"},
		"a passphrase for nothing":    {"algorithm: ES256", p256, "open", "not encrypted"},
		"a passphrase for a secret":   {"algorithm: HS256", "secret", "open", "a secret rather than a private key"},
		"scrypt":                      {"algorithm: ES256", keyFile(t, "p256-scrypt.pem"), "open", "expected PBKDF2"},
		"a reserved header":           {"algorithm: HS256, additional_jwt_headers: {kid: a}", "secret", "", `"kid"`},
		"a reserved claim":            {"algorithm: HS256, additional_jwt_payload: {exp: 5}", "secret", "", `"exp"`},
		"a number as the key's name":  {"algorithm: HS256, jwt_headers: {kid: '5'}", "secret", "", "kid is a int"},
		"a number as the issuer":      {"algorithm: HS256, jwt_payload: {iss: '5'}", "secret", "", "iss is a int"},
		"a secret that is no JSON":    {"algorithm: HS256, jwt_payload: {sub: \"{{ json_loads(config['k']) }}\"}", "secret", "", "no JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := string(value.Append(nil, value.DictOf("k", c.key, "p", c.passphrase)))
			_, err := signedHeader(t, "{type: JwtAuthenticator, secret_key: \"{{ config['k'] }}\", passphrase: \"{{ config['p'] }}\", "+c.rest+"}", config, "Authorization")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "shut") || len(c.key) > 60 && strings.Contains(err.Error(), c.key[40:60])) {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

// TestJWTAssertion asks a token endpoint with an assertion.
func TestJWTAssertion(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{"k": "0123456789abcdef"}`, resttest.Answer{Body: `{"access_token": "T1"}`})
	a, err := b.build(t, `{type: OAuthAuthenticator, token_refresh_endpoint: 'http://api.test/token', use_profile_assertion: true,
		profile_assertion: {type: JwtAuthenticator, secret_key: "{{ config['k'] }}", algorithm: HS256}}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.exchange(a, http.MethodGet, nil).Send(t.Context(), "http://api.test/items", nil, nil); err != nil {
		t.Fatal(err)
	}
	got := b.lines()
	want := "POST /token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
	if len(got) != 2 || !strings.HasPrefix(got[0], want) || got[1] != "GET /items | Authorization: Bearer T1" {
		t.Errorf("got %q", got)
	}
}

func FuzzPrivateKey(f *testing.F) {
	for _, name := range []string{"rsa1.pem", "p256-aes256.pem", "p256-old.pem", "p256-des3.pem", "k256.pem", "k256-pkcs8.pem"} {
		f.Add(keyFile(f, name), "open")
	}
	f.Fuzz(func(_ *testing.T, key, passphrase string) {
		for _, algorithm := range []string{"RS256", "ES256", "ES256K", "EdDSA"} {
			_, _ = sign(algorithm, "input", key, passphrase)
		}
	})
}
