package singer

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"anytap/internal/frontend"
	"anytap/internal/singer/streammap"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// sink writes a read as Singer messages.
type sink struct {
	writer  *frontend.Writer
	log     *slog.Logger
	now     func() time.Time
	state   *wholeState
	maps    *streammap.Mapper // nil: streams go out as they are
	streams map[string]*sinkStream

	activate bool // write ACTIVATE_VERSION messages and the versions of records
}

// sinkStream is what the sink knows of a stream.
type sinkStream struct {
	stream    *tap.Stream
	schema    *value.Dict           // what its SCHEMA message holds; nil: not known
	check     *frontend.SchemaCheck // of records; nil: none
	keys      []string
	bookmarks []string // names of the replication key
	fields    *fields  // those that its records keep; nil: all
	envelope  []byte
	version   int64 // of the table; 0: none

	mapped  bool     // it goes out by stream maps, as its outputs
	outputs []output // none: it is left out
	text    []byte   // of the record that is checked, of a stream that is mapped
}

var _ tap.Sink = (*sink)(nil)

// memberVersion has the version of a table in the bookmark of an unfinished full refresh. The run
// that goes on with it must use the same version: with a new one the target would hide the records
// of the first run.
const memberVersion = "version"

func newSink(w *frontend.Writer, log *slog.Logger, now func() time.Time, s *wholeState) *sink {
	return &sink{writer: w, log: log, now: now, state: s, streams: map[string]*sinkStream{}}
}

// add makes a selected stream known. keys are those of its SCHEMA; f are the fields that its
// records keep, nil: all; given is its bookmark. The schema may still be unknown.
func (k *sink) add(w frontend.Wanted, keys []string, f *fields, given *value.Dict) *sinkStream {
	s, bookmarks := w.Stream, replicationKeys(w.Stream)
	if len(w.CursorField) > 0 {
		bookmarks = w.CursorField[:1]
	}
	st := &sinkStream{stream: s, schema: w.Schema, keys: keys, bookmarks: bookmarks, fields: f, envelope: envelope(s.Name)}
	if k.activate && (w.FullRefresh || len(s.CursorField) == 0) {
		st.version = k.now().UnixMilli()
		if given != nil {
			if v, ok := given.Get(memberVersion); ok {
				st.version, _ = v.(int64)
			}
		}
	}
	k.streams[s.Name] = st
	return st
}

// Begin writes SCHEMA, unless the stream has none because it failed before.
func (k *sink) Begin(s *tap.Stream) error {
	st := k.streams[s.Name]
	if st.schema == nil {
		return nil
	}
	// Where the catalog leaves fields out, those that it does not know are not wanted either.
	st.check = frontend.NewSchemaCheck(s, st.schema, s.Inferred && st.fields == nil)
	if err := k.writer.Append(st.appendSchema); err != nil {
		return err
	}
	return k.writer.Flush()
}

// Records writes RECORD messages without the fields that are not selected. Those that do not fit an
// inferred schema come behind a wider SCHEMA.
func (k *sink) Records(s *tap.Stream, records []tap.Record) error {
	st := k.streams[s.Name]
	end := tail(st.version, k.now())
	if st.mapped {
		return k.mappedRecords(st, records, end)
	}
	for from := 0; from < len(records); from += batchSize {
		batch := records[from:min(from+batchSize, len(records))]
		err := k.writer.Append(func(b []byte) []byte {
			start := len(b)
			b, fits := st.append(b, batch, end)
			if fits || !k.widen(s, st, records[from:]) {
				return b
			}
			b = st.appendSchema(b[:start])
			b, _ = st.append(b, batch, end)
			return b
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// batchSize is how many records are written with one lock and one look at the buffer.
const batchSize = 64

// append appends records. fits is false if one of them does not fit the schema.
func (st *sinkStream) append(b []byte, records []tap.Record, end []byte) (out []byte, fits bool) {
	fits = true
	for _, r := range records {
		if st.fields != nil {
			st.fields.prune(r.Data)
		}
		at := len(b) + len(st.envelope)
		b = appendRecord(b, st.envelope, r, end)
		if st.check != nil && fits {
			fits = st.check.Fits(r.Data, b[at:len(b)-len(end)])
		}
	}
	return b, fits
}

// widen makes the schema fit the records too, and reports whether it changed. A schema that was
// declared does not: there is a warning.
func (k *sink) widen(s *tap.Stream, st *sinkStream, records []tap.Record) bool {
	if !s.Inferred {
		st.check.Warn(k.log, s.Name, records)
		return false
	}
	changes := st.check.Widen(records)
	if len(changes) == 0 {
		return false
	}
	var fields []string
	for _, c := range changes[:min(len(changes), mostNamed)] {
		fields = append(fields, c.Field+": "+c.Found)
	}
	k.log.Info("records do not fit the inferred schema; a wider one is written before them", "stream", s.Name,
		"changes", len(changes), "fields", strings.Join(fields, ", "))
	st.schema = tableSchema(s, st.check.Schema())
	return true
}

// mostNamed is how many fields a message names.
const mostNamed = 10

// Checkpoint writes STATE.
func (k *sink) Checkpoint(s *tap.Stream, b *state.Bookmark) (int, error) {
	d, st := b.Dict(), k.streams[s.Name]
	if d != nil && st.version != 0 && (len(b.Slices) > 0 || len(b.Done) > 0) {
		d = d.Clone()
		d.Set(memberVersion, st.version)
	}
	k.state.set(s.Name, d)
	if err := k.writer.Append(k.state.append); err != nil {
		return 0, err
	}
	return k.state.size, k.writer.Flush() // the bookmarks of all streams
}

// End activates the version of a table that was read whole. An error is logged as CRITICAL.
func (k *sink) End(s *tap.Stream, err error) error {
	switch {
	case tap.BudgetOf(err) != nil:
		return nil // rows that were not read yet are no rows that are gone
	case errors.Is(err, tap.ErrInterrupted):
		return nil // the read says it once
	case err != nil:
		k.log.Log(context.Background(), levelCritical, err.Error(), "stream", s.Name, "kind", string(tap.KindOf(err)))
		return nil
	}
	if st := k.streams[s.Name]; st.version != 0 && st.schema != nil {
		if err := k.writer.Append(st.appendActivateVersion); err != nil {
			return err
		}
		return k.writer.Flush()
	}
	return nil
}
