package auth

import (
	"context"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// NoneDefinition configures an authenticator that adds nothing.
//
//	type: NoAuth
type NoneDefinition struct{}

// BuildNone builds a NoAuth.
func BuildNone(c *manifest.Compiler, n *manifest.Node) (None, error) {
	var def NoneDefinition
	return None{}, manifest.Decode(c, n, &def)
}

// None leaves requests as they are.
type None struct{}

var _ rest.Authenticator = None{}

// Sign adds nothing.
func (None) Sign(context.Context, *rest.Parts) error { return nil }

// Refresh returns rest.ErrNoRefresh.
func (None) Refresh(context.Context) error { return rest.ErrNoRefresh }

// Abilities are none.
func (None) Abilities() rest.AuthenticatorAbilities { return rest.AuthenticatorAbilities{} }
