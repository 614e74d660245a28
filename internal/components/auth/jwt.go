package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// JWTDefinition configures an authenticator that signs a token for each request itself.
//
//	type: JwtAuthenticator
//	secret_key: "{{ config['private_key'] }}"
//	algorithm: RS256
//	token_duration: 300
//	header_prefix: Bearer
//	jwt_headers: {kid: "{{ config['key_id'] }}"}
//	jwt_payload: {iss: "{{ config['issuer'] }}", aud: api}
type JWTDefinition struct {
	Key            *jinja.String  `manifest:"secret_key,required" doc:"The secret, or the private key in PEM."`
	Base64         bool           `manifest:"base64_encode_secret_key,default=false" doc:"Signs with the base64 text of the secret."`
	Algorithm      string         `manifest:"algorithm,required,enum=HS256|HS384|HS512|ES256|ES256K|ES384|ES512|RS256|RS384|RS512|PS256|PS384|PS512|EdDSA" doc:"The algorithm of the signature (RFC 7518)."`
	Duration       int64          `manifest:"token_duration,default=1200" doc:"Seconds until a token expires."`
	Prefix         *jinja.String  `manifest:"header_prefix" doc:"What stands before the token, such as Bearer."`
	Headers        *jwtHeaders    `manifest:"jwt_headers" doc:"The token's header."`
	FurtherHeaders *jinja.Mapping `manifest:"additional_jwt_headers" doc:"Further members of the header."`
	Payload        *jwtPayload    `manifest:"jwt_payload" doc:"The token's claims."`
	FurtherPayload *jinja.Mapping `manifest:"additional_jwt_payload" doc:"Further claims."`
	Passphrase     *jinja.String  `manifest:"passphrase" doc:"The passphrase of an encrypted private key."`
	Into           *manifest.Node `manifest:"request_option,is=RequestOption" doc:"Where the token goes in a request; the header Authorization by default."`
}

// jwtHeaders are the members of a token's header that have fields of their own.
type jwtHeaders struct {
	_           struct{}      `manifest:",closed"`
	KeyID       *jinja.String `manifest:"kid" doc:"Names the key."`
	Type        *jinja.String `manifest:"typ,default=JWT" doc:"The token's type."`
	ContentType *jinja.String `manifest:"cty" doc:"The content's type."`
}

// jwtPayload are the claims that have fields of their own.
type jwtPayload struct {
	_        struct{}      `manifest:",closed"`
	Issuer   *jinja.String `manifest:"iss" doc:"The issuer of the token."`
	Subject  *jinja.String `manifest:"sub" doc:"The subject of the token."`
	Audience *jinja.String `manifest:"aud" doc:"The audience of the token."`
}

// BuildJWT builds a JwtAuthenticator.
func BuildJWT(c *manifest.Compiler, n *manifest.Node) (*JWT, error) {
	var def JWTDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := runOf(c)
	j := &JWT{run: r, env: r.env.Child().Set("json_loads", jsonLoads()), algorithm: def.Algorithm, seconds: def.Duration,
		key: def.Key, passphrase: def.Passphrase.Given(), encode: def.Base64, prefix: def.Prefix.Given(),
		furtherHeaders: def.FurtherHeaders, furtherPayload: def.FurtherPayload}
	jwtType, err := jinja.CompileString("JWT", nil)
	if err != nil {
		return nil, err
	}
	if def.Headers != nil {
		jwtType = def.Headers.Type
		j.headers = []claim{{"kid", def.Headers.KeyID.Given()}, {"typ", jwtType.Given()}, {"cty", def.Headers.ContentType.Given()}}
	} else {
		j.headers = []claim{{"typ", jwtType}}
	}
	if p := def.Payload; p != nil {
		j.payload = []claim{{"iss", p.Issuer.Given()}, {"sub", p.Subject.Given()}, {"aud", p.Audience.Given()}}
	}
	j.option = rest.FieldOption(rest.InHeader, authorization)
	if def.Into != nil {
		j.option, err = manifest.Build[*rest.RequestOption](c, def.Into)
	}
	return j, err
}

// claim is a member of a token's header or payload.
type claim struct {
	name  string
	value *jinja.String // nil: it is left out
}

// JWT sends tokens that it makes and signs itself (RFC 7519).
type JWT struct {
	run                            *run
	env                            *jinja.Env
	algorithm                      string
	seconds                        int64
	key, passphrase, prefix        *jinja.String
	encode                         bool
	headers, payload               []claim
	furtherHeaders, furtherPayload *jinja.Mapping
	option                         *rest.RequestOption

	mu     sync.Mutex
	signed lastToken
}

// lastToken is the last token and what it was made of. Signing is slow, and most tokens of one
// second are equal.
type lastToken struct{ key, input, token string }

var _ rest.Authenticator = (*JWT)(nil)

