package properties

import (
	"context"
	"slices"

	"anytap/internal/manifest"
	"anytap/internal/rest/paging"
	"anytap/internal/value"
)

// QueryDefinition configures QueryProperties: which properties requests ask for.
//
//	type: QueryProperties
//	property_list: [name, email]
//	always_include_properties: [id]
//	property_chunking: {type: PropertyChunking, property_limit_type: property_count, property_limit: 10}
//	property_selector: {type: JsonSchemaPropertySelector}
type QueryDefinition struct {
	List     *manifest.Node `manifest:"property_list,required,is=[string]|PropertiesFromEndpoint" doc:"The names, or where they come from."`
	Always   []string       `manifest:"always_include_properties" doc:"Names that every request asks for."`
	Chunking *manifest.Node `manifest:"property_chunking,is=PropertyChunking" doc:"How the names are spread over requests."`
	Selector *manifest.Node `manifest:"property_selector,is=JsonSchemaPropertySelector" doc:"Which of the names are asked for."`
}

// BuildQuery builds a QueryProperties.
func BuildQuery(c *manifest.Compiler, n *manifest.Node) (*Query, error) {
	var def QueryDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	q := &Query{always: def.Always}
	var err error
	if def.List.Kind == manifest.List {
		for _, item := range def.List.Items() {
			name, _ := item.Text()
			q.fixed = append(q.fixed, name)
		}
	} else if q.endpoint, err = manifest.Build[*Endpoint](c, def.List); err != nil {
		return nil, err
	}
	if q.chunking, err = manifest.BuildOptional[*Chunking](c, def.Chunking); err != nil {
		return nil, err
	}
	q.selector, err = manifest.BuildOptional[*JSONSchema](c, def.Selector)
	return q, err
}

// Query is a compiled QueryProperties.
type Query struct {
	fixed    []string
	endpoint *Endpoint // nil: fixed
	always   []string
	chunking *Chunking   // nil: one request
	selector *JSONSchema // nil: all names
}

var _ paging.Properties = (*Query)(nil)

// Chunks are the names for each request of a page.
func (q *Query) Chunks(ctx context.Context) ([][]string, error) {
	chosen, all, err := q.selector.choose()
	if err != nil {
		return nil, err
	}
	names := q.fixed
	if q.endpoint != nil {
		if names, err = q.endpoint.Names(ctx); err != nil {
			return nil, err
		}
	}
	wanted := func(name string) bool { return all || chosen[name] }
	if q.chunking != nil {
		return q.chunking.chunks(names, q.always, wanted), nil
	}
	chunk := slices.Clone(q.always)
	for _, name := range names {
		if wanted(name) {
			chunk = append(chunk, name)
		}
	}
	return [][]string{chunk}, nil
}

// Merges reports whether the records of several chunks are joined.
func (q *Query) Merges() bool { return q.chunking != nil }

// MergeKey is the same for the parts of one record.
func (q *Query) MergeKey(record *value.Dict) (string, bool, error) {
	return q.chunking.key.Key(record)
}
