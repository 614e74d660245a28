package tap

import (
	"context"
	"iter"

	"anytap/internal/value"
)

// A compiled stream is made of stateless parts, shared by all reads; Open gives what belongs to one read.

// PartitionRouter is a compiled router. A router that also injects its
// partition into requests implements rest.Injector.
type PartitionRouter interface {
	// Open starts one read. state is the stream state of the stream that is partitioned (routers over
	// parents find their `parent_state` in it); nil: none.
	Open(state *value.Dict) (Partitions, error)
}

// Partitions is a router opened for one read.
type Partitions interface {
	// All yields slices with Partition and Extra set and an empty Window, in a stable order. An error is yielded last. Called once.
	All(context.Context) iter.Seq2[*Slice, error]
	// ParentState is the parents' state as of the partition yielded last; nil where parents are not followed incrementally.
	ParentState() *value.Dict
}

// CursorFactory is a compiled cursor. One that also injects its window's bounds
// into requests implements rest.Injector.
type CursorFactory interface {
	// Open starts one read over the router's partitions (nil: one empty partition).
	Open(o OpenOptions, r PartitionRouter) (Cursor, error)
}

// RetrieverFactory is a compiled retriever.
type RetrieverFactory interface {
	// Router is the retriever's partition router; nil: none.
	Router() PartitionRouter
	// Open binds the retriever to the cursor of one read.
	Open(Cursor) Retriever
}

// Keeper is a Cursor that tells records inside its bounds from those outside,
// for client-side filters and for data feeds, which stop at the first record outside.
type Keeper interface {
	Keep(*Slice, *value.Dict) bool
}

// Splitter is a Cursor that can cut a window in two, for APIs that refuse large ones.
type Splitter interface {
	// Split returns the halves, or nil when the window can not be cut any further.
	Split(*Slice) []*Slice
}

// Parent reads a stream's records one after the other, as slices of a child are made from them: the
// cursor observes each record before it is yielded and closes each slice, so that
// Cursor.State is the parent's state as of the record yielded last.
func Parent(ctx context.Context, r *Reading) iter.Seq2[ParentRecord, error] {
	return func(yield func(ParentRecord, error) bool) {
		for slice, err := range r.Cursor.Slices(ctx) {
			if err != nil {
				yield(ParentRecord{}, err)
				return
			}
			if !parentSlice(ctx, r, slice, yield) {
				return
			}
		}
		r.Cursor.Finish()
	}
}

// ParentRecord is a record of a parent stream and the slice that it came from.
type ParentRecord struct {
	Record Record
	Slice  *Slice
}

func parentSlice(ctx context.Context, r *Reading, slice *Slice, yield func(ParentRecord, error) bool) bool {
	for page, err := range r.Retriever.Pages(ctx, slice) {
		for _, record := range page.Records {
			r.Cursor.Observe(slice, record)
			if !yield(ParentRecord{record, slice}, nil) {
				return false
			}
		}
		if err != nil {
			yield(ParentRecord{}, err)
			return false
		}
	}
	if err := r.Cursor.Close(slice); err != nil {
		yield(ParentRecord{}, err)
		return false
	}
	return true
}
