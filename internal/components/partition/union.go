package partition

import (
	"context"
	"fmt"
	"iter"
	"log/slog"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// UnionDefinition configures a UnionPartitionRouter, which has the partitions of several routers,
// each value once.
//
//	type: UnionPartitionRouter
//	partition_field: repository
//	partition_routers:
//	  - {type: ListPartitionRouter, cursor_field: repository, values: [a/b]}
//	  - {type: SubstreamPartitionRouter, …}
type UnionDefinition struct {
	PartitionField *jinja.String    `manifest:"partition_field,required" doc:"The field that all routers give."`
	Routers        []*manifest.Node `manifest:"partition_routers,required,minitems=2,of=ListPartitionRouter|SubstreamPartitionRouter|UnionPartitionRouter|CustomPartitionRouter" doc:"The routers, one after the other."`
}

// BuildUnion builds a UnionPartitionRouter.
func BuildUnion(c *manifest.Compiler, n *manifest.Node) (*Union, error) {
	var def UnionDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if len(def.Routers) < 2 {
		return nil, n.Get("partition_routers").Problem("a UnionPartitionRouter needs two routers or more")
	}
	u := &Union{field: def.PartitionField, env: c.ConfigEnv(), log: c.Logger()}
	var err error
	if u.routers, err = manifest.BuildAll[router](c, def.Routers); err != nil {
		return nil, err
	}
	if c.Config != nil {
		if err := u.check(); err != nil {
			return nil, n.Problem("%v", err)
		}
	}
	for i, r := range u.routers {
		if r.Injector() != nil {
			return nil, def.Routers[i].Problem("a request_option is not possible below a UnionPartitionRouter: use the value in a template")
		}
	}
	return u, nil
}

// Union is a compiled UnionPartitionRouter.
type Union struct {
	field   *jinja.String
	env     *jinja.Env // holds the config
	log     *slog.Logger
	routers []router
}

var _ router = (*Union)(nil)

// check compares the field with those of the routers.
func (u *Union) check() error {
	want, err := u.field.Text(u.env)
	if err != nil {
		return fmt.Errorf("partition_field: %w", err)
	}
	for _, r := range u.routers {
		fields, err := r.fields()
		if err != nil {
			return err
		}
		for _, field := range fields {
			if field != want {
				return fmt.Errorf("partition_field is %q, but a router gives %q", want, field)
			}
		}
	}
	return nil
}

func (u *Union) fields() ([]string, error) {
	field, err := u.field.Text(u.env)
	return []string{field}, err
}

// Injector is nil: a request_option is refused in the routers of a union.
func (u *Union) Injector() rest.Injector { return nil }

// ParentNames are those of all routers.
func (u *Union) ParentNames() []string { return parentNames(u.routers...) }

// GlobalOnly is false: each partition has a state.
func (u *Union) GlobalOnly() bool { return false }

// Open starts one read.
func (u *Union) Open(state *value.Dict) (tap.Partitions, error) {
	field, err := u.field.Text(u.env)
	if err != nil {
		return nil, fmt.Errorf("partition_field: %w", err)
	}
	o := &unions{field: field, log: u.log}
	for _, r := range u.routers {
		p, err := r.Open(state)
		if err != nil {
			return nil, err
		}
		o.parts = append(o.parts, p)
	}
	return o, nil
}

type unions struct {
	field  string
	log    *slog.Logger
	parts  []tap.Partitions
	warned bool
}

func (u *unions) All(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		seen := map[any]bool{}
		for _, part := range u.parts {
			for s, err := range part.All(ctx) {
				var out *tap.Slice
				if err == nil {
					out, err = u.normal(s, seen)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if out != nil && !yield(out, nil) {
					return
				}
			}
		}
	}
}

// normal makes a slice whose partition has only the union's field. The other fields become extra
// fields. It returns nil for a value that came before.
func (u *unions) normal(s *tap.Slice, seen map[any]bool) (*tap.Slice, error) {
	v, ok := s.Partition.Get(u.field)
	if !ok {
		return nil, fmt.Errorf("a router of the union gives no field %q: %s", u.field, value.Repr(s.Partition))
	}
	key, ok := value.Key(v)
	if !ok {
		return nil, fmt.Errorf("a union needs values that can be compared, found %s in the field %q", value.Repr(v), u.field)
	}
	if seen[key] {
		return nil, nil
	}
	seen[key] = true
	partition, extra := value.NewDict(1), value.NewDict(2)
	partition.Set(u.field, v)
	if s.Extra != nil {
		for name, v := range s.Extra.All() {
			extra.Set(name, v)
		}
	}
	for name, v := range s.Partition.All() {
		if name != u.field {
			extra.Set(name, v)
		}
	}
	return tap.NewSlice(partition, nil, extra), nil
}

// ParentState joins the states of the parents of all routers.
func (u *unions) ParentState() *value.Dict {
	all := value.NewDict(len(u.parts))
	for _, part := range u.parts {
		state := part.ParentState()
		if state == nil {
			continue
		}
		for name, v := range state.All() {
			if _, have := all.Get(name); have && !u.warned {
				u.warned = true
				u.log.Warn("two routers of a union have the same parent stream; the state of the last one is kept", "parent", name)
			}
			all.Set(name, value.Clone(v))
		}
	}
	return all
}
