package singer

import (
	"strconv"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// The messages of Singer's protocol, one line each.

func appendSchema(b []byte, stream string, schema *value.Dict, keys, bookmarks []string) []byte {
	d := value.DictOf("type", "SCHEMA", "stream", stream, "schema", schema, "key_properties", keys)
	if len(bookmarks) > 0 {
		d.Set("bookmark_properties", value.FromGo(bookmarks))
	}
	return append(value.Append(b, d), '\n')
}

func appendActivateVersion(b []byte, stream string, version int64) []byte {
	return append(value.Append(b, value.DictOf("type", "ACTIVATE_VERSION", "stream", stream, "version", version)), '\n')
}

// envelope is what stands before the data of a record. It is made once for each stream.
func envelope(stream string) []byte {
	b := append([]byte(nil), `{"type":"RECORD","stream":`...)
	b = value.Append(b, stream)
	return append(b, `,"record":`...)
}

// tail is what stands behind the data. It is made once for each page. version is that of the table;
// 0: none.
func tail(version int64, extracted time.Time) []byte {
	var b []byte
	if version != 0 {
		b = append(b, `,"version":`...)
		b = strconv.AppendInt(b, version, 10)
	}
	b = append(b, `,"time_extracted":"`...)
	b = extracted.UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z07:00")
	return append(b, "\"}\n"...)
}

func appendRecord(b, envelope []byte, r tap.Record, tail []byte) []byte {
	b = append(b, envelope...)
	b = value.Append(b, r.Data)
	return append(b, tail...)
}
