package airbyte

import (
	"strings"
	"testing"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// FuzzState: a state file is read in any of its forms, or refused by its name. Each stream's state
// reads the same as a single message of today's form.
func FuzzState(f *testing.F) {
	for _, text := range []string{
		`[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a","namespace":null},"stream_state":{"at":"1"}}}]`,
		`[{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":{"x":1},"stream_states":[{"stream_descriptor":{"name":"a"},"stream_state":{}}]}}}]`,
		`{"type":"LEGACY","data":{"a":{"at":"1"},"b":null}}`, `{"a":{"at":"1"}}`, `[]`, `{}`, `null`, `[1]`, `{"global_":{"stream_states":{}}}`,
		`{"stream":{"stream_descriptor":1}}`, `[{"type":"STREAM","stream":null,"global":null,"data":null}]`, `{"type":"STATE","state":{"type":"STATE","state":{"type":"STATE"}}}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		if err != nil {
			return
		}
		states, err := readState("s.json", v)
		if err != nil {
			mustName(t, err)
			return
		}
		delete(states, "") // no stream has this name
		for name, state := range states {
			message := value.DictOf("type", "STREAM", "stream", value.DictOf("stream_descriptor", value.DictOf("name", name), "stream_state", state))
			again, err := readState("s.json", value.NewList(message))
			if err != nil || len(again) != 1 || !value.Equal(again[name], state) {
				t.Errorf("%s: stream %q is %s, then %v, %v", text, name, value.Append(nil, state), again, err)
			}
		}
	})
}

// FuzzConfigured: an entry of a catalog is read or refused by its member.
func FuzzConfigured(f *testing.F) {
	for _, text := range []string{
		`{"stream":{"name":"a","json_schema":{}},"sync_mode":"incremental","destination_sync_mode":"append","cursor_field":["at"]}`,
		`{"stream":{"name":"a"},"sync_mode":null,"cursor_field":null}`, `{"stream":[]}`, `{"stream":{"name":1}}`, `{"stream":{"name":"a"},"sync_mode":"full_refresh","cursor_field":"x"}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		entry, ok := v.(*value.Dict)
		if err != nil || !ok {
			return
		}
		c, selected, err := readConfigured(entry)
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), "."):
			t.Errorf("an error without a member: %v", err)
		case err == nil && (c.Name == "" || !selected):
			t.Errorf("%s is %+v, %v", text, c, selected)
		}
	})
}

// mustName fails unless an error is of the user's input and begins with its place.
func mustName(t *testing.T, err error) {
	t.Helper()
	if !strings.HasPrefix(err.Error(), "s.json: ") || tap.KindOf(err) != tap.Config {
		t.Errorf("%v is of kind %v", err, tap.KindOf(err))
	}
}
