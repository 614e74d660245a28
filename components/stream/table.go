package stream

import "anytap/manifest"

// Table lists the streams.
var Table = manifest.Table{
	"DeclarativeStream": {Build: manifest.As(BuildDeclarative), Definition: func() any { return DeclarativeDefinition{} }},
}
