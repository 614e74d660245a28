package tap

import (
	"context"
	"iter"
)

// RetrieverFactory is a compiled retriever. It has no state and serves all reads of its stream.
type RetrieverFactory interface {
	// Router is the retriever's partition router; nil: none.
	Router() PartitionRouter
	// WrapCursor returns the cursor that a read uses in place of the stream's own. Most retrievers
	// return that one. An asynchronous one wraps it, so that a slice comes when its job is done.
	WrapCursor(Cursor) Cursor
	// Resumable reports whether a later read can go on inside a slice. After an asynchronous one it
	// can not: what a job made is gone by then.
	Resumable() bool
	// Open binds the retriever to the cursor of one read: the one that WrapCursor returned.
	Open(Cursor) Retriever
}

// Retriever reads one slice page by page.
type Retriever interface {
	// Pages yields the slice's pages in order, from the slice's Resume position or its first page.
	// An error comes last, after what could be read before it; on cancellation it is ctx's error.
	// Many goroutines call Pages at once, each with another slice.
	Pages(ctx context.Context, s *Slice) iter.Seq2[Page, error]
}