// Sign adds the token.
func (j *JWT) Sign(_ context.Context, o *rest.Parts) error {
	text, err := j.token()
	if err != nil {
		return err
	}
	return inject(j.option, o, text)
}

// Refresh returns rest.ErrNoRefresh.
func (*JWT) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are none.
func (*JWT) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }

// token is the signed token with its prefix.
func (j *JWT) token() (string, error) {
	text, err := j.make()
	if err != nil {
		return "", tap.Errorf(tap.System, "sign the token: %w", err)
	}
	j.run.client.Redactor().Add(text)
	if j.prefix == nil {
		return text, nil
	}
	prefix, err := j.prefix.Eval(j.env)
	if err != nil {
		return "", fmt.Errorf("header_prefix: %w", err)
	}
	if !value.Truth(prefix) {
		return text, nil
	}
	return value.Str(prefix) + " " + text, nil
}

// make makes a token, or returns the last one where it would be equal.
func (j *JWT) make() (string, error) {
	header, err := j.header()
	if err != nil {
		return "", err
	}
	payload, err := j.claims()
	if err != nil {
		return "", err
	}
	secret, passphrase, err := j.secret()
	if err != nil {
		return "", err
	}
	input := base64.RawURLEncoding.EncodeToString(value.AppendCompactSorted(nil, header)) + "." +
		base64.RawURLEncoding.EncodeToString(value.Append(nil, payload))
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.signed.input == input && j.signed.key == secret {
		return j.signed.token, nil
	}
	signature, err := sign(j.algorithm, input, secret, passphrase)
	if err != nil {
		return "", err
	}
	j.signed = lastToken{secret, input, input + "." + base64.RawURLEncoding.EncodeToString(signature)}
	return j.signed.token, nil
}

// further evaluates the additional members of a manifest. Those that have fields of their own are
// refused.
func (j *JWT) further(field string, m *jinja.Mapping, reserved ...string) (*value.Dict, error) {
	if m == nil {
		return value.NewDict(6), nil
	}
	d, err := m.Eval(j.env)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	for _, name := range reserved {
		if _, ok := d.Get(name); ok {
			return nil, fmt.Errorf("%s has %q, which has a field of its own", field, name)
		}
	}
	return d, nil
}

// fill adds members to a header or payload.
func (j *JWT) fill(d *value.Dict, claims []claim) error {
	for _, c := range claims {
		if c.value == nil {
			continue
		}
		v, err := c.value.Eval(j.env)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		d.Set(c.name, v)
	}
	return nil
}

// header is the token's header.
func (j *JWT) header() (*value.Dict, error) {
	d, err := j.further("additional_jwt_headers", j.furtherHeaders, "kid", "alg", "typ", "cty")
	if err != nil {
		return nil, err
	}
	d.Set("typ", "JWT")
	if err := j.fill(d, j.headers); err != nil {
		return nil, err
	}
	if id, ok := d.Get("kid"); ok {
		if _, isText := id.(string); !isText {
			return nil, fmt.Errorf("kid is a %s, expected text", value.TypeName(id))
		}
	}
	if typ, _ := d.Get("typ"); !value.Truth(typ) {
		d.Delete("typ")
	}
	d.Set("alg", j.algorithm)
	return d, nil
}

// claims is the token's payload.
func (j *JWT) claims() (*value.Dict, error) {
	d, err := j.further("additional_jwt_payload", j.furtherPayload, "iss", "sub", "aud", "iat", "exp", "nbf")
	if err != nil {
		return nil, err
	}
	if err := j.fill(d, j.payload); err != nil {
		return nil, err
	}
	if issuer, ok := d.Get("iss"); ok {
		if _, isText := issuer.(string); !isText {
			return nil, fmt.Errorf("iss is a %s, expected text", value.TypeName(issuer))
		}
	}
	now := j.run.now().Unix()
	d.Set("iat", now)
	d.Set("exp", now+j.seconds)
	d.Set("nbf", now)
	return d, nil
}

// secret is the key as text, and its passphrase: empty where there is none.
func (j *JWT) secret() (key, passphrase string, err error) {
	v, err := j.key.Eval(j.env)
	if err != nil {
		return "", "", fmt.Errorf("secret_key: %w", err)
	}
	key, ok := v.(string)
	if !ok {
		return "", "", fmt.Errorf("secret_key reads as a %s, expected text", value.TypeName(v))
	}
	j.run.client.Redactor().Add(key)
	if j.passphrase != nil {
		v, err := j.passphrase.Eval(j.env)
		if err != nil {
			return "", "", fmt.Errorf("passphrase: %w", err)
		}
		if value.Truth(v) {
			passphrase, ok = v.(string)
			if !ok {
				return "", "", fmt.Errorf("passphrase reads as a %s, expected text", value.TypeName(v))
			}
			j.run.client.Redactor().Add(passphrase)
			return key, passphrase, nil
		}
	}
	if j.encode {
		key = base64.StdEncoding.EncodeToString([]byte(key))
	}
	return key, "", nil
}
