package airbyte

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// sink writes a read as Airbyte messages.
type sink struct {
	out     *output
	log     *slog.Logger
	schemas map[string]*value.Dict // those that the catalog has, by stream
	streams map[string]*sinkStream
}

// sinkStream is what the sink knows of a stream.
type sinkStream struct {
	envelope []byte                // what stands before the data of a record
	state    []byte                // what stands before a state
	running  bool                  // RUNNING was written
	records  int64                 // since the last STATE
	last     []byte                // the text of the last state
	spare    []byte                // that of the one before, whose memory is used again
	check    *frontend.SchemaCheck // of records; nil: none
}

var _ tap.Sink = (*sink)(nil)

func newSink(out *output, log *slog.Logger, schemas map[string]*value.Dict) *sink {
	return &sink{out: out, log: log, schemas: schemas, streams: map[string]*sinkStream{}}
}

// noCursor is what the reference runtime writes as the state of a stream that has none.
func noCursor() *value.Dict { return value.DictOf("__ab_no_cursor_state_message", true) }

// Begin writes STARTED.
func (k *sink) Begin(s *tap.Stream) error {
	k.streams[s.Name] = &sinkStream{envelope: envelope(s), state: stateEnvelope(s), check: frontend.NewSchemaCheck(s, k.schemas[s.Name], false)}
	return k.out.write(true, func(b []byte) []byte { return appendStatus(b, s, started, k.out.now()) })
}

// Records writes RECORD messages, RUNNING before the first.
func (k *sink) Records(s *tap.Stream, records []tap.Record) error {
	st, at := k.streams[s.Name], k.out.now()
	if !st.running {
		st.running = true
		if err := k.out.write(true, func(b []byte) []byte { return appendStatus(b, s, running, at) }); err != nil {
			return err
		}
	}
	st.records += int64(len(records))
	emittedAt := at.UnixMilli()
	fits := true
	for batch := range slices.Chunk(records, 64) { // one lock and one look at the buffer for many records
		err := k.out.write(false, func(b []byte) []byte {
			for _, r := range batch {
				at := len(b) + len(st.envelope)
				b = appendRecord(b, st.envelope, r, emittedAt)
				if st.check != nil && fits {
					fits = st.check.Fits(r.Data, b[at:])
				}
			}
			return b
		})
		if err != nil {
			return err
		}
	}
	if !fits {
		st.check.Warn(k.log, s.Name, records)
	}
	return nil
}

// Checkpoint writes STATE, unless it would only repeat the one before it.
func (k *sink) Checkpoint(s *tap.Stream, b *state.Bookmark) (int, error) {
	st, d := k.streams[s.Name], b.Dict()
	if d == nil {
		d = noCursor()
	}
	text := value.Append(st.spare[:0], d)
	if st.records == 0 && bytes.Equal(text, st.last) {
		return len(text), nil
	}
	st.last, st.spare = text, st.last
	count := st.records
	st.records = 0
	return len(text), k.out.write(true, func(b []byte) []byte { return appendState(b, st.state, text, count) })
}

// End writes COMPLETE, or the error and INCOMPLETE.
func (k *sink) End(s *tap.Stream, err error) error {
	status := complete
	if err != nil && tap.BudgetOf(err) == nil {
		status = incomplete
		if !errors.Is(err, tap.ErrInterrupted) {
			if err := k.out.fail(s, err); err != nil {
				return err
			}
		}
	}
	return k.out.write(true, func(b []byte) []byte {
		if k.out.ended == nil {
			k.out.ended = map[string]bool{}
		}
		k.out.ended[s.Name] = true
		return appendStatus(b, s, status, k.out.now())
	})
}
