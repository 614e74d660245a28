package selector

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"anytap/internal/value"
)

// TestFilesAreReadAsByReferenceRuntime compares rows with those that the reference runtime reads by
// pandas.
func TestFilesAreReadAsByReferenceRuntime(t *testing.T) {
	data, err := os.ReadFile("testdata/responsetofile.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Body  string
		Keep  bool
		Rows  []json.RawMessage
		Error string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		body, err := base64.StdEncoding.DecodeString(c.Body)
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		err = responseToFile{c.Keep}.rows(strings.NewReader(string(body)), func(v any) bool { got = append(got, v); return true })
		ok := (err != nil) == (c.Error != "") && len(got) == len(c.Rows)
		for i := 0; ok && i < len(got); i++ {
			ok = value.Equal(got[i], decoded(t, c.Rows[i]))
		}
		if !ok {
			t.Errorf("%q, keep %v: %s, %v; want %s %s", body, c.Keep, value.Append(nil, value.NewList(got...)), err, c.Rows, c.Error)
		}
	}
}
