package properties

import (
	"sync"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// Catalog is a service of the compiler: the JSON schema that the configured catalog has for a
// stream. It is called when the stream is read. Without a catalog (check, discover) it returns nil,
// and all properties are asked for.
type Catalog func(stream string) *value.Dict

// JSONSchemaDefinition configures a JsonSchemaPropertySelector: only properties in the catalog's
// schema are asked for.
//
//	type: JsonSchemaPropertySelector
//	transformations: [{type: KeysToSnakeCase}]
type JSONSchemaDefinition struct {
	Transformations []*manifest.Node `manifest:"transformations,of=AddFields|RemoveFields|KeysToLower|KeysToSnakeCase|FlattenFields|DpathFlattenFields|KeysReplace|CustomTransformation" doc:"Changes made to the schema's properties before their names are compared."`
}

// BuildJSONSchema builds a JsonSchemaPropertySelector.
func BuildJSONSchema(c *manifest.Compiler, n *manifest.Node) (*JSONSchema, error) {
	var def JSONSchemaDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &JSONSchema{env: c.ConfigEnv()}
	scope, _ := manifest.Scoped[contract.Scope](c)
	s.stream = scope.Stream
	s.catalog, _ = manifest.Service[Catalog](c)
	var err error
	s.changes, err = manifest.BuildAll[contract.Transformer](c, def.Transformations)
	s.chosen = sync.OnceValues(s.names)
	return s, err
}

// JSONSchema is a compiled JsonSchemaPropertySelector.
type JSONSchema struct {
	catalog Catalog // nil: none
	stream  string
	changes []contract.Transformer
	env     *jinja.Env
	chosen  func() (map[string]bool, error)
}

// choose returns the names that are chosen; all means that every name is.
func (s *JSONSchema) choose() (chosen map[string]bool, all bool, err error) {
	if s == nil {
		return nil, true, nil
	}
	chosen, err = s.chosen()
	return chosen, chosen == nil, err
}

// names lists what the configured schema has; nil: the stream is not configured.
func (s *JSONSchema) names() (map[string]bool, error) {
	if s.catalog == nil {
		return nil, nil
	}
	schema := s.catalog(s.stream)
	if schema == nil {
		return nil, nil
	}
	properties := value.NewDict(0)
	if v, ok := schema.Get("properties"); ok {
		if d, ok := v.(*value.Dict); ok {
			properties = d.Clone()
		}
	}
	for _, change := range s.changes {
		if err := change.Bind(s.env)(properties); err != nil {
			return nil, err
		}
	}
	names := map[string]bool{}
	for _, name := range properties.Keys() {
		names[name] = true
	}
	return names, nil
}
