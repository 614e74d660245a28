package resolver

import (
	"context"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

// ParametrizedDefinition configures a ParametrizedComponentsResolver, which makes a stream of each
// set of values in the manifest.
//
//	type: ParametrizedComponentsResolver
//	stream_parameters:
//	  type: StreamParametersDefinition
//	  list_of_parameters_for_stream: [{name: orders}, {name: users}]
//	components_mapping:
//	  - {type: ComponentMappingDefinition, field_path: [name], value: "{{ components_values['name'] }}"}
type ParametrizedDefinition struct {
	Parameters *manifest.Node   `manifest:"stream_parameters,required,is=StreamParametersDefinition" doc:"The values of each stream."`
	Mappings   []*manifest.Node `manifest:"components_mapping,required,of=ComponentMappingDefinition" doc:"What of them goes where. Text is read as YAML."`
}

// StreamParametersDefinition configures a StreamParametersDefinition: the sets of values.
//
//	type: StreamParametersDefinition
//	list_of_parameters_for_stream: [{name: orders}, {name: users}]
type StreamParametersDefinition struct {
	List *value.List `manifest:"list_of_parameters_for_stream,required,of=object" doc:"The values of each stream."`
}

// BuildStreamParameters builds a StreamParametersDefinition.
func BuildStreamParameters(c *manifest.Compiler, n *manifest.Node) ([]any, error) {
	var def StreamParametersDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return def.List.Values(), nil
}

// BuildParametrized builds a ParametrizedComponentsResolver.
func BuildParametrized(c *manifest.Compiler, n *manifest.Node) (*Parametrized, error) {
	var def ParametrizedDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := &Parametrized{compiler: c}
	var err error
	if r.values, err = manifest.Build[[]any](c, def.Parameters); err != nil {
		return nil, err
	}
	if r.mappings, err = manifest.BuildAll[*Mapping](c, def.Mappings); err != nil {
		return nil, err
	}
	return r, unconditional(r.mappings, def.Mappings)
}

// Parametrized is a compiled ParametrizedComponentsResolver.
type Parametrized struct {
	compiler *manifest.Compiler
	values   []any
	mappings []*Mapping
}

// Resolve makes no request.
func (r *Parametrized) Resolve(_ context.Context, n *manifest.Node, useParentParameters bool) ([]*manifest.Node, error) {
	t, err := newTemplate(r.compiler, n, useParentParameters)
	if err != nil {
		return nil, err
	}
	var streams []*manifest.Node
	for _, values := range r.values {
		stream, err := r.stream(t, values)
		if err != nil {
			return nil, err
		}
		streams = append(streams, stream)
	}
	return streams, nil
}

// stream fills the template with a set of values.
func (r *Parametrized) stream(t *template, values any) (*manifest.Node, error) {
	env := t.variables(values)
	return t.fill(func(into *value.Dict) error {
		for _, m := range r.mappings {
			v, path, err := m.evaluate(env)
			if err != nil {
				return err
			}
			if v, err = readYAML(v, strictScanner); err != nil {
				return err
			}
			if err := m.fill(into, path, v, m.create); err != nil {
				return err
			}
		}
		return nil
	})
}
