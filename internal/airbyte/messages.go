package airbyte

import (
	"strconv"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// The messages of Airbyte's protocol (airbyte-protocol 0.18), one line each.

// line appends {"type": kind, member: body}.
func line(b []byte, kind, member string, body *value.Dict) []byte {
	b = append(b, `{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","`...)
	b = append(b, member...)
	b = append(b, `":`...)
	b = value.Append(b, body)
	return append(b, "}\n"...)
}

func appendLog(b []byte, level, text string) []byte {
	return line(b, "LOG", "log", value.DictOf("level", level, "message", text))
}

func appendTrace(b []byte, kind, member string, at time.Time, body *value.Dict) []byte {
	return line(b, "TRACE", "trace", value.DictOf("type", kind, "emitted_at", at.UnixMilli(), member, body))
}

// descriptor names a stream.
func descriptor(s *tap.Stream) *value.Dict {
	d := value.DictOf("name", s.Name)
	if s.Namespace != "" {
		d.Set("namespace", s.Namespace)
	}
	return d
}

// The statuses of a stream, in their order. RUNNING comes again whenever a rate limit was hit.
const (
	started    = "STARTED"
	running    = "RUNNING"
	complete   = "COMPLETE"
	incomplete = "INCOMPLETE"
)

func appendStatus(b []byte, s *tap.Stream, status string, at time.Time) []byte {
	body := value.DictOf("stream_descriptor", descriptor(s), "status", status)
	return appendTrace(b, "STREAM_STATUS", "stream_status", at, body)
}

// appendRateLimited says that a stream waits since a rate limit was hit.
func appendRateLimited(b []byte, name string, at time.Time) []byte {
	body := value.DictOf("stream_descriptor", value.DictOf("name", name), "status", running,
		"reasons", value.NewList(value.DictOf("type", "RATE_LIMITED")))
	return appendTrace(b, "STREAM_STATUS", "stream_status", at, body)
}

// appendEstimate says how many records a stream seems to have.
func appendEstimate(b []byte, name string, records int64, at time.Time) []byte {
	return appendTrace(b, "ESTIMATE", "estimate", at, value.DictOf("name", name, "type", "STREAM", "row_estimate", records))
}

// appendError reports an error of a stream or, where s is nil, of the run.
func appendError(b []byte, s *tap.Stream, kind tap.Kind, text, internal string, at time.Time) []byte {
	body := value.DictOf("message", text, "internal_message", internal, "failure_type", string(kind))
	if s != nil {
		body.Set("stream_descriptor", descriptor(s))
	}
	return appendTrace(b, "ERROR", "error", at, body)
}

func appendConfig(b []byte, config *value.Dict, at time.Time) []byte {
	body := value.DictOf("type", "CONNECTOR_CONFIG", "emitted_at", at.UnixMilli(), "connectorConfig", value.DictOf("config", config))
	return line(b, "CONTROL", "control", body)
}

// stateEnvelope is what stands before the state of a stream. It is made once for each stream.
func stateEnvelope(s *tap.Stream) []byte {
	b := append([]byte(nil), `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":`...)
	b = value.Append(b, descriptor(s))
	return append(b, `,"stream_state":`...)
}

// appendState appends the state of a stream; state is the text of an object, records what was
// written since the one before.
func appendState(b, envelope, state []byte, records int64) []byte {
	b = append(b, envelope...)
	b = append(b, state...)
	b = append(b, `},"sourceStats":{"recordCount":`...)
	b = strconv.AppendInt(b, records, 10)
	return append(b, ".0}}}\n"...)
}

// envelope is what stands before the data of a record. It is made once for each stream.
func envelope(s *tap.Stream) []byte {
	b := append([]byte(nil), `{"type":"RECORD","record":{"stream":`...)
	b = value.Append(b, s.Name)
	if s.Namespace != "" {
		b = append(b, `,"namespace":`...)
		b = value.Append(b, s.Namespace)
	}
	return append(b, `,"data":`...)
}

func appendRecord(b, envelope []byte, r tap.Record, emittedAt int64) []byte {
	b = append(b, envelope...)
	b = value.Append(b, r.Data)
	b = append(b, `,"emitted_at":`...)
	b = strconv.AppendInt(b, emittedAt, 10)
	if f := r.File; f != nil {
		b = append(b, `,"file_reference":`...)
		b = value.Append(b, value.DictOf("staging_file_url", f.StagingURL,
			"source_file_relative_path", f.SourceRelativePath, "file_size_bytes", f.Bytes))
	}
	return append(b, "}}\n"...)
}
