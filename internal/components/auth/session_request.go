package auth

import (
	"context"
	"fmt"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// SessionKeyDefinition configures, as the request_authentication of a SessionTokenAuthenticator,
// which part of a request carries the token of the session.
//
//	type: ApiKey
//	inject_into: {type: RequestOption, inject_into: header, field_name: X-Session}
//	api_token: "Token {{ session_token }}"
type SessionKeyDefinition struct {
	Into  *manifest.Node `manifest:"inject_into,required,is=RequestOption" doc:"Where the token goes in a request."`
	Token *jinja.String  `manifest:"api_token,default={{ session_token }}" doc:"What is sent; session_token is the token."`
}

// BuildSessionKey builds a SessionTokenRequestApiKeyAuthenticator.
func BuildSessionKey(c *manifest.Compiler, n *manifest.Node) (rest.Authenticator, error) {
	var def SessionKeyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s, ok := manifest.Scoped[*session](c)
	if !ok {
		return nil, n.Problem("this can only stand in a SessionTokenAuthenticator")
	}
	option, err := manifest.Build[*rest.RequestOption](c, def.Into)
	if err != nil {
		return nil, err
	}
	if def.Token.Given() == nil {
		return &APIKey{option, s}, nil
	}
	return &APIKey{option, &sessionTemplate{s, def.Token}}, nil
}

// sessionTemplate is a template with the token of a session.
type sessionTemplate struct {
	*session
	template *jinja.String
}

func (d *sessionTemplate) token(ctx context.Context) (string, error) {
	v, err := d.current(ctx)
	if err != nil {
		return "", err
	}
	text, err := d.template.Text(d.run.env.Child().Set("session_token", v))
	if err != nil {
		return "", fmt.Errorf("api_token: %w", err)
	}
	return text, nil
}

// SessionBearerDefinition configures, as the request_authentication of a SessionTokenAuthenticator,
// that the header Authorization carries the token of the session.
//
//	type: Bearer
type SessionBearerDefinition struct{}

// BuildSessionBearer builds a SessionTokenRequestBearerAuthenticator.
func BuildSessionBearer(c *manifest.Compiler, n *manifest.Node) (rest.Authenticator, error) {
	var def SessionBearerDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s, ok := manifest.Scoped[*session](c)
	if !ok {
		return nil, n.Problem("this can only stand in a SessionTokenAuthenticator")
	}
	return &Bearer{s}, nil
}
