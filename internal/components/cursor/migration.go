package cursor

import (
	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// LegacyDefinition configures a LegacyToPerPartitionStateMigration, which has no fields: what it
// needs to know is in the stream around it.
//
//	type: LegacyToPerPartitionStateMigration
type LegacyDefinition struct{}

// BuildLegacy builds a LegacyToPerPartitionStateMigration.
func BuildLegacy(c *manifest.Compiler, n *manifest.Node) (*Legacy, error) {
	stream := n.Parent()
	if stream != nil && stream.Kind == manifest.List {
		stream = stream.Parent()
	}
	if stream == nil {
		return nil, n.Problem("a state migration belongs to the state_migrations of a stream")
	}
	router := stream.At("retriever", "partition_router")
	m := &Legacy{}
	var partition *manifest.Node
	switch {
	case router == nil:
	case router.Type() == "UnionPartitionRouter":
		partition, m.applies = router.Get("partition_field"), true
	case router.Type() == "SubstreamPartitionRouter":
		parents := router.Get("parent_stream_configs").Items()
		if len(parents) > 0 {
			partition, m.applies = parents[0].Get("partition_field"), len(parents) == 1
		}
	}
	if partition == nil {
		return nil, n.Problem("the migration needs a stream with a SubstreamPartitionRouter or UnionPartitionRouter")
	}
	field := stream.At("incremental_sync", "cursor_field")
	if field == nil {
		return nil, n.Problem("the migration needs a stream with incremental_sync")
	}
	for _, part := range []struct {
		into *string
		from *manifest.Node
	}{{&m.partition, partition}, {&m.field, field}} {
		text, _ := part.from.Text()
		t, err := jinja.CompileString(text, stream.Parameters())
		if err == nil {
			*part.into, err = t.Text(c.ConfigEnv())
		}
		if err != nil {
			return nil, part.from.Problem("%v", err)
		}
	}
	return m, nil
}

// Legacy is a compiled LegacyToPerPartitionStateMigration. It turns a state of the form
//
//	{"7": {"updated": "…"}, "8": {"updated": "…"}}
//
// into {"states": [{"partition": {"id": "7"}, "cursor": {"updated": "…"}}, …]}.
type Legacy struct {
	partition string // the partition's field
	field     string // the cursor field
	applies   bool   // the stream has one parent
}

var _ contract.StateMigration = (*Legacy)(nil)

// Migrate leaves states of any other form as they are.
func (m *Legacy) Migrate(state *value.Dict) (*value.Dict, bool) {
	if !m.applies || state == nil || state.Len() == 0 {
		return state, false
	}
	if _, done := state.Get("states"); done {
		return state, false
	}
	states := value.NewList()
	for key, v := range state.All() {
		cursor, ok := v.(*value.Dict)
		if !ok || cursor.Len() != 1 || cursor.Keys()[0] != m.field {
			return state, false
		}
		states.Append(value.DictOf("partition", value.DictOf(m.partition, key), "cursor", cursor.Clone()))
	}
	return value.DictOf("states", states), true
}
