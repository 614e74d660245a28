package tap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"anytap/internal/value"
	"anytap/state"
)

// ErrInterrupted ends the streams of a read that was stopped from outside (SIGTERM, SIGINT).
var ErrInterrupted = errors.New("interrupted: the next run goes on from the last state")

// Selection is a stream to read and what the last run left of it.
type Selection struct {
	Stream *Stream
	// Bookmark is the stream's part of the state; nil: none.
	Bookmark *state.Bookmark
	// FullRefresh reads everything again; positions of an interrupted full refresh are followed all the same.
	FullRefresh bool
	// CursorField is the catalog's choice, where the stream allows one.
	CursorField []string
}

// ReadSettings are the settings of one read. Zero values mean the defaults named.
type ReadSettings struct {
	Source            string        // written into positions, so that they are not taken for another system's
	Concurrency       int           // slices read at once; default 4
	CheckpointRecords int           // records after which a long page is checkpointed; default 1,000
	CheckpointEvery   time.Duration // time after which it is, whatever its size; default 30 s
	MaxRecords        int64         // records after which the whole read ends early; 0: no limit
	MaxRuntime        time.Duration // time after which it does; 0: no limit
	Now               func() time.Time
	Log               *slog.Logger
}

func (s ReadSettings) withDefaults() ReadSettings {
	if s.Concurrency <= 0 {
		s.Concurrency = 4
	}
	if s.CheckpointRecords <= 0 {
		s.CheckpointRecords = 1000
	}
	if s.CheckpointEvery <= 0 {
		s.CheckpointEvery = 30 * time.Second
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Result is how one stream's read went.
type Result struct {
	Stream  string
	Records int64
	Credits float64
	Seconds float64
	Err     error // nil: read to its end or to a budget
}

// Read reads the selected streams, several slices at once, and gives
// everything to the sink from one goroutine: the caller's. A stream that fails does not stop the others; its
// error is in its Result. Read itself fails only when the sink does, or with ErrInterrupted when
// ctx is cancelled; what was written by then is covered by a last checkpoint. All goroutines have ended when it returns.
func Read(ctx context.Context, selected []Selection, sink Sink, settings ReadSettings) ([]Result, error) {
	settings = settings.withDefaults()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if settings.MaxRuntime > 0 {
		timer := time.AfterFunc(settings.MaxRuntime, func() {
			stop(&BudgetError{Limit: "max_runtime", Used: settings.MaxRuntime.String()})
		})
		defer timer.Stop()
	}
	s := newSchedule(selected, settings)
	w := &writer{ctx: ctx, sink: sink, settings: settings, stop: stop}
	go s.run(ctx)

	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case e, ok := <-s.events:
			if !ok {
				return s.results(), w.result(s)
			}
			w.handle(e)
		case <-beat.C:
			w.heartbeat(s)
		}
	}
}

// heartbeat is how often a silent read says that it lives; Airbyte's platform and people both want a line a minute.
const heartbeat = 30 * time.Second

// writer is the one goroutine that calls the sink.
type writer struct {
	ctx      context.Context // cancelled when the read is to end early
	sink     Sink
	settings ReadSettings
	stop     context.CancelCauseFunc
	records  int64
	failed   error // the sink's first error
	quiet    bool  // nothing was written since the last heartbeat
}

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
			err = w.sink.Begin(e.reader.stream)
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

