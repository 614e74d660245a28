package singer

import (
	"cmp"

	"anytap/internal/frontend"
	"anytap/internal/singer/streammap"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// output is one way in which a stream goes out by stream maps.
type output struct {
	*streammap.Map
	envelope []byte
}

// makeOutputs makes those of a stream from its schema, if there are stream maps.
func (k *sink) makeOutputs(st *sinkStream) error {
	if k.maps == nil {
		return nil
	}
	maps, err := k.maps.Of(st.stream.Name, st.schema, st.keys)
	if err != nil {
		return err
	}
	st.mapped, st.outputs = true, nil
	for _, m := range maps {
		st.outputs = append(st.outputs, output{m, envelope(m.Stream)})
	}
	return nil
}

// appendSchema appends the SCHEMA messages.
func (st *sinkStream) appendSchema(b []byte) []byte {
	if !st.mapped {
		return appendSchema(b, st.stream.Name, st.schema, st.keys, st.bookmarks)
	}
	for _, o := range st.outputs {
		b = appendSchema(b, o.Stream, o.Schema, o.Keys, st.bookmarks)
	}
	return b
}

// appendActivateVersion appends the ACTIVATE_VERSION messages.
func (st *sinkStream) appendActivateVersion(b []byte) []byte {
	if !st.mapped {
		return appendActivateVersion(b, st.stream.Name, st.version)
	}
	for _, o := range st.outputs {
		b = appendActivateVersion(b, o.Stream, st.version)
	}
	return b
}

// mappedRecords is Records for a stream with maps. Records are checked as they are before them.
func (k *sink) mappedRecords(st *sinkStream, records []tap.Record, end []byte) error {
	for from := 0; from < len(records); from += batchSize {
		batch := records[from:min(from+batchSize, len(records))]
		if !st.fitAll(batch) && k.widen(st.stream, st, records[from:]) {
			if err := k.makeOutputs(st); err != nil {
				return err
			}
			if err := k.writer.Append(st.appendSchema); err != nil {
				return err
			}
		}
		var failed error
		err := k.writer.Append(func(b []byte) []byte {
			b, failed = st.appendMapped(b, batch, end)
			return b
		})
		if err = cmp.Or(err, failed); err != nil {
			return err
		}
	}
	return nil
}

// fitAll takes the fields that are not selected from records, and reports whether these fit the
// schema.
func (st *sinkStream) fitAll(records []tap.Record) bool {
	fits := true
	for _, r := range records {
		if st.fields != nil {
			st.fields.prune(r.Data)
		}
		if st.check != nil && fits {
			st.text = value.Append(st.text[:0], r.Data)
			fits = st.check.Fits(r.Data, st.text)
		}
	}
	return fits
}

// appendMapped appends what the maps make of records. Where one fails, the records before that one
// are appended.
func (st *sinkStream) appendMapped(b []byte, records []tap.Record, end []byte) ([]byte, error) {
	for _, r := range records {
		start := len(b)
		for _, o := range st.outputs {
			mapped, err := o.Record(r.Data)
			if err != nil {
				return b[:start], err
			}
			if mapped != nil {
				b = append(value.Append(append(b, o.envelope...), mapped), end...)
			}
		}
	}
	return b, nil
}

// mapped are the streams that go out by the stream maps, of those that are wanted. It warns of what
// the settings say in vain; known are all streams of the source.
func (r *run) mapped(wanted []frontend.Wanted, known []*tap.Stream) ([]frontend.Wanted, error) {
	if v, _ := r.config.Values.Get("faker_config"); v != nil {
		r.Log.Warn("faker_config has no effect: Faker is not supported")
	}
	if r.maps == nil {
		return wanted, nil
	}
	var names []string
	for _, s := range known {
		names = append(names, s.Name)
	}
	for _, name := range r.maps.Unknown(names) {
		r.Log.Warn("stream_maps: no stream has this name"+spelling.DidYouMean(name, names), "stream", name)
	}
	var kept []frontend.Wanted
	for _, w := range wanted {
		if r.maps.LeavesOut(w.Name) {
			r.Log.Info("stream is not read: stream_maps leaves it out", "stream", w.Name)
			continue
		}
		if err := r.maps.Check(w.Name); err != nil {
			return nil, &tap.Error{Kind: tap.Config, Message: r.config.Name, Err: err}
		}
		kept = append(kept, w)
	}
	if len(kept) == 0 && len(wanted) > 0 {
		return nil, tap.Errorf(tap.Config, "%s: stream_maps leaves out each of the %d streams that would be read", r.config.Name, len(wanted))
	}
	return kept, nil
}

// SpecOf is the specification of the source with the protocol's own settings.
func SpecOf(c *tap.Connector) (*tap.Spec, error) {
	spec, err := c.Spec()
	if err != nil {
		return nil, err
	}
	own := *spec
	own.Connection = spec.Connection.Clone()
	properties := value.Member[*value.Dict](own.Connection, "properties")
	if properties == nil {
		properties = value.NewDict(8)
		own.Connection.Set("properties", properties)
	}
	for name, schema := range streammap.Settings().All() {
		if _, ok := properties.Get(name); !ok {
			properties.Set(name, schema)
		}
	}
	return &own, nil
}
