package e2e

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
)

// TestSpecIsTheFile compares what the command spec prints with spec.json.
func TestSpecIsTheFile(t *testing.T) {
	t.Parallel()
	o := invoke(t, "spec").mustSucceed(t)
	var m struct {
		Type string
		Spec struct{ ConnectionSpecification json.RawMessage }
	}
	if err := json.Unmarshal(o.out, &m); err != nil || m.Type != "SPEC" || bytes.Count(o.out, []byte("\n")) != 1 {
		t.Fatalf("%v in %s", err, o.out)
	}
	var file bytes.Buffer
	if err := json.Compact(&file, program.Spec); err != nil {
		t.Fatal(err)
	}
	if file.String() != string(m.Spec.ConnectionSpecification) {
		t.Errorf("spec prints\n%s\nspec.json holds\n%s", m.Spec.ConnectionSpecification, file.String())
	}
}

// builtInConfigs are the smallest configurations of the built-in systems.
var builtInConfigs = map[string]string{
	"helpscout":       `{"source":"helpscout","client_id":"id","client_secret":"secret"}`,
	"jsonplaceholder": `{"source":"jsonplaceholder"}`,
	"pullbay":         `{"source":"pullbay","api_key":"key","business_ids":["1"]}`,
}

// TestCatalogIsTheExample compares what discover prints for the three systems with
// catalog.example.json.
func TestCatalogIsTheExample(t *testing.T) {
	t.Parallel()
	all := map[string]json.RawMessage{}
	for system, config := range builtInConfigs {
		o := invoke(t, "discover", "--config", golden.TempFile(t, "config.json", config)).mustSucceed(t)
		var m struct {
			Type    string
			Catalog json.RawMessage
		}
		if err := json.Unmarshal(o.out, &m); err != nil || m.Type != "CATALOG" {
			t.Fatalf("%s: %v in %s", system, err, o.out)
		}
		all[system] = m.Catalog
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(encode(t, all)), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden.CheckFile(t, "catalog.example.json", append(pretty.Bytes(), '\n'))
}

// TestCatalogsListStreamsKeysAndCursors compares the catalogs of both protocols with what the
// built-in systems have.
func TestCatalogsListStreamsKeysAndCursors(t *testing.T) {
	t.Parallel()
	for system, want := range map[string]string{
		"helpscout":       "conversation_threads id, conversations id createdAt, customers id, mailboxes id, tags id, users id",
		"jsonplaceholder": "albums id id, comments id id, photos id id, posts id id, todos id id, users id id",
		"pullbay":         "reviews id",
	} {
		config := golden.TempFile(t, "config.json", builtInConfigs[system])
		var airbyte struct {
			Catalog struct {
				Streams []struct {
					Name   string
					Key    [][]string `json:"source_defined_primary_key"`
					Cursor []string   `json:"default_cursor_field"`
				}
			}
		}
		if err := json.Unmarshal(invoke(t, "discover", "--config", config).mustSucceed(t).out, &airbyte); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range airbyte.Catalog.Streams {
			got = append(got, strings.TrimSpace(s.Name+" "+strings.Join(s.Key[0], ".")+" "+strings.Join(s.Cursor, ".")))
		}
		slices.Sort(got)
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s: the Airbyte catalog has %s, want %s", system, text, want)
		}
		var singer struct {
			Streams []struct {
				Name   string   `json:"tap_stream_id"`
				Key    []string `json:"key_properties"`
				Cursor string   `json:"replication_key"`
			}
		}
		o := invoke(t, "--config", config, "--discover").mustSucceed(t)
		if err := json.Unmarshal(o.out, &singer); err != nil {
			t.Fatal(err)
		}
		got = nil
		for _, s := range singer.Streams {
			got = append(got, strings.TrimSpace(s.Name+" "+strings.Join(s.Key, ".")+" "+s.Cursor))
		}
		slices.Sort(got)
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s: the Singer catalog has %s, want %s", system, text, want)
		}
		for line := range bytes.Lines(o.out) {
			if len(line) > 4096 {
				t.Errorf("%s: a line of %d bytes, which Meltano may not read", system, len(line))
			}
		}
	}
}
