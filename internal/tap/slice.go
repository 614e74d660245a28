package tap

import (
	"anytap/internal/value"
	"anytap/state"
)

// Slice is an independent part of a stream: one worker reads it from its first page to its last. A
// Slice does not change while it is read.
type Slice struct {
	Partition *value.Dict // never nil; empty for a stream without partitions
	Window    *value.Dict // never nil; the cursor's bounds under the names that templates know; empty without a cursor
	Extra     *value.Dict // fields of the parent that requests may use and that are no part of the identity; may be nil
	// Resume is where an earlier read stopped; nil: the slice is read from its first page. Read
	// sets it.
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

// Key identifies the slice within its stream: its partition and window as JSON with sorted keys. It
// is the same in every run.
func (s *Slice) Key() string { return state.SliceKey(s.Partition, s.Window) }

// Page is the records of one answer, and the positions before and after them.
type Page struct {
	Records []Record
	// Here is the position of the page's first record: a read that begins there gets this page
	// again.
	Here state.Position
	// After is the position to go on from once every record of the page is written.
	After state.Position
	// Anew says that the slice was to go on at its Resume position, which could not be used: this
	// is its first page.
	Anew bool
	// Again is how many of the records came before in this slice, as far as that is known.
	Again int
	// Credits is what the API charged for the page; 0 where it does not say.
	Credits float64
	// Release, if not nil, is called once all records are written. From then on their memory may be
	// used again.
	Release func()
}
