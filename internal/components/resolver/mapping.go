package resolver

import (
	"fmt"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// MappingDefinition configures a ComponentMappingDefinition: a value and its place in the template.
//
//	type: ComponentMappingDefinition
//	field_path: [retriever, requester, path]
//	value: "tables/{{ components_values['id'] }}"
//	value_type: string
type MappingDefinition struct {
	Path      []*jinja.String `manifest:"field_path,required" doc:"The names on the way to what is filled in; they may be globs."`
	Value     *jinja.String   `manifest:"value,required" doc:"What is filled in; it may look at components_values, stream_template_config and, where an API is asked, stream_slice."`
	Type      string          `manifest:"value_type,enum=string|number|integer|boolean" doc:"The only type that the value's text is read as."`
	Create    bool            `manifest:"create_or_update,default=false" doc:"Makes what the template does not have. Not where an API is asked."`
	Condition *string         `manifest:"condition" doc:"It is filled in only where this holds. Only where the values come from the configuration."`
}

// BuildMapping builds a ComponentMappingDefinition.
func BuildMapping(c *manifest.Compiler, n *manifest.Node) (*Mapping, error) {
	var def MappingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	m := &Mapping{path: def.Path, value: def.Value, types: manifest.LiteralTypes(def.Type), create: def.Create}
	if def.Condition != nil {
		m.condition = *def.Condition
	}
	return m, nil
}

// Mapping is a compiled ComponentMappingDefinition.
type Mapping struct {
	path      []*jinja.String
	value     *jinja.String
	types     []string
	create    bool
	condition string // a template; empty: always
}

// unconditional refuses conditions, for resolvers whose mappings have none in the reference
// runtime.
func unconditional(mappings []*Mapping, nodes []*manifest.Node) error {
	for i, m := range mappings {
		if m.condition != "" {
			return nodes[i].Get("condition").Problem("a condition is only possible in a ConfigComponentsResolver")
		}
	}
	return nil
}

// evaluate evaluates the value and its path.
func (m *Mapping) evaluate(env *jinja.Env) (v any, path []any, err error) {
	if v, err = m.value.EvalTypes(env, m.types...); err != nil {
		return nil, nil, fmt.Errorf("components_mapping: value: %w", err)
	}
	for _, part := range m.path {
		name, err := part.Eval(env)
		if err != nil {
			return nil, nil, fmt.Errorf("components_mapping: field_path: %w", err)
		}
		path = append(path, name)
	}
	return v, path, nil
}

// fill writes v into a template. create means that it is also written where the template has
// nothing.
func (m *Mapping) fill(into *value.Dict, path []any, v any, create bool) error {
	n, err := dpath.New(path...).Replace(into, v)
	if err != nil {
		return fmt.Errorf("components_mapping: fill in %s: %w", value.Str(value.NewList(path...)), err)
	}
	if n > 0 || !create || !value.Truth(v) {
		return nil
	}
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = value.Str(name)
	}
	if err := dpath.Set(into, names, value.Clone(v)); err != nil {
		return fmt.Errorf("components_mapping: %w", err)
	}
	return nil
}
