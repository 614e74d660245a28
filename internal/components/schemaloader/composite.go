package schemaloader

import (
	"context"
	"errors"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// buildComposite builds the list of loaders that a stream may have in place of one:
//
//	schema_loader:
//	  - {type: InlineSchemaLoader, schema: …}
//	  - {type: DynamicSchemaLoader, …}
func buildComposite(c *manifest.Compiler, n *manifest.Node) (rest.SchemaLoader, error) {
	loaders, err := manifest.BuildAll[rest.SchemaLoader](c, n.Items())
	if err != nil {
		return nil, err
	}
	return composite{loaders}, nil
}

var errNoProperties = errors.New("a schema has no properties")

type composite struct{ loaders []rest.SchemaLoader }

// Schema merges the properties of all loaders; of equal names the first one counts.
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

// buildDefault builds the loader of a stream that names none: n is the stream.
func buildDefault(c *manifest.Compiler, n *manifest.Node) (rest.SchemaLoader, error) {
	parameters := value.NewDict(1)
	if p := n.Parameters(); p != nil {
		parameters = p.Clone()
	}
	if _, ok := parameters.Get("name"); !ok {
		scope, _ := manifest.Scoped[rest.Scope](c)
		parameters.Set("name", scope.Stream)
	}
	path, err := jinja.CompileString(defaultPath, parameters)
	if err != nil {
		return nil, err
	}
	return fallback{newFile(c, n, path)}, nil
}

// fallback is a loader without which a stream has no schema.
type fallback struct{ *file }

// Schema reads the file by the stream's name, if there is one.
func (l fallback) Schema(ctx context.Context) (*value.Dict, error) {
	schema, err := l.file.Schema(ctx)
	if err != nil {
		return value.NewDict(0), nil //nolint:nilerr // without a schema the stream is read all the same
	}
	return schema, nil
}
