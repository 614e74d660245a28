package auth

import (
	"context"

	"anytap/internal/manifest"
	"anytap/internal/rest"
)

// NoneDefinition are the fields of
//
//	type: NoAuth
type NoneDefinition struct{}

// BuildNone builds a NoAuth.
func BuildNone(c *manifest.Compiler, n *manifest.Node) (None, error) {
	var def NoneDefinition
	return None{}, manifest.Decode(c, n, &def)
}

// None signs nothing.
type None struct{}

var _ rest.Authenticator = None{}

// Sign adds nothing.
func (None) Sign(context.Context, *rest.Parts) error { return nil }

// Refresh has nothing to refresh.
func (None) Refresh(context.Context) error { return rest.ErrNoRefresh }
