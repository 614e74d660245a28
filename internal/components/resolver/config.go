package resolver

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// ConfigDefinition configures a ConfigComponentsResolver, which makes a stream of each entry of the
// configuration.
//
//	type: ConfigComponentsResolver
//	stream_config: {type: StreamConfig, configs_pointer: [tables]}
//	components_mapping:
//	  - {type: ComponentMappingDefinition, field_path: [name], value: "{{ components_values['name'] }}"}
type ConfigDefinition struct {
	Streams  []*manifest.Node `manifest:"stream_config,required,single,of=StreamConfig" doc:"Where the configuration lists the streams; of several lists each combination makes one."`
	Mappings []*manifest.Node `manifest:"components_mapping,required,of=ComponentMappingDefinition" doc:"What of an entry goes where. Text is read as YAML, unless value_type is string."`
}

// StreamConfigDefinition configures a StreamConfig: where the configuration has the entries.
//
//	type: StreamConfig
//	configs_pointer: [tables]
//	default_values: [{name: main}]
type StreamConfigDefinition struct {
	Pointer  []*jinja.String `manifest:"configs_pointer,required" doc:"The names on the way to a list, or to the one entry."`
	Defaults *value.List     `manifest:"default_values,of=object" doc:"Further entries."`
}

// BuildStreamConfig builds a StreamConfig.
func BuildStreamConfig(c *manifest.Compiler, n *manifest.Node) (*StreamConfig, error) {
	var def StreamConfigDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	s := &StreamConfig{pointer: def.Pointer}
	if def.Defaults != nil {
		s.defaults = def.Defaults.Values()
	}
	return s, nil
}

// StreamConfig is a compiled StreamConfig.
type StreamConfig struct {
	pointer  []*jinja.String
	defaults []any
}

func (s *StreamConfig) entries(config *value.Dict, env *jinja.Env) ([]any, error) {
	var path []any
	for _, part := range s.pointer {
		name, err := part.Eval(env)
		if err != nil {
			return nil, fmt.Errorf("configs_pointer: %w", err)
		}
		path = append(path, name)
	}
	v, err := dpath.New(path...).Get(config)
	var entries []any
	switch list := v.(type) {
	case *value.List:
		entries = list.Values()
	default:
		if errors.Is(err, dpath.ErrNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("configs_pointer: %w", err)
		}
		entries = []any{v}
	}
	return append(slices.Clip(entries), s.defaults...), nil
}

// BuildConfig builds a ConfigComponentsResolver.
func BuildConfig(c *manifest.Compiler, n *manifest.Node) (*Config, error) {
	var def ConfigDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := &Config{compiler: c}
	var err error
	if r.streams, err = manifest.BuildAll[*StreamConfig](c, def.Streams); err != nil {
		return nil, err
	}
	if r.mappings, err = manifest.BuildAll[*Mapping](c, def.Mappings); err != nil {
		return nil, err
	}
	for i, m := range r.mappings {
		var condition *jinja.Bool
		if m.condition != "" {
			condition, err = jinja.CompileBool(m.condition, n.Parameters())
			if condition == nil || err != nil && c.Strict {
				return nil, def.Mappings[i].Get("condition").Problem("%v", err)
			}
		}
		r.conditions = append(r.conditions, condition)
	}
	return r, nil
}

// Config is a compiled ConfigComponentsResolver.
type Config struct {
	compiler   *manifest.Compiler
	streams    []*StreamConfig
	mappings   []*Mapping
	conditions []*jinja.Bool // of the mappings; nil: always
}

// Resolve makes no request.
func (r *Config) Resolve(_ context.Context, n *manifest.Node, useParentParameters bool) ([]*manifest.Node, error) {
	t, err := newTemplate(r.compiler, n, useParentParameters)
	if err != nil {
		return nil, err
	}
	lists := make([][]any, len(r.streams))
	for i, s := range r.streams {
		if lists[i], err = s.entries(r.compiler.Config, t.env); err != nil {
			return nil, err
		}
	}
	var streams []*manifest.Node
	err = combine(lists, func(combination []indexed) error {
		stream, err := r.stream(t, merge(combination))
		streams = append(streams, stream)
		return err
	})
	if err != nil {
		return nil, err
	}
	return streams, nil
}

// indexed is an entry with its index in its list.
type indexed struct {
	index int
	entry any
}

// combine calls f for each combination of one entry from each list. The last list's entries change
// fastest.
func combine(lists [][]any, f func([]indexed) error) error {
	combination := make([]indexed, len(lists))
	var next func(i int) error
	next = func(i int) error {
		if i == len(lists) {
			return f(combination)
		}
		for k, entry := range lists[i] {
			combination[i] = indexed{k, entry}
			if err := next(i + 1); err != nil {
				return err
			}
		}
		return nil
	}
	return next(0)
}

// merge joins the entries of a combination to one set of values. An entry that is no object becomes
// a pair of its index and itself, with a name that says which list it is from.
func merge(combination []indexed) *value.Dict {
	values := value.NewDict(4)
	for i, part := range combination {
		d, ok := part.entry.(*value.Dict)
		if !ok {
			name := fmt.Sprintf("source_config_%d", i)
			if _, have := values.Get(name); !have {
				values.Set(name, value.Tuple{int64(part.index), part.entry})
			}
			continue
		}
		for name, v := range d.AllKeys() {
			values.SetKey(name, v)
		}
	}
	return values
}

// stream fills the template with a set of values.
func (r *Config) stream(t *template, values *value.Dict) (*manifest.Node, error) {
	env := t.variables(values)
	return t.fill(func(into *value.Dict) error {
		for i, m := range r.mappings {
			if r.conditions[i] != nil {
				holds, err := r.conditions[i].Eval(env)
				if err != nil {
					return fmt.Errorf("components_mapping: condition: %w", err)
				}
				if !holds {
					continue
				}
			}
			v, path, err := m.evaluate(env)
			if err != nil {
				return err
			}
			if !slices.Equal(m.types, manifest.LiteralTypes("string")) {
				if v, err = readYAML(v, sparingScanner); err != nil {
					return err
				}
			}
			if err := m.fill(into, path, v, m.create); err != nil {
				return err
			}
		}
		return nil
	})
}
