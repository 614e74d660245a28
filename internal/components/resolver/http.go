package resolver

import (
	"context"
	"fmt"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// HTTPDefinition configures an HttpComponentsResolver, which makes a stream of each record that an
// API gives.
//
//	type: HttpComponentsResolver
//	retriever: {type: SimpleRetriever, …}
//	components_mapping:
//	  - {type: ComponentMappingDefinition, field_path: [name], value: "{{ components_values['name'] }}"}
type HTTPDefinition struct {
	Retriever *manifest.Node   `manifest:"retriever,required,is=SimpleRetriever|AsyncRetriever|CustomRetriever" doc:"How the API is asked for the streams: one of each record."`
	Mappings  []*manifest.Node `manifest:"components_mapping,required,of=ComponentMappingDefinition" doc:"What of a record goes where."`
}

// defaultName is the stream in messages about the resolver's requests, if the template has no name.
const defaultName = "__http_components_resolver"

// BuildHTTP builds an HttpComponentsResolver.
func BuildHTTP(c *manifest.Compiler, n *manifest.Node) (*HTTP, error) {
	var def HTTPDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	if scope.Stream == "" {
		scope.Stream = defaultName
	}
	h := &HTTP{compiler: c}
	var err error
	scope = contract.Scope{Stream: scope.Stream, UseCache: true}
	if h.retriever, err = manifest.Build[tap.RetrieverFactory](manifest.With(c, scope), def.Retriever); err != nil {
		return nil, err
	}
	if h.mappings, err = manifest.BuildAll[*Mapping](c, def.Mappings); err != nil {
		return nil, err
	}
	return h, unconditional(h.mappings, def.Mappings)
}

// HTTP is a compiled HttpComponentsResolver.
type HTTP struct {
	compiler  *manifest.Compiler
	retriever tap.RetrieverFactory
	mappings  []*Mapping
}

// Resolve asks the API.
func (h *HTTP) Resolve(ctx context.Context, n *manifest.Node, useParentParameters bool) ([]*manifest.Node, error) {
	t, err := newTemplate(h.compiler, n, useParentParameters)
	if err != nil {
		return nil, err
	}
	reading, err := contract.OpenReading(h.retriever, nil, tap.StartingPoint{})
	if err != nil {
		return nil, err
	}
	var streams []*manifest.Node
	for slice, err := range reading.Cursor.Slices(ctx) {
		if err != nil {
			return nil, fmt.Errorf("components_resolver: %w", err)
		}
		for page, err := range reading.Retriever.Pages(ctx, slice) {
			for _, record := range page.Records {
				stream, fillErr := h.stream(t, slice, record.Data)
				if fillErr != nil {
					return nil, fillErr
				}
				streams = append(streams, stream)
			}
			if page.Release != nil {
				page.Release()
			}
			if err != nil {
				return nil, fmt.Errorf("components_resolver: %w", err)
			}
		}
	}
	return streams, nil
}

// stream fills the template with a record.
func (h *HTTP) stream(t *template, slice *tap.Slice, record *value.Dict) (*manifest.Node, error) {
	env := t.variables(record).Set("stream_slice", jinja.NewStreamSlice(slice.Partition, slice.Window, slice.Extra))
	return t.fill(func(into *value.Dict) error {
		for _, m := range h.mappings {
			v, path, err := m.evaluate(env)
			if err != nil {
				return err
			}
			if err := m.fill(into, path, v, false); err != nil {
				return err
			}
		}
		return nil
	})
}
