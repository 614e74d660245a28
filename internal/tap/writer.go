package tap

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// writer takes the events of all reading goroutines, one at a time, and calls the sink.
type writer struct {
	ctx      context.Context // cancelled when the read is to end early
	sink     Sink
	settings ReadSettings
	stop     context.CancelCauseFunc
	records  int64
	failed   error // the sink's first error
	quiet    bool  // nothing was written since the last heartbeat
}

// handle does what an event asks for. After the sink has failed it only lets the events pass.
func (w *writer) handle(e event) {
	var err error
	w.quiet = false
	switch e.kind {
	case pageRead:
		err = w.page(e)
	case sliceRead:
		err = w.sliceDone(e)
	case streamBegun:
		if w.failed == nil {
			e.reader.begunAt = w.settings.Clock()
			err = w.sink.Begin(e.reader.Stream)
		}
	case streamRead:
		err = w.end(e)
	}
	if e.page.Release != nil {
		e.page.Release()
	}
	if err != nil && w.failed == nil {
		w.failed = err
		w.stop(err)
	}
	close(e.taken)
}

// page writes one page in parts of at most CheckpointRecords. A checkpoint behind each part covers
// what was written so far. A read that was stopped ends between two parts.
func (w *writer) page(e event) error {
	if w.failed != nil || w.stopped(e.reader) {
		return nil
	}
	r, records := e.reader, e.page.Records
	cut := w.allowed(r, int64(len(records)))
	for start := 0; ; start += w.settings.CheckpointRecords {
		end := min(start+w.settings.CheckpointRecords, int(cut))
		if err := w.part(&e, records[start:end], end == len(records) && !e.broken); err != nil {
			return err
		}
		if end == int(cut) {
			break
		}
		if w.stopped(r) {
			return nil
		}
	}
	r.credits += e.page.Credits
	r.again += e.page.Again
	w.checkBudget(r)
	return nil
}

// part writes records of one page; last says that the page ends with them.
func (w *writer) part(e *event, records []Record, last bool) error {
	r := e.reader
	if len(records) == 0 && !last || r.gaveUp(e.slice) != nil {
		return nil // behind the record at which the cursor gave the slice up, nothing is written and the position stays
	}
	records, failed := w.observe(*e, records)
	last = last && failed == nil
	position := e.page.After
	if !last && len(records) > 0 {
		position = e.page.Here
		position.LastID = IDOf(r.Stream.PrimaryKey, records[len(records)-1]) // before the sink removes fields
	}
	if len(records) > 0 {
		if err := w.sink.Records(r.Stream, records); err != nil {
			return err
		}
	}
	if failed != nil {
		r.end(failed)
	}
	w.records += int64(len(records))
	r.records += int64(len(records))
	r.progress.moveTo(e.slice, step{to: position, records: len(records), whole: last, anew: e.page.Anew, reach: r.abilities.Reach})
	e.page.Anew = false
	return w.checkpoint(r, len(records))
}

// observe shows the records to the cursor, up to the one at which it gives the slice up, and
// returns those. That is done before they are written, since nobody asks for the cursor's state
// until then.
func (w *writer) observe(e event, records []Record) ([]Record, error) {
	cursor := e.reader.reading.Cursor
	for i, record := range records {
		cursor.Observe(e.slice, record)
		if err := e.reader.gaveUp(e.slice); err != nil {
			return records[:i+1], err
		}
	}
	return records, nil
}

// stopped reports whether the whole read was stopped, from outside or by a budget that the writer
// watches, or the stream by its limit. From then on nothing is written, and slices stay where they
// are. Budgets of requests are not watched here: a request that is refused ends its slice, after
// the pages that came before it.
func (w *writer) stopped(r *reader) bool {
	reason := Stopped(w.ctx)
	if reason != nil {
		r.end(reason)
	}
	return reason != nil || r.limited()
}

// allowed cuts n down to what max_records and the stream's limit still allow.
func (w *writer) allowed(r *reader, n int64) int64 {
	if w.settings.MaxRecords > 0 {
		n = min(n, w.settings.MaxRecords-w.records)
	}
	if r.Limit > 0 {
		n = min(n, r.Limit-r.records)
	}
	return n
}

