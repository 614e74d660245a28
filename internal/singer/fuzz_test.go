package singer

import (
	"bytes"
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// FuzzState: a state file is read or refused by name, and the STATE that is made of it reads the
// same.
func FuzzState(f *testing.F) {
	for _, text := range []string{
		`{"bookmarks":{"a":{"at":"1"},"b":null,"":{}},"currently_syncing":null}`, `{"type":"STATE","value":{"bookmarks":{"a":{"page":2}}}}`,
		`{}`, `null`, `[]`, `{"bookmarks":[]}`, `{"bookmarks":{"a":1}}`, `{"type":"STATE","value":[]}`, `{"bookmarks":{"a":{"x":1,"x":2}},"bookmarks":{}}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		if err != nil {
			return
		}
		s, given, err := readState("s.json", v)
		if err != nil {
			mustName(t, err, "s.json: ")
			return
		}
		written := s.append(nil)
		v, err = value.Decode(written)
		if err != nil {
			t.Fatalf("%s is written as %s: %v", text, written, err)
		}
		again, same, err := readState("s.json", v)
		if err != nil || !bytes.Equal(again.append(nil), written) || len(same) != len(given) {
			t.Errorf("%s is written as %s, and then as %s, %v", text, written, again.append(nil), err)
		}
	})
}

// FuzzCatalogEntry: an entry is read or refused by its member, and records keep at most what they
// had.
func FuzzCatalogEntry(f *testing.F) {
	const record = `{"a":1,"b":{"c":[{"d":2}]}}`
	for _, text := range []string{
		`{"tap_stream_id":"s","schema":{"properties":{"a":{},"b":{"properties":{"c":{"items":{"properties":{"d":{}}}}}}}},"metadata":[{"breadcrumb":["properties","a"],"metadata":{"selected":false}},{"breadcrumb":[],"metadata":{"selected":true}}]}`,
		`{"stream":"s","selected":true,"schema":{"properties":[]},"metadata":{}}`, `{}`, `{"tap_stream_id":1}`,
		`{"stream":"s","metadata":[1,{"breadcrumb":"x","metadata":{}},{"breadcrumb":[null,[]],"metadata":{"inclusion":"unsupported"}}],"replication_method":[]}`,
	} {
		f.Add(text, record)
	}
	f.Fuzz(func(t *testing.T, text, record string) {
		v, err := value.DecodeString(text)
		entry, ok := v.(*value.Dict)
		if err != nil || !ok {
			return
		}
		before := string(value.Append(nil, entry))
		r := &run{fields: map[string]*fields{}, overrides: map[string]overrides{}}
		c, selected, err := r.readEntry(entry)
		if err != nil {
			if !strings.HasPrefix(err.Error(), ".") {
				t.Errorf("an error without a member: %v", err)
			}
			return
		}
		if after := string(value.Append(nil, entry)); after != before {
			t.Errorf("%s became %s", before, after)
		}
		v, err = value.DecodeString(record)
		d, ok := v.(*value.Dict)
		if err != nil || !ok || !selected || r.fields[c.Name] == nil {
			return
		}
		had := d.Len()
		r.fields[c.Name].prune(d)
		if _, err := value.Decode(value.Append(nil, d)); err != nil || d.Len() > had {
			t.Errorf("%s became %s", record, value.Append(nil, d))
		}
	})
}

// mustName fails unless an error is of the user's input and begins with its place.
func mustName(t *testing.T, err error, place string) {
	t.Helper()
	if !strings.HasPrefix(err.Error(), place) || tap.KindOf(err) != tap.Config {
		t.Errorf("%v is of kind %v", err, tap.KindOf(err))
	}
}
