package state

import (
	"time"

	"anytap/internal/value"
)

// Format is the version of the form that positions have. A state file with a newer one is refused.
const Format = 1

// Bookmark is one stream's part of the state.
type Bookmark struct {
	// Cursor is the stream state as the reference runtime writes it; nil for a stream without a
	// cursor.
	Cursor *value.Dict
	// Slices are the unfinished slices that have a position.
	Slices []SlicePosition
	// Done are the hashed keys (HashKey) of what an unfinished read has finished: of slices or,
	// where the cursor follows partitions, of those that were read to their end.
	Done []string
	// Finished are the windows that an unfinished read has finished and that the cursor's state
	// does not cover, because one before them is unfinished. Neighbours are joined.
	Finished []FinishedWindow
	// Begun is when an unfinished read began that one cursor follows for all partitions, and Newest
	// the greatest cursor value of it; zero for other reads. The partitions that are finished go on
	// at From; nil: it is not known.
	Begun        time.Time
	Newest, From any
	// Complete says that the read that left these positions came to its end. A full refresh then
	// starts anew, while an incremental read of an append-only stream goes on from them.
	Complete bool
	// Full says that an unfinished full refresh of a stream with a cursor has left this, so that
	// the next full refresh goes on from it. It would begin anew behind an incremental read.
	Full bool
	// Source and Stream are the names of those that the positions belong to. They are written
	// together with positions only.
	Source, Stream string
}

// SlicePosition is the position in one unfinished slice.
type SlicePosition struct {
	Partition *value.Dict
	Window    *value.Dict
	Position  Position
	// Greatest is the greatest cursor value among the records that were written of the slice; nil:
	// not known.
	Greatest any
	// Inner says that the slice's window ends where another one begins. Other windows end where
	// their read ended, mostly at the present time.
	Inner bool
	// Until is the time up to which records may have come since that belong before the window's
	// end, where the cursor looks back; nil: none may.
	Until any
	// Records is how many records were written of the slice. It is kept with tokens that do not
	// count themselves (Opaque, NextURL).
	Records int64
}

// FinishedWindow is a window that was read to its end.
type FinishedWindow struct {
	Partition *value.Dict
	Window    *value.Dict
	Greatest  any  // see SlicePosition
	Inner     bool // see SlicePosition
	Until     any  // see SlicePosition
}

// Position is a place in one slice: a page, and the last record of it that was written.
type Position struct {
	Kind Kind
	// Token asks for the page: an int64 for Page and Offset, a string or any other JSON value for
	// Opaque, a string for NextURL. nil stands for the slice's first page.
	Token any
	// LastID is the identity of the last record that was written of the page (see tap.IDOf); nil:
	// none was.
	LastID any
	// IssuedAt is when the API handed out a token that may expire; zero for other tokens.
	IssuedAt time.Time
	// Came is how many records of the list had come before the page, in whatever run. It is kept
	// with tokens that do not count themselves; 0: it is not known, or none had.
	Came int64
	// Query is a fingerprint of the request without its token. A position is only good for the same
	// query.
	Query string
	// Pagination is the way of paging that the run found, as a configuration states it, where the
	// configuration did not say; nil: it did.
	Pagination *value.Dict
}

// IsStart reports whether the position is the very beginning of the slice.
func (p Position) IsStart() bool { return p.Token == nil && p.LastID == nil }

// Kind says what a position's token is. That decides how a page that has moved can be looked for.
type Kind string

// The kinds of token. A bookmark has the token under the name of its kind.
const (
	Page    Kind = "page"     // the number of a page: those before and after it can be asked for
	Offset  Kind = "offset"   // a number of records: those before and after it can be asked for
	Opaque  Kind = "cursor"   // something that the API handed out; it may expire
	NextURL Kind = "next_url" // a whole address that the API handed out; it may expire
	None    Kind = ""         // no token: the slice has one page only
)
