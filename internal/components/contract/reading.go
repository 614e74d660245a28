package contract

import (
	"context"
	"iter"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// OpenReading opens a retriever for one read, with a cursor of sync; nil: NoCursor's. Everything
// that reads with a retriever of its own opens it here: streams, resolvers and schema loaders.
func OpenReading(r tap.RetrieverFactory, sync tap.CursorFactory, from tap.StartingPoint) (*tap.Reading, error) {
	if sync == nil {
		sync = NoCursor{}
	}
	cursor, err := sync.Open(from, r.Router())
	if err != nil {
		return nil, err
	}
	cursor = r.WrapCursor(cursor)
	return &tap.Reading{Cursor: cursor, Retriever: r.Open(cursor)}, nil
}

// NoCursorState is the member of the state that the reference runtime writes for a stream without a
// cursor.
const NoCursorState = "__ab_no_cursor_state_message"

// NoCursor is the cursor of a stream without incremental_sync: one slice for each partition, and no
// state.
type NoCursor struct{}

var _ tap.CursorFactory = NoCursor{}

// Open starts one read. The router finds the state of its parents in the stream's.
func (NoCursor) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	if r == nil {
		return noCursor{}, nil
	}
	partitions, err := r.Open(o.State)
	if err != nil {
		return nil, err
	}
	return noCursor{partitions}, nil
}

type noCursor struct{ partitions tap.Partitions }

func (c noCursor) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	if c.partitions == nil {
		return func(yield func(*tap.Slice, error) bool) { yield(tap.NewSlice(nil, nil, nil), nil) }
	}
	return c.partitions.All(ctx)
}

func (noCursor) Observe(*tap.Slice, tap.Record) {}
func (noCursor) Close(*tap.Slice) error         { return nil }
func (noCursor) Finish()                        {}
func (noCursor) State() *value.Dict             { return nil }
func (noCursor) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }
