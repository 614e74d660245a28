package fit

import (
	"testing"

	"anytap/internal/value"
)

// FuzzSchema: whatever a catalog says of records, a schema that was widened by one fits it.
func FuzzSchema(f *testing.F) {
	for _, schema := range []string{
		`{"type":"object","properties":{"a":{"type":["null","string"],"format":"date-time"},"b":{"type":"array","items":{"type":"integer"}}}}`,
		`{"properties":[]}`, `{"properties":{"a":true,"b":null}}`, `{"type":7,"items":[{}]}`, `{"properties":{"a":{"type":[]}}}`, `{"properties":{"b":{"properties":{"c":{"type":"string"}}}}}`,
	} {
		f.Add(schema, `{"a":"2026-01-01","b":[1,1.5,{"c":null}]}`, true)
		f.Add(schema, `{"a":{},"b":{"c":[]}}`, false)
	}
	f.Fuzz(func(t *testing.T, schema, record string, whole bool) {
		s, ok := decodedDict(schema)
		r, ok2 := decodedDict(record)
		if !ok || !ok2 {
			return
		}
		fits := Fits(Compile(s, whole), r, nil)
		w := &Widening{Schema: s.Clone(), Whole: whole}
		w.Add(r)
		changes := w.Changes()
		if fits && len(changes) > 0 {
			t.Errorf("%s fits %s, which becomes %s", record, schema, value.Append(nil, w.Schema))
		}
		if !Fits(Compile(w.Schema, whole), r, nil) {
			t.Errorf("%s does not fit %s, which was widened to %s", record, schema, value.Append(nil, w.Schema))
		}
	})
}

func decodedDict(text string) (*value.Dict, bool) {
	v, err := value.DecodeString(text)
	d, ok := v.(*value.Dict)
	return d, ok && err == nil
}
