package partition

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// SubstreamDefinition configures a SubstreamPartitionRouter, which has a partition for each record
// of parent streams.
//
//	type: SubstreamPartitionRouter
//	parent_stream_configs:
//	  - type: ParentStreamConfig
//	    stream: "#/definitions/projects"
//	    parent_key: id
//	    partition_field: project_id
type SubstreamDefinition struct {
	Parents []*manifest.Node `manifest:"parent_stream_configs,required,of=ParentStreamConfig" doc:"The parents, one after the other."`
}

// BuildSubstream builds a SubstreamPartitionRouter.
func BuildSubstream(c *manifest.Compiler, n *manifest.Node) (*Substream, error) {
	var def SubstreamDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Parents) == 0 {
		return nil, n.Problem("parent_stream_configs is empty, expected at least one parent")
	}
	parents, err := manifest.BuildAll[*Parent](c, def.Parents)
	return &Substream{parents: parents}, err
}

// Substream is a compiled SubstreamPartitionRouter.
type Substream struct{ parents []*Parent }

var (
	_ router        = (*Substream)(nil)
	_ rest.Injector = (*Substream)(nil)
)

// GlobalOnly is false: each partition has a state.
func (r *Substream) GlobalOnly() bool { return false }

// Open opens the parents. Those with an incremental dependency go on from their state.
func (r *Substream) Open(state *value.Dict) (tap.Partitions, error) {
	s := &substreams{}
	for _, p := range r.parents {
		opened, err := p.open(state)
		if err != nil {
			return nil, fmt.Errorf("parent stream %s: %w", p.stream.Name, err)
		}
		s.parents = append(s.parents, opened)
	}
	return s, nil
}

// Injector is the router itself, if a parent has a request_option.
func (r *Substream) Injector() rest.Injector {
	if !slices.ContainsFunc(r.parents, func(p *Parent) bool { return p.option != nil }) {
		return nil
	}
	return r
}

func (r *Substream) fields() ([]string, error) {
	var fields []string
	for _, p := range r.parents {
		field, err := p.field.Text(p.env)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	return fields, nil
}

// Inject adds the parent's value to a request. An empty value and 0 are not sent.
func (r *Substream) Inject(o *rest.Parts, p *rest.PageRequest) error {
	for _, parent := range r.parents {
		if parent.option == nil {
			continue
		}
		field, err := parent.field.Text(parent.env)
		if err != nil {
			return fmt.Errorf("partition_field: %w", err)
		}
		if err := injectPart(o, parent.option, p.Slice, field); err != nil {
			return err
		}
	}
	return nil
}

// ParentNames are the names of the parents and of their parents.
func (r *Substream) ParentNames() []string {
	var names []string
	for _, p := range r.parents {
		names = append(append(names, p.stream.Name), p.stream.Parents...)
	}
	return names
}

// substreams is a Substream opened for one read.
type substreams struct {
	parents  []*openParent
	done     bool
	snapshot snapshot
}

// snapshot is the parents' state as ParentState last made it.
type snapshot struct {
	state    *value.Dict
	size     int
	versions []uint64
	skipped  int // how often it was returned although the parents' state had changed
}

// All yields a slice for each record of each parent.
func (s *substreams) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for _, p := range s.parents {
			if !p.read(ctx, yield) {
				return
			}
		}
		s.done = true
	}
}

// ParentState is {name: state} of the parents with an incremental dependency.
func (s *substreams) ParentState() *value.Dict {
	versions, known := s.versions()
	current := &s.snapshot
	if current.state != nil && known && slices.Equal(versions, current.versions) {
		return current.state
	}
	if current.state != nil && !s.done && current.size > largeState && current.skipped < current.size/largeState {
		current.skipped++
		return current.state
	}
	out := value.NewDict(len(s.parents))
	for _, p := range s.parents {
		if !p.dependent {
			continue
		}
		state := p.reading.Cursor.State()
		if state == nil {
			state = value.DictOf(contract.NoCursorState, true)
		}
		out.Set(p.stream.Name, state)
	}
	raw := value.Append(nil, out)
	s.snapshot = snapshot{state: value.LazyDict(raw), size: len(raw), versions: versions}
	return s.snapshot.state
}

// largeState is the size in bytes above which the parents' state is not made again for each
// partition. An older state is valid too: after a failure the next run only reads a little more.
const largeState = 16 << 10

// versions are the versions of the parents' states; known is false if the cursor of a parent has
// none.
func (s *substreams) versions() (versions []uint64, known bool) {
	for _, p := range s.parents {
		if !p.dependent {
			continue
		}
		if p.abilities.StateVersion == nil {
			return nil, false
		}
		versions = append(versions, p.abilities.StateVersion())
	}
	return versions, true
}
