// Package state is what the next run must know: one bookmark per stream, and how it is written and read.
package state

import (
	"time"

	"anytap/internal/value"
)

// Kind says what a position's token is, and so how a moved page can be looked for.
type Kind string

// The kinds of token, named as the bookmark names them.
const (
	Page    Kind = "page"     // a page number: neighbours can be asked for
	Offset  Kind = "offset"   // a count of records: neighbours can be asked for
	Opaque  Kind = "cursor"   // what the API handed out, may expire
	NextURL Kind = "next_url" // a whole address that the API handed out, may expire
	None    Kind = ""         // the slice has one page only
)

// Position is a place inside one slice: a page, and the last record of it that is out.
type Position struct {
	Kind Kind
	// Token asks for the page; nil: the slice's first page.
	Token any
	// LastID is the primary key (one value, or a list) of the last record that was
	// written of that page; nil: none.
	LastID any
	// IssuedAt is when an opaque token was handed out; zero for page and offset.
	IssuedAt time.Time
	// Query is a fingerprint of the request without its token: a position is only good for the same query.
	Query string
}

// IsStart reports whether the position is the slice's very beginning.
func (p Position) IsStart() bool { return p.Token == nil && p.LastID == nil }

// SlicePosition is the position of one unfinished slice.
type SlicePosition struct {
	Partition *value.Dict
	Window    *value.Dict
	Position  Position
}

// Bookmark is one stream's part of the state.
type Bookmark struct {
	// Cursor is the stream state as the reference runtime writes it; nil for a stream without a cursor.
	Cursor *value.Dict
	// Slices are the unfinished slices that have a position.
	Slices []SlicePosition
	// Done are the keys (hashed) of the slices that an unfinished read has finished.
	Done []string
	// Complete says that the read which left these positions had come to its end, so that a full refresh starts anew
	// while an incremental read of an append-only stream goes on.
	Complete bool
	// Source and Stream name whom the positions belong to; written with positions only.
	Source, Stream string
}

// Format is the version of the positions' form; a newer one in a state file is refused.
const Format = 1
