package partition

import (
	"context"
	"iter"
	"slices"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// BuildProduct builds a list of routers:
//
//	partition_router:
//	  - {type: ListPartitionRouter, cursor_field: year, values: ["2025", "2026"]}
//	  - {type: ListPartitionRouter, cursor_field: kind, values: [a, b]}
func BuildProduct(c *manifest.Compiler, n *manifest.Node) (*Combined, error) {
	routers, err := manifest.BuildAll[router](c, n.Items())
	if err != nil {
		return nil, err
	}
	p := &Combined{routers: routers}
	for _, r := range slices.Backward(routers) {
		if injector := r.Injector(); injector != nil {
			p.injectors = append(p.injectors, injector)
		}
	}
	if slices.ContainsFunc(n.Items(), followsParents) {
		c.Logger().Warn("the state of parent streams is not kept where partition_router is a list", "at", n.Path())
	}
	return p, nil
}

// followsParents reports whether a router reads one of its parents incrementally.
func followsParents(router *manifest.Node) bool {
	return slices.ContainsFunc(router.Get("parent_stream_configs").Items(), func(parent *manifest.Node) bool {
		return parent.Get("incremental_dependency").Value() == true
	})
}

// Combined has each combination of the partitions of several routers. If two of them have a field
// of the same name, the first router's counts.
type Combined struct {
	routers   []router
	injectors []rest.Injector // of the routers that have one, the last router's first
}

var (
	_ router        = (*Combined)(nil)
	_ rest.Injector = (*Combined)(nil)
)

// ParentNames are those of all routers.
func (p *Combined) ParentNames() []string { return parentNames(p.routers...) }

// Injector is the list itself, if one of the routers has an injector.
func (p *Combined) Injector() rest.Injector {
	if len(p.injectors) == 0 {
		return nil
	}
	return p
}

// fields are not known: no union has a list of routers in it.
func (p *Combined) fields() ([]string, error) { return nil, nil }

// Inject adds what the routers add. Of two values with the same name the first router's counts.
func (p *Combined) Inject(o *rest.Parts, r *rest.PageRequest) error {
	for _, injector := range p.injectors {
		own := &rest.Parts{}
		if err := injector.Inject(own, r); err != nil {
			return err
		}
		overlay(&o.Params, own.Params)
		overlay(&o.Headers, own.Headers)
		overlay(&o.Form, own.Form)
		overlay(&o.JSON, own.JSON)
	}
	return nil
}

// overlay sets the members of from in into, which is made if it is nil.
func overlay(into **value.Dict, from *value.Dict) {
	if from == nil {
		return
	}
	if *into == nil {
		*into = value.NewDict(from.Len())
	}
	for name, v := range from.All() {
		(*into).Set(name, v)
	}
}

// GlobalOnly is false: each partition has a state.
func (p *Combined) GlobalOnly() bool { return false }

// Open starts one read.
func (p *Combined) Open(state *value.Dict) (tap.Partitions, error) {
	c := &combined{}
	for _, r := range p.routers {
		part, err := r.Open(state)
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, part)
	}
	return c, nil
}

type combined struct{ parts []tap.Partitions }

// All reads every router to its end before it yields the first combination. The last router's
// partitions change fastest.
func (c *combined) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		pools := make([][]*tap.Slice, len(c.parts))
		for i, part := range c.parts {
			for s, err := range part.All(ctx) {
				if err != nil {
					yield(nil, err)
					return
				}
				pools[i] = append(pools[i], s)
			}
		}
		for _, pool := range pools {
			if len(pool) == 0 {
				return
			}
		}
		at := make([]int, len(pools))
		for {
			if !yield(combine(pools, at), nil) || !advance(at, pools) {
				return
			}
		}
	}
}

// advance moves to the next combination; false: there is none.
func advance(at []int, pools [][]*tap.Slice) bool {
	for i := len(at) - 1; i >= 0; i-- {
		if at[i]++; at[i] < len(pools[i]) {
			return true
		}
		at[i] = 0
	}
	return false
}

// combine joins slices, beginning with the last, which is the reference runtime's order of the
// fields.
func combine(pools [][]*tap.Slice, at []int) *tap.Slice {
	partition, extra := value.NewDict(len(at)), value.NewDict(0)
	for i := len(at) - 1; i >= 0; i-- {
		s := pools[i][at[i]]
		overlay(&partition, s.Partition)
		overlay(&extra, s.Extra)
	}
	return tap.NewSlice(partition, nil, extra)
}

// ParentState is nil: the state of parents is not kept.
func (c *combined) ParentState() *value.Dict { return nil }
