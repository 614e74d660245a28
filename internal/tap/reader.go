package tap

import (
	"cmp"
	"context"
	"log/slog"
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
	again     int // records that came twice, see Page.Again
	unsaved   int // records since the last checkpoint
	stateSize int // of the last checkpoint, in bytes
	savedAt   time.Time
	begunAt   time.Time
	err       error
	budget    *BudgetError // the budget that ended the stream early; nil: none did
	beginning string       // what the cursor remembered when the read began
	advanced  bool         // the stream got further than its bookmark
	log       *slog.Logger
	warned    bool                    // see warnOnce
	whole     bool                    // all slices came
	over      bool                    // its end was written
	stop      context.CancelCauseFunc // ends the stream early

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
	r.end(cmp.Or(Stopped(ctx), err))
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
	if !r.Stream.Resumable {
		return b
	}
	b.Full = r.FullRefresh && b.Cursor != nil && len(r.Stream.CursorField) > 0 && !r.progress.ended
	r.progress.write(b)
	if r.abilities.Leave != nil && !r.progress.ended {
		r.abilities.Leave(b)
		r.progress.leaveOut(b)
	}
	if b.Clashes() && (len(b.Slices) > 0 || len(b.Finished) > 0) {
		r.warnOnce("positions are not kept: the cursor's state has a member with one of their names, so that an interrupted read goes on by the cursor alone")
	}
	return b
}

// since sets Since, and says where it has no effect.
func (r *reader) since(from *StartingPoint) {
	if r.Since.IsZero() {
		return
	}
	from.SinceUnused = func(reason string) {
		r.log.Warn("--since has no effect: "+reason, "stream", r.Stream.Name)
	}
	from.Since = r.Since
	switch {
	case len(r.Stream.CursorField) == 0:
		from.WithoutSince("the stream has no cursor, so that all of it is read")
	case from.State != nil && from.State.Len() > 0:
		from.WithoutSince("the stream goes on from its state")
	default:
		return
	}
	from.Since = time.Time{}
}

// limited reports whether the stream has as many records as are wanted.
func (r *reader) limited() bool { return r.Limit > 0 && r.records >= r.Limit }

// open opens the stream for this read, at the place where the bookmark says.
func (r *reader) open(log *slog.Logger) error {
	r.log = log
	b := r.Bookmark
	if b == nil {
		b = &state.Bookmark{}
	}
	if r.FullRefresh && b.Complete {
		b = &state.Bookmark{}
	}
	r.progress = newProgress(b)
	from := StartingPoint{State: b.Cursor, CursorField: r.CursorField, Unused: r.unused}
	if r.Stream.Resumable && !b.Complete {
		from.Left = b
	}
	r.since(&from)
	reading, err := r.Stream.Open(from)
	if err != nil {
		return err
	}
	if reading.Cursor.State() != nil {
		r.progress.leaveToCursor()
	}
	r.reading, r.abilities = reading, reading.Cursor.Abilities()
	r.beginning = r.remembered()
	if !r.Stream.Resumable {
		for _, s := range b.Slices {
			r.unused(s, "the stream can not be gone on with inside a slice")
		}
	}
	return nil
}
