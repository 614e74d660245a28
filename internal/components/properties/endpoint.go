package properties

import (
	"context"
	"fmt"
	"sync"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// EndpointDefinition configures PropertiesFromEndpoint: the API itself says which properties there
// are.
//
//	type: PropertiesFromEndpoint
//	property_field_path: [name]
//	retriever: {type: SimpleRetriever, …}
type EndpointDefinition struct {
	Path      []*jinja.String `manifest:"property_field_path,required" doc:"Where a record of the endpoint holds a property's name."`
	Retriever *manifest.Node  `manifest:"retriever,required,is=SimpleRetriever|CustomRetriever" doc:"How the endpoint is read."`
}

// BuildEndpoint builds a PropertiesFromEndpoint.
func BuildEndpoint(c *manifest.Compiler, n *manifest.Node) (*Endpoint, error) {
	var def EndpointDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	e := &Endpoint{path: def.Path, env: c.ConfigEnv()}
	var err error
	e.retriever, err = manifest.Build[tap.RetrieverFactory](manifest.With(c, contract.Scope{Stream: "dynamic_properties", UseCache: true}), def.Retriever)
	return e, err
}

// Endpoint is a compiled PropertiesFromEndpoint. It asks the API once.
type Endpoint struct {
	path      []*jinja.String
	env       *jinja.Env
	retriever tap.RetrieverFactory

	mu    sync.Mutex
	names []string
	asked bool
}

var _ paging.Properties = (*Endpoint)(nil)

// Chunks is one chunk of all properties, for a manifest that has the endpoint in place of a
// QueryProperties.
func (e *Endpoint) Chunks(ctx context.Context) ([][]string, error) {
	names, err := e.Names(ctx)
	return [][]string{names}, err
}

// Merges is false: there is one chunk.
func (*Endpoint) Merges() bool { return false }

// MergeKey is not called, since there is one chunk.
func (*Endpoint) MergeKey(*value.Dict) (string, bool, error) { return "", false, nil }

// Names are the names of the properties. After an error the next call asks again.
func (e *Endpoint) Names(ctx context.Context) ([]string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.asked {
		return e.names, nil
	}
	path := make([]string, len(e.path))
	for i, t := range e.path {
		part, err := t.Text(e.env)
		if err != nil {
			return nil, fmt.Errorf("property_field_path: %w", err)
		}
		path[i] = part
	}
	var names []string
	for page, err := range e.retriever.Open(nil).Pages(ctx, tap.NewSlice(nil, nil, nil)) {
		for _, r := range page.Records {
			names = append(names, nameIn(r.Data, path))
		}
		if err != nil {
			return nil, fmt.Errorf("properties of the endpoint: %w", err)
		}
	}
	e.names, e.asked = names, true
	return names, nil
}

// nameIn is the text at a path of a record. As in the reference runtime it is "[]" if the record
// has no such path.
func nameIn(record *value.Dict, path []string) string {
	if v, ok := value.At(record, path...); ok {
		return value.Str(v)
	}
	return "[]"
}