// page writes one page in parts of at most CheckpointRecords, each followed by a checkpoint that covers just it. A read that
// was stopped ends between two of them.
func (w *writer) page(e event) error {
	if w.failed != nil || w.stopped(e.reader) {
		return nil
	}
	r, records := e.reader, e.page.Records
	cut := w.left(int64(len(records)))
	for start := 0; ; start += w.settings.CheckpointRecords {
		end := min(start+w.settings.CheckpointRecords, int(cut))
		if err := w.part(e, records[start:end], end == len(records) && !e.broken); err != nil {
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
	w.checkBudget(r)
	return nil
}

func (w *writer) part(e event, records []Record, last bool) error {
	r := e.reader
	if len(records) == 0 && !last {
		return nil
	}
	records, failed := w.observe(e, records)
	last = last && failed == nil
	position := e.page.After
	if !last && len(records) > 0 {
		position = e.page.Here
		position.LastID = IDOf(r.stream.PrimaryKey, records[len(records)-1]) // before the sink leaves fields out
	}
	if len(records) > 0 {
		if err := w.sink.Records(r.stream, records); err != nil {
			return err
		}
	}
	if failed != nil {
		r.end(failed)
	}
	w.records += int64(len(records))
	r.records += int64(len(records))
	if len(records) == 0 && !last {
		return nil
	}
	r.progress.moveTo(e.slice, position, last)
	return w.checkpoint(r, len(records))
}

// observe tells the cursor of the records, up to the one that it fails at: the slice ends after that record. It runs before
// they are written because nothing reads the cursor's state until they are out.
func (w *writer) observe(e event, records []Record) ([]Record, error) {
	cursor, failed := e.reader.reading.Cursor, e.reader.abilities.Failed
	if failed != nil && failed(e.slice) != nil {
		return nil, nil
	}
	for i, record := range records {
		cursor.Observe(e.slice, record)
		if failed != nil {
			if err := failed(e.slice); err != nil {
				return records[:i+1], err
			}
		}
	}
	return records, nil
}

// stopped reports whether the whole read was stopped: from outside, or by a budget that the writer watches. Nothing more is
// written then and slices stay where they are. Requests that are refused for a budget end their slices by
// themselves, after the pages that were paid for.
func (w *writer) stopped(r *reader) bool {
	cause := context.Cause(w.ctx)
	if cause != nil {
		r.end(stopped(cause))
	}
	return cause != nil
}

// left cuts n down to what max_records still allows.
func (w *writer) left(n int64) int64 {
	if w.settings.MaxRecords <= 0 {
		return n
	}
	return min(n, w.settings.MaxRecords-w.records)
}

func (w *writer) checkBudget(r *reader) {
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

// checkpoint writes the bookmark, unless it is large and little has come since the last one: the
// cost of bookmarks stays a small part of the cost of records.
func (w *writer) checkpoint(r *reader, records int) error {
	r.unsaved += records
	large := r.stateSize > largeState
	if large && r.unsaved*recordsPerState < r.stateSize && w.settings.Now().Sub(r.savedAt) < w.settings.CheckpointEvery {
		return nil
	}
	return w.save(r)
}

const (
	largeState      = 4 << 10 // bytes of a bookmark up to which it is written after every page
	recordsPerState = 64      // a large one is written when the records since weigh about as much
)

func (w *writer) save(r *reader) error {
	size, err := w.sink.Checkpoint(r.stream, r.bookmark(w.settings.Source))
	r.stateSize, r.unsaved, r.savedAt = size, 0, w.settings.Now()
	return err
}

func (w *writer) end(e event) error {
	if w.failed != nil {
		return nil
	}
	r := e.reader
	err := r.reason()
	if b := budgetOf(err); b != nil {
		w.settings.Log.Info("stream ended early", "stream", r.stream.Name, "reason", b.Error())
		err = nil
	} else if r.reading != nil {
		r.reading.Cursor.Finish()
		r.progress.finish(r.stream, err, r.fullRefresh)
	}
	r.err = err
	if r.reading != nil {
		if saveErr := w.save(r); saveErr != nil {
			return saveErr
		}
	}
	return w.sink.End(r.stream, err)
}

func (w *writer) result(s *schedule) error {
	if w.failed != nil {
		return w.failed
	}
	for _, r := range s.readers {
		if errors.Is(r.err, ErrInterrupted) {
			return ErrInterrupted
		}
	}
	return nil
}

func (w *writer) heartbeat(s *schedule) {
	if w.quiet {
		w.settings.Log.Info("still reading", "streams", s.activeNames())
	}
	w.quiet = true
}

// stopped turns the cause of a cancelled context into what a stream reports.
func stopped(cause error) error {
	if b := budgetOf(cause); b != nil {
		return b
	}
	return ErrInterrupted
}

func budgetOf(err error) *BudgetError {
	b, _ := errors.AsType[*BudgetError](err)
	return b
}

// IDOf is a record's identity in a position: the primary key's value, a list of them for a composite key, or, where there is
// no key or the record lacks it, a hash of the record's text. It holds no memory of the record.
func IDOf(primaryKey [][]string, r Record) any {
	if id := KeyOf(primaryKey, r); id != nil {
		return value.Own(id)
	}
	h := fnv.New64a()
	raw, ok := r.Data.Untouched()
	if !ok {
		raw = value.Append(nil, r.Data)
	}
	_, _ = h.Write(raw)
	return "hash:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// KeyOf is the primary key's value, a list of them for a composite key, nil where there is no key or the record lacks it.
func KeyOf(primaryKey [][]string, r Record) any {
	if len(primaryKey) == 0 {
		return nil
	}
	if len(primaryKey) == 1 {
		id, _ := value.At(r.Data, primaryKey[0]...)
		return id
	}
	ids := value.NewList()
	for _, path := range primaryKey {
		id, ok := value.At(r.Data, path...)
		if !ok {
			return nil
		}
		ids.Append(id)
	}
	return ids
}
