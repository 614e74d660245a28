package tap

import (
	"context"
	"iter"

	"anytap/internal/value"
	"anytap/state"
)

// CursorFactory is a compiled cursor. It has no state and serves all reads of its stream. What it
// tells the stream, and adds to requests, is in contract.IncrementalSync.
type CursorFactory interface {
	// Open starts one read over the router's partitions; a nil router stands for one empty
	// partition.
	Open(o StartingPoint, r PartitionRouter) (Cursor, error)
}

// Cursor makes the slices of a stream and follows what is written of them. One Cursor serves one
// read of one stream.
//
// Slices is called once. While its sequence is still consumed by one goroutine, another one, which
// writes, calls the other methods: a Cursor is safe for concurrent use.
//
// A window may end at the present time, which the next run does not see again. So a cursor that was
// opened with the slices that another run left unfinished (StartingPoint.Left) yields these first,
// as they were. When they have ended, it goes on as a run does that begins at the state then.
//
// What only some cursors can do is in CursorAbilities: tell which records lie inside their bounds
// (Keep), cut a window (Split), go on inside one (Narrow), give a slice up at a record (Failed),
// number their states (StateVersion), and go on from what another run left (Reach, Leave, Ended).
type Cursor interface {
	// Slices yields the stream's slices in order. An error comes last.
	Slices(context.Context) iter.Seq2[*Slice, error]
	// Observe takes note of a record that is about to be written. State is not called before the
	// record is written.
	Observe(*Slice, Record)
	// Close takes note that every record of the slice was written.
	Close(*Slice) error
	// Finish is called once, when all slices came. Some may not have been closed.
	Finish()
	// State is the stream state in the reference runtime's form. It covers only what was observed
	// and closed. It is nil for a stream without a cursor.
	State() *value.Dict
	// Abilities are the same throughout a read.
	Abilities() CursorAbilities
}

// CursorAbilities are what some cursors can do and others can not. A function is nil where the
// cursor can not do it. Callers ask once per read and keep the answer.
type CursorAbilities struct {
	// Keep reports whether a record lies inside the cursor's bounds. Client-side filters drop the
	// others, and data feeds stop at the first of them. It is called by many goroutines at once.
	Keep func(*Slice, *value.Dict) bool
	// Drop reports whether a record is left out though the API gave it. Unlike what Keep refuses,
	// pagination sees it: a page of which every record is dropped is not an empty one. It is called
	// by many goroutines at once.
	Drop func(*Slice, *value.Dict) bool
	// Split cuts a slice's window in two, for APIs that refuse large ones. It returns nil for a
	// window that can not be cut any further, or that is no longer than floor. With a floor of 0
	// the cursor's granularity alone decides.
	Split func(s *Slice, floor value.Timedelta) []*Slice
	// Narrow begins to follow the records of a slice, so that pagination that starts anew
	// (SPLIT_USING_CURSOR) can go on inside its window. It does not change the cursor's state.
	Narrow func(*Slice) Narrowing
	// Failed is the error of the record at which Observe gave the slice up; nil: there is none.
	// Like the reference runtime, a cursor gives up at the first record whose cursor value it can
	// not compare. Close returns the same error.
	Failed func(*Slice) error
	// Changed takes note of the change token that the last answer of a slice had. Close makes it
	// the place from which the next read goes on.
	Changed func(s *Slice, token any)
	// StateVersion is a number that changes whenever State does. While it stays the same, an older
	// State is as good as a new one.
	StateVersion func() uint64
	// Reach sets Greatest, Inner and Until of a slice's position, as of the record that was
	// observed last.
	Reach func(*Slice, *state.SlicePosition)
	// Leave adds to the bookmark of an unfinished read what State does not cover: the windows and
	// partitions that are finished. It sets Done, Finished, Begun, Newest and From.
	Leave func(*state.Bookmark)
	// Ended takes note that nobody reads the slice any more: it was closed, or it failed. Slices
	// may wait for that, if the cursor was opened with unfinished slices.
	Ended func(*Slice)
}

// Narrowing follows the records of one slice. It is used by one goroutine.
type Narrowing interface {
	// Observe takes note of a record, whether or not it will be written.
	Observe(*value.Dict)
	// Rest is the slice with a window that begins at the greatest cursor value seen; the slice
	// itself when none was seen.
	Rest() *Slice
}
