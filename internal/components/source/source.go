package source

import (
	"context"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest/exchange"
	"anytap/internal/tap"
)

// Definition configures a DeclarativeSource, which is the root of a manifest.
//
//	version: 7.39.1
//	type: DeclarativeSource
//	check: {type: CheckStream, stream_names: [items]}
//	streams: [{type: DeclarativeStream, name: items, …}]
//	spec: {type: Spec, connection_specification: {type: object, properties: {}}}
type Definition struct {
	_              struct{}          `manifest:",closed,needs=streams|dynamic_streams"`
	Type           string            `manifest:"type,required,enum=DeclarativeSource" doc:"Says that this is a manifest."`
	Version        string            `manifest:"version,required" doc:"Version of the component schema that the manifest was written for."`
	Check          *manifest.Node    `manifest:"check,required,is=CheckStream|CheckDynamicStream" doc:"How config and credentials are tried."`
	Streams        []*manifest.Node  `manifest:"streams,of=DeclarativeStream|ConditionalStreams|StateDelegatingStream" doc:"The streams."`
	DynamicStreams []*manifest.Node  `manifest:"dynamic_streams,of=DynamicDeclarativeStream" doc:"Templates of streams that are made at run time."`
	StreamGroups   []manifest.Member `manifest:"stream_groups,of=StreamGroup" doc:"Streams that must not be read at the same time."`
	Concurrency    *manifest.Node    `manifest:"concurrency_level,is=ConcurrencyLevel" doc:"How many slices are read at once."`
	Budget         *manifest.Node    `manifest:"api_budget,is=HTTPAPIBudget" doc:"How often the API may be called."`
	MaxAsyncJobs   any               `manifest:"max_concurrent_async_job_count,is=integer|string" doc:"How many asynchronous jobs run at once."`
	Spec           *manifest.Node    `manifest:"spec,is=Spec" doc:"What the configuration may hold."`
	Metadata       any               `manifest:"metadata,is=object" doc:"Remarks for tools; x-anytap in it holds settings."`
	Description    string            `manifest:"description" doc:"What the connector is."`
	Schemas        any               `manifest:"schemas,is=object" doc:"Schemas that streams refer to."`
	Definitions    any               `manifest:"definitions,is=object" doc:"Parts that are referred to."`
}

// GroupDefinition configures a StreamGroup: what is done about some streams together.
//
//	type: StreamGroup
//	streams: [{$ref: "#/definitions/items"}]
//	action: {type: BlockSimultaneousSyncsAction}
type GroupDefinition struct {
	Streams []*manifest.Node `manifest:"streams,required,of=DeclarativeStream" doc:"The streams of the group."`
	Action  *manifest.Node   `manifest:"action,required,is=BlockSimultaneousSyncsAction" doc:"What is done about them."`
}

// BlockDefinition configures a BlockSimultaneousSyncsAction, which has no fields: the group's
// streams are not read at once.
//
//	type: BlockSimultaneousSyncsAction
type BlockDefinition struct{}

// Source is the root of a manifest, with a configuration.
type Source struct {
	compiler *manifest.Compiler
	root     *manifest.Node
	def      Definition
	validate func() error // nil: nothing to check
}

// New reads the root of a manifest. validate makes the specification's own checks of the
// configuration, before streams are built; nil: there are none.
func New(c *manifest.Compiler, root *manifest.Node, validate func() error) (*Source, error) {
	s := &Source{compiler: c, root: root, validate: validate}
	if err := manifest.Decode(c, root, &s.def); err != nil {
		return nil, err
	}
	return s, nil
}

// Concurrency is how many slices may be read at once.
func (s *Source) Concurrency() (int, error) {
	if s.def.Concurrency == nil {
		return defaultConcurrency, nil
	}
	return manifest.Build[int](s.compiler, s.def.Concurrency)
}

