package singer

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"anytap/internal/frontend"
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
	streams map[string]*sinkStream

	activate bool // write ACTIVATE_VERSION messages and the versions of records
}

// sinkStream is what the sink knows of a stream.
type sinkStream struct {
	schema   *value.Dict // what its SCHEMA message holds; nil: not known
	keys     []string
	fields   *fields // those that its records keep; nil: all
	envelope []byte
	version  int64 // of the table; 0: none
}

var _ tap.Sink = (*sink)(nil)

// memberVersion has the version of a table in the bookmark of an unfinished full refresh. The run
// that goes on with it must use the same version: with a new one the target would hide the records
// of the first run.
const memberVersion = "version"

func newSink(w *frontend.Writer, log *slog.Logger, now func() time.Time, s *wholeState) *sink {
	return &sink{writer: w, log: log, now: now, state: s, streams: map[string]*sinkStream{}}
}

// add makes a selected stream known. f are the fields that its records keep, nil: all; given is its
// bookmark. The schema may still be unknown.
func (k *sink) add(w frontend.Wanted, f *fields, given *value.Dict) *sinkStream {
	s := w.Stream
	st := &sinkStream{schema: w.Schema, keys: keyProperties(s), fields: f, envelope: envelope(s.Name)}
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
	err := k.writer.Append(func(b []byte) []byte {
		return appendSchema(b, s.Name, st.schema, st.keys, s.CursorField)
	})
	if err != nil {
		return err
	}
	return k.writer.Flush()
}

// Records writes RECORD messages without the fields that are not selected.
func (k *sink) Records(s *tap.Stream, records []tap.Record) error {
	st := k.streams[s.Name]
	end := tail(st.version, k.now())
	for batch := range slices.Chunk(records, 64) {
		err := k.writer.Append(func(b []byte) []byte {
			for _, r := range batch {
				if st.fields != nil {
					st.fields.prune(r.Data)
				}
				b = appendRecord(b, st.envelope, r, end)
			}
			return b
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Checkpoint writes STATE.
func (k *sink) Checkpoint(s *tap.Stream, b *state.Bookmark) (int, error) {
	d, st := b.Dict(), k.streams[s.Name]
	if d != nil && st.version != 0 && (len(b.Slices) > 0 || len(b.Done) > 0) {
		d = d.Clone()
		d.Set(memberVersion, st.version)
	}
	size := k.state.set(s.Name, d)
	if err := k.writer.Append(k.state.append); err != nil {
		return size, err
	}
	return size, k.writer.Flush()
}

// End activates the version of a table that was read whole. An error is logged as CRITICAL.
func (k *sink) End(s *tap.Stream, err error) error {
	if err != nil {
		k.log.Log(context.Background(), levelCritical, err.Error(), "stream", s.Name, "kind", string(tap.KindOf(err)))
		return nil
	}
	if st := k.streams[s.Name]; st.version != 0 && st.schema != nil {
		version := st.version
		if err := k.writer.Append(func(b []byte) []byte { return appendActivateVersion(b, s.Name, version) }); err != nil {
			return err
		}
		return k.writer.Flush()
	}
	return nil
}
