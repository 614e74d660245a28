package partition

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// GroupingDefinition configures a GroupingPartitionRouter, which joins the partitions of another
// router to groups.
//
//	type: GroupingPartitionRouter
//	group_size: 10
//	underlying_partition_router: {type: ListPartitionRouter, …}
type GroupingDefinition struct {
	GroupSize   int            `manifest:"group_size,required" doc:"How many partitions make a group."`
	Underlying  *manifest.Node `manifest:"underlying_partition_router,required,is=ListPartitionRouter|SubstreamPartitionRouter|UnionPartitionRouter|CustomPartitionRouter" doc:"Where the partitions come from."`
	Deduplicate *bool          `manifest:"deduplicate" doc:"A value that came before is left out; true by default."`
}

// BuildGrouping builds a GroupingPartitionRouter.
func BuildGrouping(c *manifest.Compiler, n *manifest.Node) (*Grouping, error) {
	var def GroupingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if def.GroupSize < 1 {
		return nil, n.Get("group_size").Problem("group_size is %d, expected 1 or more", def.GroupSize)
	}
	under, err := manifest.Build[router](c, def.Underlying)
	if err != nil {
		return nil, err
	}
	if under.Injector() != nil {
		return nil, n.Problem("a request_option is not possible below a GroupingPartitionRouter: use the group in a template")
	}
	return &Grouping{size: def.GroupSize, under: under, unique: def.Deduplicate == nil || *def.Deduplicate}, nil
}

// Grouping is a compiled GroupingPartitionRouter. Each field of its partitions holds a list of
// values.
type Grouping struct {
	size   int
	under  router
	unique bool
}

var _ router = (*Grouping)(nil)

// GlobalOnly is true: groups have no state of their own.
func (g *Grouping) GlobalOnly() bool { return true }

// ParentNames are those of the router that is grouped.
func (g *Grouping) ParentNames() []string { return parentNames(g.under) }

// Injector is nil: a request_option is refused in the router that is grouped.
func (g *Grouping) Injector() rest.Injector { return nil }

// fields are not known: no union has groups in it.
func (g *Grouping) fields() ([]string, error) { return nil, nil }

func parentNames(routers ...router) []string {
	var names []string
	for _, r := range routers {
		names = append(names, r.ParentNames()...)
	}
	return names
}

// Open starts one read.
func (g *Grouping) Open(state *value.Dict) (tap.Partitions, error) {
	under, err := g.under.Open(state)
	if err != nil {
		return nil, err
	}
	return &groups{Grouping: g, partitions: under, state: value.NewDict(0)}, nil
}

type groups struct {
	*Grouping
	partitions tap.Partitions
	state      *value.Dict // the parents' state as of the last group
}

func (g *groups) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		var batch []*tap.Slice
		seen := map[any]bool{}
		for s, err := range g.partitions.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			fresh, err := g.fresh(s, seen)
			if err != nil {
				yield(nil, err)
				return
			}
			if !fresh {
				continue
			}
			if batch = append(batch, s); len(batch) < g.size {
				continue
			}
			g.state = g.partitions.ParentState()
			if !yield(group(batch), nil) {
				return
			}
			batch = nil
		}
		g.state = g.partitions.ParentState()
		if len(batch) > 0 {
			yield(group(batch), nil)
		}
	}
}

// fresh reports whether the partition's value is wanted: it did not come before, or may come again.
func (g *groups) fresh(s *tap.Slice, seen map[any]bool) (bool, error) {
	keys := slices.DeleteFunc(s.Partition.Keys(), func(k string) bool { return k == parentSlice })
	if len(keys) != 1 {
		return false, fmt.Errorf("a group needs partitions of one field, found %s", value.Repr(s.Partition))
	}
	if !g.unique {
		return true, nil
	}
	v, _ := s.Partition.Get(keys[0])
	key, ok := value.Key(v)
	if !ok {
		return false, fmt.Errorf("a group needs values that can be compared, found %s", value.Repr(v))
	}
	if seen[key] {
		return false, nil
	}
	seen[key] = true
	return true, nil
}

// group joins slices.
func group(batch []*tap.Slice) *tap.Slice {
	partition := value.NewDict(2)
	for _, name := range batch[0].Partition.Keys() {
		partition.Set(name, column(batch, name, func(s *tap.Slice) *value.Dict { return s.Partition }))
	}
	extra := value.NewDict(2)
	for _, s := range batch {
		if s.Extra == nil {
			continue
		}
		for _, name := range s.Extra.Keys() {
			if _, have := extra.Get(name); !have {
				extra.Set(name, column(batch, name, func(s *tap.Slice) *value.Dict { return s.Extra }))
			}
		}
	}
	return tap.NewSlice(partition, nil, extra)
}

func column(batch []*tap.Slice, name string, of func(*tap.Slice) *value.Dict) *value.List {
	items := make([]any, len(batch))
	for i, s := range batch {
		if d := of(s); d != nil {
			items[i], _ = d.Get(name)
		}
	}
	return value.NewList(items...)
}

// ParentState is the parents' state as of the last group.
func (g *groups) ParentState() *value.Dict { return g.state }
