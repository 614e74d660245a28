package tap

import (
	"context"
	"iter"

	"anytap/internal/value"
)

// PartitionRouter is a compiled partition router. It has no state and serves all reads of its
// stream. What it adds to requests is in contract.PartitionRouter.
type PartitionRouter interface {
	// Open starts one read. state is that of the partitioned stream, in which routers over parents
	// find their parent_state; nil: there is none.
	Open(state *value.Dict) (Partitions, error)
	// ParentNames are the names of the streams that partitions are made from, all generations; nil:
	// there are none.
	ParentNames() []string
	// GlobalOnly reports whether partitions (groups of parents) have no state of their own: the
	// stream then follows one cursor for all of them.
	GlobalOnly() bool
}

// Partitions is a router that was opened for one read.
type Partitions interface {
	// All yields slices with Partition and Extra set and an empty Window, in an order that stays
	// the same from run to run. An error comes last. It is called once.
	All(context.Context) iter.Seq2[*Slice, error]
	// ParentState is the state of the parents as of the partition that was yielded last; nil where
	// parents are not read incrementally.
	ParentState() *value.Dict
}