// Streams builds all streams, also those that are made at run time.
func (s *Source) Streams(ctx context.Context) ([]*tap.Stream, error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	static, err := s.static()
	if err != nil {
		return nil, err
	}
	dynamic, err := s.dynamic(ctx)
	if err != nil {
		return nil, err
	}
	return s.build(append(static, dynamic...), nil)
}

func (s *Source) prepare() error {
	if s.validate != nil {
		if err := s.validate(); err != nil {
			return err
		}
	}
	s.jobSlots()
	budget, err := manifest.BuildOptional[*exchange.Budget](s.compiler, s.def.Budget)
	if err != nil {
		return err
	}
	if budget != nil {
		contract.Client(s.compiler).SetBudget(budget)
	}
	return nil
}

// build builds the streams in wanted; nil: all of them.
func (s *Source) build(nodes []*manifest.Node, wanted map[string]bool) ([]*tap.Stream, error) {
	parents := parentNames(nodes)
	var streams []*tap.Stream
	for _, n := range nodes {
		name := nameOf(n)
		if wanted != nil && !wanted[name] {
			continue
		}
		c := s.compiler
		if parents[name] {
			c = manifest.With(c, contract.Scope{UseCache: true})
		}
		stream, err := manifest.Build[*tap.Stream](c, n)
		if err != nil {
			return nil, err
		}
		streams = append(streams, stream)
	}
	return streams, s.group(streams)
}

// byName builds only the named streams. It does not ask the API for the streams that are made at
// run time; ok is false if a name may be one of theirs.
func (s *Source) byName(names []string) (streams []*tap.Stream, ok bool, err error) {
	static, err := s.static()
	if err != nil {
		return nil, false, nil //nolint:nilerr // building all streams reports the error
	}
	wanted := map[string]bool{}
	for _, n := range static {
		wanted[nameOf(n)] = false
	}
	for _, name := range names {
		if _, known := wanted[name]; !known {
			return nil, false, nil
		}
		wanted[name] = true
	}
	if len(names) == 0 {
		return nil, false, nil
	}
	if err := s.prepare(); err != nil {
		return nil, true, err
	}
	streams, err = s.build(static, wanted)
	return streams, true, err
}

func nameOf(n *manifest.Node) string {
	name, _ := n.Get("name").Text()
	return name
}

// parentNames are the names of the streams that are parents of others. Their answers are kept for
// the run.
func parentNames(streams []*manifest.Node) map[string]bool {
	names := map[string]bool{}
	for _, n := range streams {
		if parent := n.At("incremental_sync", "parent_stream"); parent != nil {
			names[nameOf(parent)] = true
			continue
		}
		routers := nodesOf(n.At("retriever", "partition_router"))
		for len(routers) > 0 {
			r := routers[0]
			routers = routers[1:]
			for _, config := range r.Get("parent_stream_configs").Items() {
				names[nameOf(config.Get("stream"))] = true
			}
			routers = append(routers, r.Get("partition_routers").Items()...)
			routers = append(routers, nodesOf(r.Get("underlying_partition_router"))...)
		}
	}
	return names
}

// nodesOf are the elements of a list, or the node itself if it is no list.
func nodesOf(n *manifest.Node) []*manifest.Node {
	if n == nil {
		return nil
	}
	if n.Kind == manifest.List {
		return n.Items()
	}
	return []*manifest.Node{n}
}

// group marks the streams that must not be read at the same time. It refuses a stream and its
// parent in one group, since they would wait for each other.
func (s *Source) group(streams []*tap.Stream) error {
	groups := map[string]string{}
	for _, g := range s.def.StreamGroups {
		for _, member := range g.Node.Get("streams").Items() {
			if name := nameOf(member); name != "" {
				groups[name] = g.Name
			}
		}
	}
	for _, stream := range streams {
		stream.Group = groups[stream.Name]
		for _, parent := range stream.Parents {
			if stream.Group != "" && groups[parent] == stream.Group {
				return tap.Errorf(tap.System, "stream %s and its parent %s are both in the group %s: they would wait for each other", stream.Name, parent, stream.Group)
			}
		}
	}
	return nil
}
