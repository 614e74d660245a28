package auth

import (
	"context"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// BearerDefinition configures an authenticator that sends a token of the configuration.
//
//	type: BearerAuthenticator
//	api_token: "{{ config['api_key'] }}"
type BearerDefinition struct {
	Token *jinja.String `manifest:"api_token,required" doc:"The token."`
}

// BuildBearer builds a BearerAuthenticator.
func BuildBearer(c *manifest.Compiler, n *manifest.Node) (*Bearer, error) {
	var def BearerDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &Bearer{&templateToken{def.Token, runOf(c).env, "api_token"}}, nil
}

// Bearer sends a token in the header Authorization, as RFC 6750 defines.
type Bearer struct{ source tokenSource }

var _ rest.Authenticator = (*Bearer)(nil)

// Sign adds the header.
func (b *Bearer) Sign(ctx context.Context, o *rest.Parts) error { return b.sign(ctx, o, firstTry) }

// resign replaces the header for another try.
func (b *Bearer) resign(ctx context.Context, o *rest.Parts) error {
	return b.sign(ctx, o, furtherTry)
}

func (b *Bearer) sign(ctx context.Context, o *rest.Parts, uses int) error {
	text, err := use(ctx, b.source, uses)
	if err != nil {
		return err
	}
	setHeader(o, authorization, "Bearer "+text)
	return nil
}

// Refresh returns rest.ErrNoRefresh.
func (*Bearer) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are to sign further tries anew.
func (b *Bearer) Abilities() rest.AuthenticatorAbilities {
	return rest.AuthenticatorAbilities{Resign: b.resign}
}
