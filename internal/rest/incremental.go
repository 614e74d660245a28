package rest

import (
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// IncrementalSync is what a cursor's factory tells the stream and the retriever that it belongs to. The built
// tap.CursorFactory of every incremental_sync component implements it.
type IncrementalSync interface {
	tap.CursorFactory
	Injector
	// Field is the path of the cursor field by default; fromCatalog says that the configured catalog may
	// name another one.
	Field() (path []string, fromCatalog bool, err error)
	// Validate reports what the reference runtime refuses while it builds the stream. What it notices only
	// when the stream is read comes from Open or Slices. router is the retriever's; nil: none.
	Validate(router tap.PartitionRouter) error
	// ClientSide says that records outside the cursor's bounds are dropped by the record selector.
	ClientSide() bool
	// DataFeed says that a slice ends after a page whose last record lies outside the cursor's bounds, and
	// that such records are dropped after pagination.
	DataFeed() bool
	// Stepped says that a read may have more than one window for each partition.
	Stepped() bool
	// DateState gives the time up to which a stream state was read; ok is false for a state that tells none.
	DateState(state *value.Dict, router tap.PartitionRouter) (t time.Time, ok bool)
}

// StateMigration turns a stream state of an older form into the present one; ok is false, and the
// state untouched, when it does not apply.
type StateMigration interface {
	Migrate(state *value.Dict) (migrated *value.Dict, ok bool)
}

// WindowSplitter is a tap.Splitter with a floor: windows of at most floor are not cut.
type WindowSplitter interface {
	tap.Splitter
	SplitAbove(s *tap.Slice, floor value.Timedelta) []*tap.Slice
}

// Narrower is a Cursor that can go on inside a window, for pagination that starts anew (SPLIT_USING_CURSOR).
type Narrower interface {
	// Narrow begins to follow one slice. It has nothing to do with the cursor's state.
	Narrow(*tap.Slice) Narrowing
}

// Narrowing follows the records of one slice. It belongs to one goroutine.
type Narrowing interface {
	// Observe is told of each record, whether or not it is written.
	Observe(*value.Dict)
	// Rest is the slice with its window beginning at the greatest cursor value seen; the slice itself when none was.
	Rest() *tap.Slice
}

// FailedCursor is a Cursor whose Observe can fail: the reference runtime ends a slice at the first record whose cursor
// value can not be compared. Close returns the same error.
type FailedCursor interface {
	Failed(*tap.Slice) error
}

// Versioned is a Cursor whose State changes only together with its version, so that a snapshot need not be made anew.
type Versioned interface {
	StateVersion() uint64
}

// GlobalOnly is a partition router whose partitions have no state of their own (groups): the
// stream follows one cursor for all of them.
type GlobalOnly interface {
	GlobalOnly() bool
}

// NoCursorState is the member of the state that the reference runtime writes for a stream without a cursor.
const NoCursorState = "__ab_no_cursor_state_message"

// ChildResponse is the name in a slice's Extra of the part of the parent's record that a lazily read
// child takes for its first page.
const ChildResponse = "child_response"
