package auth

import (
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

const (
	refreshGrant   = "refresh_token"
	assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer" // RFC 7523
)

// field is a value of a request, or a name in it or in its answer. It is evaluated at each use.
type field func() (any, error)

func template(t *jinja.String, env *jinja.Env) field {
	return func() (any, error) { return t.Eval(env) }
}

func constant(v any) field { return func() (any, error) { return v, nil } }

func (f field) text() (string, error) {
	v, err := f()
	if err != nil {
		return "", err
	}
	return value.Str(v), nil
}

// grantRequest is a request for a token.
type grantRequest struct {
	grantTypeName, grantType       field
	clientIDName, clientID         field
	clientSecretName, clientSecret field
	refreshTokenName, refreshToken field
	scopes                         []string
	body, headers                  func() (*value.Dict, error)
	asParameters                   bool
	assertion                      *JWT // sent in place of client and refresh token; nil: those are sent
}

// request makes the request of a definition.
func (def *OAuthDefinition) request(env *jinja.Env, assertion *JWT) *grantRequest {
	text := func(t *jinja.String, missing any) field {
		if t == nil {
			return constant(missing)
		}
		return template(t, env)
	}
	r := &grantRequest{
		grantTypeName: text(def.GrantTypeName, nil), grantType: text(def.GrantType, nil),
		clientIDName: text(def.ClientIDName, nil), clientID: text(def.ClientID, nil),
		clientSecretName: text(def.ClientSecretName, nil), clientSecret: text(def.ClientSecret, nil),
		refreshTokenName: text(def.RefreshTokenName, nil), refreshToken: constant(nil),
		scopes: def.Scopes, body: mapping(def.Body, env), headers: mapping(def.Headers, env),
		asParameters: def.AsParameters,
	}
	if def.RefreshToken != nil {
		r.refreshToken = func() (any, error) { return def.RefreshToken.Text(env) }
	}
	if def.UseAssertion {
		r.assertion, r.grantType = assertion, constant(assertionGrant)
	}
	return r
}

func mapping(m *jinja.Mapping, env *jinja.Env) func() (*value.Dict, error) {
	return func() (*value.Dict, error) {
		if m == nil {
			return value.NewDict(0), nil
		}
		return m.Eval(env)
	}
}

// options are the parts of the request.
func (r *grantRequest) options() (*rest.Parts, error) {
	headers, err := r.headers()
	if err != nil {
		return nil, fmt.Errorf("refresh_request_headers: %w", err)
	}
	o := &rest.Parts{Headers: value.NewDict(headers.Len())}
	for name, v := range headers.AllKeys() {
		switch v.(type) {
		case nil: // counts as missing
		case string:
			o.Headers.SetKey(name, v)
		default:
			return nil, tap.Errorf(tap.System, "refresh_request_headers: %s is a %s, expected text", value.Str(name), value.TypeName(v))
		}
	}
	if r.asParameters {
		if o.Params, err = r.arguments(headers); err != nil {
			return nil, err
		}
	}
	switch {
	case r.assertion != nil:
		o.Form, err = r.asserted()
	case !r.asParameters:
		o.Form, err = r.arguments(headers)
	}
	return o, err
}

// asserted is the form of RFC 7523.
func (r *grantRequest) asserted() (*value.Dict, error) {
	form := value.NewDict(2)
	if err := add(form, r.grantTypeName, r.grantType); err != nil {
		return nil, err
	}
	token, err := r.assertion.token()
	if err != nil {
		return nil, err
	}
	form.Set("assertion", token)
	return form, nil
}

// arguments are the fields of RFC 6749, followed by the further ones of the manifest.
func (r *grantRequest) arguments(headers *value.Dict) (*value.Dict, error) {
	args := value.NewDict(8)
	if err := add(args, r.grantTypeName, r.grantType); err != nil {
		return nil, err
	}
	if _, inHeader := headers.Get(authorization); !inHeader {
		id, err := r.clientID()
		if err != nil {
			return nil, fmt.Errorf("client_id: %w", err)
		}
		if !value.Truth(id) {
			return nil, tap.Errorf(tap.System, "client_id is empty, expected who asks for the token")
		}
		if err := add(args, r.clientIDName, constant(id)); err != nil {
			return nil, err
		}
		if err := add(args, r.clientSecretName, r.clientSecret); err != nil {
			return nil, err
		}
	}
	if err := add(args, r.refreshTokenName, r.refreshToken); err != nil {
		return nil, err
	}
	if len(r.scopes) > 0 {
		args.Set("scopes", value.FromGo(r.scopes))
	}
	body, err := r.body()
	if err != nil {
		return nil, fmt.Errorf("refresh_request_body: %w", err)
	}
	for name, v := range body.AllKeys() {
		if _, have := args.GetKey(name); !have {
			args.SetKey(name, v)
		}
	}
	return args, nil
}

// add evaluates a field and its name, and sets it.
func add(args *value.Dict, name, f field) error {
	key, err := name()
	if err != nil {
		return fmt.Errorf("name of a field of the token request: %w", err)
	}
	v, err := f()
	if err != nil {
		return fmt.Errorf("%s: %w", value.Str(key), err)
	}
	args.SetKey(key, v)
	return nil
}
