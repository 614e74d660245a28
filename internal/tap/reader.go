package tap

import (
	"context"
	"sync"
	"time"

	"anytap/state"
)

// reader is one selected stream while it is read. mu guards what stands below it, and progress
// guards itself. The rest belongs to the writer, or is set before the writer sees it.
type reader struct {
	Selection
	reading   *Reading
	abilities CursorAbilities
	progress  *progress
	records   int64
	credits   float64
	unsaved   int // records since the last checkpoint
	stateSize int
	savedAt   time.Time
	begun     time.Time
	seconds   float64
	err       error

	mu    sync.Mutex
	ended error // the first reason why the stream is not read to its end
}

// end records why the stream is not read to its end. The first reason counts.
func (r *reader) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended == nil {
		r.ended = err
	}
}

// endWith is end with err or, where ctx was cancelled and err only follows from that, with the
// cause.
func (r *reader) endWith(ctx context.Context, err error) {
	if cause := context.Cause(ctx); cause != nil {
		err = reasonOf(cause)
	}
	r.end(err)
}

func (r *reader) reason() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended
}

// gaveUp is the error of the record at which the cursor gave the slice up; nil: it did not.
func (r *reader) gaveUp(s *Slice) error {
	if r.abilities.Failed == nil {
		return nil
	}
	return r.abilities.Failed(s)
}

func (r *reader) bookmark(source string) *state.Bookmark {
	b := &state.Bookmark{Cursor: r.reading.Cursor.State(), Source: source, Stream: r.Stream.Name}
	if r.Stream.Resumable {
		r.progress.write(b)
	}
	return b
}

// open opens the stream for this read, at the place where the bookmark says.
func (r *reader) open() error {
	b := r.Bookmark
	if b == nil {
		b = &state.Bookmark{}
	}
	if r.FullRefresh && b.Complete {
		b = &state.Bookmark{}
	}
	reading, err := r.Stream.Open(StartingPoint{State: b.Cursor, CursorField: r.CursorField})
	if err != nil {
		return err
	}
	r.progress = newProgress(b)
	r.progress.byCursor = reading.Cursor.State() != nil
	r.reading, r.abilities = reading, reading.Cursor.Abilities()
	return nil
}
