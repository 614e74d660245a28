// Package schemaloader holds the schema loaders: where a stream's JSON schema comes from.
package schemaloader

import (
	"context"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// Table names the components of this package.
func Table() manifest.Table {
	return manifest.Table{
		"InferredSchemaLoader": {Build: manifest.As(buildInferred), Definition: func() any { return inferredDefinition{} }},
		"InlineSchemaLoader":   {Build: manifest.As(buildInline), Definition: func() any { return inlineDefinition{} }},
		"JsonFileSchemaLoader": {Build: manifest.As(buildFile), Definition: func() any { return fileDefinition{} }},
		"DynamicSchemaLoader":  {Build: manifest.As(buildDynamic), Definition: func() any { return dynamicDefinition{} }},
		Composite:              {Build: manifest.As(buildComposite)},
		Default:                {Build: manifest.As(buildDefault)},
		"SchemaTypeIdentifier": {Build: manifest.As(buildIdentifier), Definition: func() any { return identifierDefinition{} }},
		"TypesMap":             {Build: manifest.As(buildTypesMap), Definition: func() any { return typesMapDefinition{} }},
		"ComplexFieldType":     {Build: manifest.As(buildComplexType), Definition: func() any { return complexTypeDefinition{} }},
	}
}

// The table's names for what a manifest does not name: a list of loaders, and the loader of a stream that has none.
const (
	Composite = "CompositeSchemaLoader"
	Default   = "DefaultSchemaLoader"
)

// InlineSchemaLoader holds the schema in the manifest.
//
//	schema_loader:
//	  type: InlineSchemaLoader
//	  schema:
//	    type: object
//	    properties:
//	      id: {type: integer}

type inlineDefinition struct {
	Schema *value.Dict `manifest:"schema" doc:"the schema; none: an empty one"`
}

func buildInline(c *manifest.Compiler, n *manifest.Node) (rest.SchemaLoader, error) {
	var def inlineDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if def.Schema == nil {
		return inline{value.NewDict(0)}, nil
	}
	value.Expand(def.Schema)
	return inline{def.Schema}, nil
}

type inline struct{ schema *value.Dict }

// Schema is the one of the manifest.
func (l inline) Schema(context.Context) (*value.Dict, error) { return l.schema, nil }
