package tap

import (
	"context"
	"iter"

	"anytap/internal/value"
	"anytap/state"
)

// Record is one JSON object of a stream. Its data stays the raw text that came
// in until something asks for a field.
type Record struct {
	Data *value.Dict
	// File names a file that was downloaded with the record; nil for most.
	File *FileReference
}

// FileReference tells a destination where a record's file lies, as Airbyte's
// protocol (AirbyteRecordMessageFileReference) has it.
type FileReference struct {
	StagingURL         string // path of the file on this machine
	SourceRelativePath string
	Bytes              int64
}

// Slice is one independent part of a stream: what one worker reads from first page to last.
// A Slice is not changed once it is being read.
type Slice struct {
	Partition *value.Dict // never nil; empty for a stream without partitions
	Window    *value.Dict // never nil; the cursor's bounds under the names that templates know; empty without a cursor
	Extra     *value.Dict // fields of the parent that requests may use but that are no identity; may be nil
	// Resume is where this slice goes on; nil: at its first page. The read loop sets it.
	Resume *state.Position
}

// NewSlice returns a Slice; nil arguments become empty dicts.
func NewSlice(partition, window, extra *value.Dict) *Slice {
	if partition == nil {
		partition = value.NewDict(0)
	}
	if window == nil {
		window = value.NewDict(0)
	}
	return &Slice{Partition: partition, Window: window, Extra: extra}
}

// Key identifies the slice within its stream, the same in every run: partition
// and window as JSON with sorted keys.
func (s *Slice) Key() string { return state.SliceKey(s.Partition, s.Window) }

// Page is records that came together and what is known of the way on.
type Page struct {
	Records []Record
	// Here is the position of the page's first record: asking for it again gives this page.
	Here state.Position
	// After is where to go on once every record of the page is out.
	After state.Position
	// Credits is what the API charged for the page, 0 where it does not count.
	Credits float64
	// Release, if not nil, is called once all records are written: their memory is used again.
	Release func()
}

// Retriever reads one slice page by page.
type Retriever interface {
	// Pages yields the slice's pages in order, from the slice's Resume position or its
	// first page. An error ends the sequence and is yielded last, after what
	// could be read before it. It is called from many goroutines at once, each
	// with another slice. On cancellation it yields ctx's error.
	Pages(ctx context.Context, s *Slice) iter.Seq2[Page, error]
}

// Cursor makes a stream's slices and follows what has been written. One Cursor serves one
// read of one stream. Slices is called once, by one goroutine; the other
// methods are called by the writing goroutine while Slices still runs: a Cursor is safe for concurrent use. Abilities says
// what it can do besides: keep or drop records, split or narrow a window, fail at a record, number its states.
type Cursor interface {
	// Slices yields the stream's slices in order. An error is yielded last.
	Slices(context.Context) iter.Seq2[*Slice, error]
	// Observe is told of each record as it is written; State is not asked for before the record is out.
	Observe(*Slice, Record)
	// Close says that every record of the slice was written.
	Close(*Slice) error
	// Finish is called once when no more slices come, whether or not all of them were closed.
	Finish()
	// State is the stream state in the reference runtime's form, covering only
	// what was observed and closed; nil for a stream without a cursor.
	State() *value.Dict
	// Abilities are those that not every cursor has. They are the same throughout the read.
	Abilities() CursorAbilities
}

// Stream is a table of records that a source can read.
type Stream struct {
	Name       string
	Namespace  string     // empty: none
	PrimaryKey [][]string // paths of the fields that identify a record; empty: none
	// CursorField is the path of the field that an incremental read follows; empty: the stream is read in full.
	CursorField []string
	// CursorFieldFromCatalog allows the configured catalog to name another cursor field.
	CursorFieldFromCatalog bool
	// Resumable streams carry positions in their state while a read is unfinished.
	Resumable bool
	// AppendOnly streams keep their position after a complete read, so that the next one reads only what came since.
	AppendOnly bool
	// FileBased streams give records that refer to files.
	FileBased bool
	// Group names streams that must not be read at the same time; empty: none.
	Group string
	// Parents are the names of the streams that this one's slices are made from, all generations.
	Parents []string
	// Unsupported says why the stream can not be read here (it needs a Custom component); nil for most.
	Unsupported error
	// Schema gives the JSON schema of the records; it may ask the API.
	Schema func(context.Context) (*value.Dict, error)
	// Open starts one read. It makes no request.
	Open func(StartingPoint) (*Reading, error)
}

// StartingPoint is what one read of a stream starts from.
type StartingPoint struct {
	// State is the stream state in the reference runtime's form, without positions; nil: none.
	State *value.Dict
	// CursorField is the catalog's choice where the stream allows one.
	CursorField []string
}

// Reading is a stream opened for one read.
type Reading struct {
	Cursor    Cursor
	Retriever Retriever
}

// Source is one configured system.
type Source struct {
	// Name is the system's: written into positions, so that one system's are not taken for another's.
	Name string
	// Check says whether the system can be read with this configuration. An error is a fault of the manifest or the
	// program, or of kind Config; what the system itself answered is in the Availability.
	Check func(context.Context) (Availability, error)
	// Streams lists what can be read; it may ask the API where streams are made at run time.
	Streams func(context.Context) ([]*Stream, error)
	// Settings are those of a read that the configuration or the manifest makes. Source, Now and Log are the front end's to set.
	Settings ReadSettings
	// Secrets are the texts that must not appear in any message.
	Secrets []string
	// Close frees what the source holds; nil: nothing.
	Close func() error
}

// Availability is the outcome of a check.
type Availability struct {
	OK     bool
	Reason string // why not, for the user; without secrets
}

// Sink writes what is read, in one protocol. It is called by one goroutine.
type Sink interface {
	// Begin announces a stream, before any of its records.
	Begin(*Stream) error
	// Records writes records, each encoded once. They need not be out when it returns, and
	// the sink does not keep them.
	Records(*Stream, []Record) error
	// Checkpoint writes the stream's bookmark after everything written before it, and flushes both. It
	// returns the size of the bookmark in bytes, so that large ones are written less often.
	Checkpoint(*Stream, *state.Bookmark) (size int, err error)
	// End says how the stream ended; err is nil when it was read to its end or to a budget.
	End(s *Stream, err error) error
}
