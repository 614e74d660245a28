package schemaloader

import (
	"context"
	"errors"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// buildComposite builds a list of loaders, which may stand where one loader may.
//
//	schema_loader:
//	  - {type: InlineSchemaLoader, schema: {…}}
//	  - {type: DynamicSchemaLoader, …}
func buildComposite(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
	loaders, err := manifest.BuildAll[contract.SchemaLoader](c, n.Items())
	if err != nil {
		return nil, err
	}
	return composite{loaders}, nil
}

var errNoProperties = errors.New("a schema has no properties")

type composite struct{ loaders []contract.SchemaLoader }

// Schema merges the properties that the loaders find. Of equal names the first one counts.
func (l composite) Schema(ctx context.Context) (*value.Dict, error) {
	merged := value.NewDict(8)
	for _, loader := range l.loaders {
		schema, err := loader.Schema(ctx)
		if err != nil {
			return nil, err
		}
		v, _ := schema.Get("properties")
		properties, ok := v.(*value.Dict)
		if !ok {
			return nil, tap.Errorf(tap.System, "merge schemas: %w", errNoProperties)
		}
		for name, property := range properties.All() {
			if _, ok := merged.Get(name); !ok {
				merged.Set(name, value.Expand(value.Clone(property)))
			}
		}
	}
	return value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "type", value.NewList("null", "object"), "properties", merged), nil
}
