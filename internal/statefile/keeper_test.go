package statefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/value"
)

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestKeeperMergesByStream: a bookmark is replaced as a whole, and those that a target leaves out
// stay.
func TestKeeperMergesByStream(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before    string
		confirmed []string
		want      string
	}{
		"nothing":            {`{"bookmarks":{"a":{"x":1}}}`, nil, `{"bookmarks":{"a":{"x":1}}}`},
		"no state before":    {`null`, []string{`{"bookmarks":{"a":{"x":1}}}`}, `{"bookmarks":{"a":{"x":1}}}`},
		"whole states":       {`{}`, []string{`{"bookmarks":{"a":{"x":1},"b":{}}}`, `{"bookmarks":{"a":{"x":2},"b":{"y":1}}}`}, `{"bookmarks":{"a":{"x":2},"b":{"y":1}}}`},
		"parts":              {`{"bookmarks":{"a":{"x":1},"b":{"y":1}}}`, []string{`{"bookmarks":{"b":{"y":2}}}`, `{"bookmarks":{"c":{"z":1}}}`}, `{"bookmarks":{"a":{"x":1},"b":{"y":2},"c":{"z":1}}}`},
		"a bookmark whole":   {`{"bookmarks":{"a":{"x":1,"page":3}}}`, []string{`{"bookmarks":{"a":{"x":2}}}`}, `{"bookmarks":{"a":{"x":2}}}`},
		"other members":      {`{"bookmarks":{},"foreign":1}`, []string{`{"bookmarks":{"a":{}},"currently_syncing":"a"}`}, `{"bookmarks":{"a":{}},"foreign":1,"currently_syncing":"a"}`},
		"nothing to say":     {`{"bookmarks":{"a":{"x":1}}}`, []string{`{}`}, `{"bookmarks":{"a":{"x":1}}}`},
		"a stream that went": {`{"bookmarks":{"a":{"x":1}}}`, []string{`{"bookmarks":{"a":null}}`}, `{"bookmarks":{}}`},
		"a whole message":    {`{"type":"STATE","value":{"bookmarks":{"a":{"x":1}}}}`, []string{`{"bookmarks":{"a":{"x":2}}}`}, `{"type":"STATE","value":{"bookmarks":{"a":{"x":2}}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.json")
			f, err := Parse(path, decode(t, test.before))
			if err != nil {
				t.Fatal(err)
			}
			k, err := NewKeeper(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range test.confirmed {
				if err := k.Confirm(decode(t, text).(*value.Dict)); err != nil {
					t.Fatal(err)
				}
			}
			if n, err := k.Close(); n != len(test.confirmed) || err != nil {
				t.Errorf("confirmed %d, %v", n, err)
			}
			got, err := os.ReadFile(path)
			if err != nil || strings.TrimSpace(string(got)) != test.want {
				t.Errorf("the file holds %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestKeeperRefuses(t *testing.T) {
	t.Parallel()
	f, err := Parse("s.json", decode(t, `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{}}}]`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewKeeper(f); err == nil || !strings.Contains(err.Error(), "in Airbyte's form") {
		t.Errorf("Airbyte's form: %v", err)
	}
	if f, err = Parse(filepath.Join(t.TempDir(), "no", "state.json"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := NewKeeper(f); err == nil || !strings.Contains(err.Error(), "write the state") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
