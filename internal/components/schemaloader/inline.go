package schemaloader

import (
	"context"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// inlineDefinition configures InlineSchemaLoader, whose schema stands in the manifest.
//
//	type: InlineSchemaLoader
//	schema:
//	  type: object
//	  properties:
//	    id: {type: integer}
type inlineDefinition struct {
	Schema *value.Dict `manifest:"schema" doc:"The schema; empty by default."`
}

func buildInline(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
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

// Schema is contract.SchemaLoader's.
func (l inline) Schema(context.Context) (*value.Dict, error) { return l.schema, nil }
