package auth

import (
	"context"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// APIKeyDefinition configures an authenticator that puts a key into each request.
//
//	type: ApiKeyAuthenticator
//	api_token: "{{ config['api_key'] }}"
//	inject_into: {type: RequestOption, inject_into: header, field_name: X-Api-Key}
type APIKeyDefinition struct {
	Token  *jinja.String  `manifest:"api_token" doc:"The key."`
	Header *jinja.String  `manifest:"header" doc:"The header that takes the key; deprecated, use inject_into."`
	Into   *manifest.Node `manifest:"inject_into,is=RequestOption" doc:"Where the key goes in a request."`
}

// BuildAPIKey builds an ApiKeyAuthenticator.
func BuildAPIKey(c *manifest.Compiler, n *manifest.Node) (*APIKey, error) {
	var def APIKeyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	a := &APIKey{source: &templateToken{def.Token, runOf(c).env, "api_token"}}
	var err error
	switch {
	case def.Into == nil && def.Header == nil:
		return nil, n.Problem("inject_into is missing, expected where the key goes")
	case def.Into != nil && def.Header != nil:
		return nil, n.Problem("inject_into and header are both given: remove header, which is deprecated")
	case def.Into != nil:
		a.option, err = manifest.Build[*rest.RequestOption](c, def.Into)
	default:
		a.option, err = rest.NewRequestOption(rest.InHeader, []*jinja.String{def.Header}, false, runOf(c).env)
	}
	return a, err
}

// APIKey puts a key into any part of a request.
type APIKey struct {
	option *rest.RequestOption
	source tokenSource
}

var _ rest.Authenticator = (*APIKey)(nil)

// usesPerHeader is how often the reference runtime asks for the key to make one header of it: once
// for the header's name, once to see whether there is a key, once for its text.
const usesPerHeader = 3

// Sign adds the key.
func (a *APIKey) Sign(ctx context.Context, o *rest.Parts) error {
	if a.option.Into == rest.InHeader {
		return a.sign(ctx, o, firstTry*usesPerHeader)
	}
	return a.sign(ctx, o, 1)
}

// resign replaces the header for another try. A key elsewhere in the request stays as it is.
func (a *APIKey) resign(ctx context.Context, o *rest.Parts) error {
	if a.option.Into == rest.InHeader {
		return a.sign(ctx, o, furtherTry*usesPerHeader)
	}
	return nil
}

func (a *APIKey) sign(ctx context.Context, o *rest.Parts, uses int) error {
	text, err := use(ctx, a.source, uses)
	if err != nil {
		return err
	}
	return inject(a.option, o, text)
}

// inject puts a credential into the part of a request that an option names. A header without a name
// is left out.
func inject(option *rest.RequestOption, o *rest.Parts, text string) error {
	if option.Into == rest.InHeader {
		path, err := option.Path()
		if err != nil || path[0] == "" {
			return err
		}
	}
	return option.Inject(o, text)
}

// Refresh returns rest.ErrNoRefresh.
func (*APIKey) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are to sign further tries anew.
func (a *APIKey) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: a.resign}
}