func (w *writer) checkBudget(r *reader) {
	if r.limited() {
		b := &BudgetError{Limit: LimitFlag, Used: fmt.Sprintf("%d records", r.records)}
		r.end(b)
		r.stop(b)
	}
	if most := w.settings.MaxRecords; most <= 0 || w.records < most {
		return
	}
	b := &BudgetError{Limit: "max_records", Used: fmt.Sprintf("%d records", w.records)}
	r.end(b)
	w.stop(b)
}

func (w *writer) sliceDone(e event) error {
	if w.failed != nil || w.stopped(e.reader) {
		return nil
	}
	if err := e.reader.reading.Cursor.Close(e.slice); err != nil {
		e.reader.end(err)
		return nil
	}
	if e.reader.progress.close(e.slice) {
		return w.checkpoint(e.reader, 0)
	}
	return nil
}

// checkpoint writes the bookmark. A large one waits until the records since the last one weigh
// more, so that bookmarks cost little in comparison with records, but no longer than its pause.
func (w *writer) checkpoint(r *reader, records int) error {
	r.unsaved += records
	if r.stateSize > largeState && r.unsaved*recordsPerState < r.stateSize && w.settings.Clock().Sub(r.savedAt) < w.pause(r) {
		return nil
	}
	return w.save(r)
}

const (
	largeState      = 4 << 10                // bytes; smaller bookmarks are written after every page
	recordsPerState = 32                     // bytes of a large bookmark for each record since; a record has mostly more
	shortestPause   = 250 * time.Millisecond // between two large bookmarks, if few records came
	statePerSecond  = 1 << 20                // bytes of bookmarks, if few records came
)

// pause is how long a large bookmark is put off, however few records come. It is as long as the
// read of the stream had lasted when the last one was written. So a run that is killed loses at
// most half of its time: however short the runs are, each gets further than the one before. Long
// runs lose CheckpointEvery at most.
func (w *writer) pause(r *reader) time.Duration {
	least := max(shortestPause, time.Second*time.Duration(r.stateSize)/statePerSecond)
	return min(max(least, r.savedAt.Sub(r.begunAt)), w.settings.CheckpointEvery)
}

func (w *writer) save(r *reader) error {
	size, err := w.sink.Checkpoint(r.Stream, r.bookmark(w.settings.Source))
	r.stateSize, r.unsaved, r.savedAt = size, 0, w.settings.Clock()
	return err
}

func (w *writer) end(e event) error {
	if w.failed != nil {
		return nil
	}
	r := e.reader
	r.over = true
	err := r.Stream.Located(r.reason())
	if b := BudgetOf(err); b != nil {
		w.settings.Log.Info("stream ended early", "stream", r.Stream.Name, "reason", b.Error())
		err, r.budget = nil, b
	} else if r.reading != nil {
		if r.whole {
			r.reading.Cursor.Finish()
		}
		r.progress.finish(r.Stream, err, r.FullRefresh)
	}
	r.err = err
	if r.again > 0 {
		w.settings.Log.Warn("records came again on later pages: the list changed while it was read, so that others may have been missed; the primary key tells them apart",
			"stream", r.Stream.Name, "records", r.again)
	}
	if err == nil && r.budget == nil && r.records == 0 && r.Bookmark == nil {
		w.settings.Log.Info("no records came", "stream", r.Stream.Name)
	}
	if r.reading != nil {
		r.advanced = r.gotFurther()
		if saveErr := w.save(r); saveErr != nil {
			return saveErr
		}
	}
	if r.budget != nil {
		err = r.budget
	}
	return w.sink.End(r.Stream, err)
}

func (w *writer) result(s *schedule) error {
	if w.failed != nil {
		return w.failed
	}
	for _, r := range s.readers {
		if errors.Is(r.err, ErrInterrupted) {
			return r.err
		}
	}
	return standstill(s.readers)
}

func (w *writer) heartbeat(s *schedule) {
	if w.quiet {
		w.settings.Log.Info("still reading", "streams", s.activeNames())
	}
	w.quiet = true
}

// reasonOf is what a stream reports when its context was cancelled for a cause: a budget, or an
// interruption.
func reasonOf(cause error) error {
	if b := BudgetOf(cause); b != nil {
		return b
	}
	if errors.Is(cause, ErrInterrupted) {
		return cause
	}
	return ErrInterrupted
}
