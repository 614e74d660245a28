package tap

import (
	"context"
	"sync/atomic"
	"time"

	"anytap/internal/rawjson"
	"anytap/internal/value"
	"anytap/state"
)

// Stream is a table of records that a source can read.
type Stream struct {
	Name       string
	Namespace  string     // empty: none
	PrimaryKey [][]string // paths of the fields that identify a record; empty: none
	// CursorField is the path of the field that an incremental read follows; empty: the stream can
	// only be read in full.
	CursorField []string
	// CursorFieldFromCatalog allows the configured catalog to name another cursor field.
	CursorFieldFromCatalog bool
	// Resumable streams keep positions in their state while a read is unfinished, so that the next
	// read goes on inside a slice.
	Resumable bool
	// AppendOnly streams only grow at their end. They keep their position after a complete read,
	// and the next read begins there.
	AppendOnly bool
	// FileBased streams give records that refer to files.
	FileBased bool
	// Strict streams fail where an answer contradicts what the stream says of itself.
	Strict bool
	// Group names streams that must not be read at the same time; empty: none.
	Group string
	// Parents are the names of the streams that this one's slices are made from, all generations.
	Parents []string
	// Unsupported says why anytap can not read the stream (it needs a Custom component); nil for
	// most.
	Unsupported error
	// Inferred says that the schema is made of some of the records. It may fail as any read may,
	// and other records may contradict it. The read itself does not need it.
	Inferred bool
	// Pattern is where who writes an Inferred stream puts what its records should be, so that it is
	// looked at when they are cut out of an answer (value.Dict.Fits); nil: nobody looks at it. What
	// is put there later must be wider.
	Pattern *atomic.Pointer[rawjson.Pattern]
	// Checked says that users are warned of records that do not fit a schema which is not inferred.
	Checked bool
	// Schema gives the JSON schema of the records; it may ask the API.
	Schema func(context.Context) (*value.Dict, error)
	// Open starts one read. It makes no request.
	Open func(StartingPoint) (*Reading, error)
	// Locate adds the stream's place in its manifest to an error of which the manifest may be the
	// cause; nil: there is no such place.
	Locate func(error) error
}

// Located is an error of the stream with its place, where it has one.
func (s *Stream) Located(err error) error {
	if err == nil || s.Locate == nil {
		return err
	}
	return s.Locate(err)
}

// StartingPoint says where one read of a stream starts.
type StartingPoint struct {
	// State is the stream state in the reference runtime's form, without positions; nil: none.
	State *value.Dict
	// CursorField is the catalog's choice, where CursorFieldFromCatalog allows one; empty: the
	// stream's own field.
	CursorField []string
	// Since is where a read begins that has no state; zero: where the stream says. A cursor that
	// can not begin there calls WithoutSince.
	Since time.Time
	// SinceUnused is told why Since has no effect; nil: nobody asks.
	SinceUnused func(reason string)
	// Left is the bookmark of the read before, where that one did not come to its end and a slice
	// can be gone on with; nil: there is nothing to go on with. A cursor that makes windows yields
	// the unfinished ones (Left.Slices) first, with the same Partition and Window, so that they go
	// on at their positions; see Cursor.
	Left *state.Bookmark
	// Unused is told of a position in Left whose slice the cursor does not yield, and why; nil:
	// nobody asks.
	Unused func(s state.SlicePosition, reason string)
}

// Refuse tells Unused, if somebody asks.
func (o *StartingPoint) Refuse(s state.SlicePosition, reason string) {
	if o.Unused != nil {
		o.Unused(s, reason)
	}
}

// WithoutSince tells SinceUnused, if there is a Since and somebody asks.
func (o *StartingPoint) WithoutSince(reason string) {
	if !o.Since.IsZero() && o.SinceUnused != nil {
		o.SinceUnused(reason)
	}
}

// Reading is a stream that was opened for one read.
type Reading struct {
	Cursor    Cursor
	Retriever Retriever
}
