package stream

import "anytap/internal/manifest"

// Table lists the streams.
func Table() manifest.Table {
	return manifest.Table{
		"DeclarativeStream":     {Build: manifest.As(BuildDeclarative), Definition: func() any { return DeclarativeDefinition{} }},
		"StateDelegatingStream": {Build: manifest.As(BuildStateDelegating), Definition: func() any { return StateDelegatingDefinition{} }},
	}
}
