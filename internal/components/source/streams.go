package source

import (
	"context"
	"fmt"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/tap"
)

// static are the streams that the manifest lists, among them the ConditionalStreams whose condition
// holds.
func (s *Source) static() ([]*manifest.Node, error) {
	var nodes []*manifest.Node
	for _, n := range s.def.Streams {
		if n.Type() != "ConditionalStreams" {
			nodes = append(nodes, n)
			continue
		}
		var def ConditionalDefinition
		if err := manifest.Decode(s.compiler, n, &def); err != nil {
			return nil, err
		}
		holds, err := def.Condition.Eval(s.compiler.ConfigEnv())
		if err != nil {
			return nil, n.Get("condition").Problem("%v", err)
		}
		if holds {
			nodes = append(nodes, def.Streams...)
		}
	}
	return nodes, nil
}

// ConditionalDefinition configures ConditionalStreams, which exist only with some configurations.
//
//	type: ConditionalStreams
//	condition: "{{ config['with_archive'] }}"
//	streams: [{type: DeclarativeStream, …}]
type ConditionalDefinition struct {
	Condition *jinja.Bool      `manifest:"condition,required" doc:"The streams exist where this holds."`
	Streams   []*manifest.Node `manifest:"streams,required,of=DeclarativeStream" doc:"The streams."`
}

// DynamicDefinition configures a DynamicDeclarativeStream: a template of streams that are made at
// run time.
//
//	type: DynamicDeclarativeStream
//	stream_template: {type: DeclarativeStream, …}
//	components_resolver: {type: HttpComponentsResolver, …}
type DynamicDefinition struct {
	Name                string         `manifest:"name" doc:"Names the template for checks."`
	Template            *manifest.Node `manifest:"stream_template,required,is=DeclarativeStream|StateDelegatingStream" doc:"The stream that is repeated."`
	Resolver            *manifest.Node `manifest:"components_resolver,required,is=HttpComponentsResolver|ConfigComponentsResolver|ParametrizedComponentsResolver" doc:"What the template is filled with."`
	UseParentParameters *bool          `manifest:"use_parent_parameters" doc:"Whether the template's $parameters win over the filled components' own; default true."`
}

// dynamic are the streams that are made at run time. Each needs a name of its own.
func (s *Source) dynamic(ctx context.Context) ([]*manifest.Node, error) {
	byTemplate, err := s.dynamicByTemplate(ctx)
	if err != nil {
		return nil, err
	}
	var nodes []*manifest.Node
	for _, group := range byTemplate {
		nodes = append(nodes, group.streams...)
	}
	return nodes, nil
}

// generated are the streams that one template made.
type generated struct {
	template string
	streams  []*manifest.Node
}

func (s *Source) dynamicByTemplate(ctx context.Context) ([]generated, error) {
	seen := map[string]bool{}
	var all []generated
	for i, n := range s.def.DynamicStreams {
		var def DynamicDefinition
		if err := manifest.Decode(s.compiler, n, &def); err != nil {
			return nil, err
		}
		if def.Name == "" {
			def.Name = fmt.Sprintf("dynamic_stream_%d", i)
		}
		resolver, err := manifest.Build[contract.Resolver](manifest.With(s.compiler, contract.Scope{Stream: def.Name}), def.Resolver)
		if err != nil {
			return nil, err
		}
		streams, err := resolver.Resolve(ctx, def.Template, def.UseParentParameters == nil || *def.UseParentParameters)
		if err != nil {
			return nil, err
		}
		for _, stream := range streams {
			name := nameOf(stream)
			if seen[name] {
				return nil, duplicateName(name, def.Resolver.Type())
			}
			seen[name] = true
		}
		all = append(all, generated{def.Name, streams})
	}
	return all, nil
}

func duplicateName(name, resolver string) error {
	if resolver == "ConfigComponentsResolver" {
		return tap.Errorf(tap.Config, "two streams made from the configuration have the name %q: give each entry another one", name)
	}
	return tap.Errorf(tap.System, "two streams made at run time have the name %q", name)
}
