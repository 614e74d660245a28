package tap

import (
	"context"
	"iter"

	"anytap/internal/value"
)

// A compiled stream is made of stateless parts, shared by all reads; Open gives what belongs to one read.

// PartitionRouter is a compiled router. One that also adds its partition to requests implements rest.Injector, which knows
// what a request is.
type PartitionRouter interface {
	// Open starts one read. state is the stream state of the stream that is partitioned (routers over
	// parents find their `parent_state` in it); nil: none.
	Open(state *value.Dict) (Partitions, error)
	// ParentNames are the names of the streams that partitions are made from, all generations; nil: none.
	ParentNames() []string
	// GlobalOnly says that partitions have no state of their own (groups of parents): the stream follows one cursor for all.
	GlobalOnly() bool
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
	Open(o StartingPoint, r PartitionRouter) (Cursor, error)
}

// RetrieverFactory is a compiled retriever.
type RetrieverFactory interface {
	// Router is the retriever's partition router; nil: none.
	Router() PartitionRouter
	// WrapCursor gives the cursor that a read uses in place of the stream's own. An asynchronous retriever makes slices of
	// its own from the cursor's, one a job; others give it back.
	WrapCursor(Cursor) Cursor
	// Resumable says whether a later read can go on inside a slice. What a job made is gone by then.
	Resumable() bool
	// Open binds the retriever to the cursor of one read.
	Open(Cursor) Retriever
}

// CursorAbilities are what a Cursor can do beyond what every Cursor must. A nil function means that it can not. Whoever
// needs them asks once per read and keeps the answer.
type CursorAbilities struct {
	// Keep tells records inside the cursor's bounds from those outside, for client-side filters and for data feeds, which
	// stop at the first record outside. It is called by many goroutines at once.
	Keep func(*Slice, *value.Dict) bool
	// Split cuts a window in two, for APIs that refuse large ones. It gives nil for a window that can not be cut any further or
	// that is at most floor long; floor 0 means that the cursor's granularity alone decides.
	Split func(s *Slice, floor value.Timedelta) []*Slice
	// Narrow begins to follow the records of one slice, so that pagination that starts anew (SPLIT_USING_CURSOR) goes on
	// inside its window. It does not touch the cursor's state.
	Narrow func(*Slice) Narrowing
	// Failed is the error of the record at which Observe gave the slice up: the reference runtime ends a slice at the first
	// record whose cursor value it can not compare. The slice's Close gives the same error.
	Failed func(*Slice) error
	// StateVersion is a number that changes whenever State does, so that a snapshot of it need not be made anew.
	StateVersion func() uint64
}

// Narrowing follows the records of one slice. It belongs to one goroutine.
type Narrowing interface {
	// Observe is told of each record, whether or not it is written.
	Observe(*value.Dict)
	// Rest is the slice with its window beginning at the greatest cursor value seen; the slice itself when none was.
	Rest() *Slice
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
