package contract

import (
	"context"

	"anytap/internal/manifest"
)

// Resolver is a compiled components_resolver: it makes streams at run time. The components of
// package resolver build it.
type Resolver interface {
	// Resolve returns the template filled with each set of values that the resolver finds, in
	// order. It may ask the API. The source calls it whenever it lists its streams. With
	// useParentParameters the template's $parameters win over those of the components that are
	// filled in. An error fails the list of streams.
	Resolve(ctx context.Context, template *manifest.Node, useParentParameters bool) ([]*manifest.Node, error)
}
