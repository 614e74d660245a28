package tap

import "anytap/state"

// Sink writes what is read in the words of one protocol. One goroutine calls it. Several streams
// may be under way at once; the calls of each come in the order of the methods here, Records and
// Checkpoint any number of times. Package taptest has a test for all sinks.
type Sink interface {
	// Begin announces a stream.
	Begin(*Stream) error
	// Records writes records. They may still be in a buffer when it returns, but the sink has
	// encoded them by then and does not keep them: their memory may be used again.
	Records(*Stream, []Record) error
	// Checkpoint writes the stream's bookmark behind everything that was written before, and
	// flushes all of it. It returns how many bytes that wrote; large ones are written less often.
	Checkpoint(*Stream, *state.Bookmark) (size int, err error)
	// End says how the stream ended. err is nil when it was read to its end, and a *BudgetError
	// when it was read as far as a budget allowed, which is no failure.
	End(s *Stream, err error) error
}
