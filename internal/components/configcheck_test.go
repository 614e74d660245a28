package components

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// TestConfigIsChecked wants each error to name the file and the field, and never a value.
func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ specification, config, want string }{
		"right":             {`{properties: {a: {type: string}}}`, `{"a": "s3cret"}`, ""},
		"missing":           {`{required: [a]}`, `{}`, "config.json: a is missing"},
		"type":              {`{properties: {a: {type: integer}}}`, `{"a": "s3cret"}`, "config.json: a is a text, expected a whole number"},
		"nested":            {`{properties: {a: {items: {type: integer}}}}`, `{"a": [1, "s3cret"]}`, "config.json: a[1] is a text, expected a whole number"},
		"odd name":          {`{properties: {"a b/c%~": {type: integer}}}`, `{"a b/c%~": "s3cret"}`, "config.json: a b/c%~ is a text, expected a whole number"},
		"no schema":         {`{properties: {a: {required: [q, q]}}}`, `{}`, "m.yaml:4:62: spec.connection_specification.properties.a.required: is no JSON Schema: items at index 0 and 1"},
		"no schema, a list": {`{properties: []}`, `{}`, "m.yaml:4:47: spec.connection_specification.properties: is no JSON Schema: expected object"},
		"endless number":    {`{properties: {a: {type: integer, maximum: 5}}}`, `{"a": 1e999}`, "config.json: a is no number that 64 bits hold"},
		"endless, unknown":  {`{properties: {}}`, `{"b": [{"c": -1e999}]}`, "config.json: b.0.c is no number that 64 bits hold"},
		"a million digits":  {`{properties: {a: {type: integer}}}`, `{"a": 1` + strings.Repeat("0", 1e6) + `}`, "config.json: a is no number that 64 bits hold"},
		"close to nothing":  {`{properties: {a: {type: number}}}`, `{"a": 1e-400000000}`, ""},
		"a large integer":   {`{properties: {a: {type: integer}}}`, `{"a": 123456789012345678901234567890}`, ""},
		"too large":         {`{properties: {a: {type: integer, maximum: 5}}}`, `{"a": 123456789012345678901234567890}`, "config.json: a is"},
		"no such reference": {`{$ref: "#/nosuch"}`, `{}`, "m.yaml:4:"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connector := Connector(func() (*manifest.Node, error) {
				return manifest.Parse("m.yaml", []byte("type: DeclarativeSource\nversion: 7.0.0\ncheck: {type: CheckStream, stream_names: []}\n"+
					"spec: {connection_specification: "+c.specification+"}\nstreams: []\n"))
			}, Overrides{})
			v, err := value.DecodeString(c.config)
			if err != nil {
				t.Fatal(err)
			}
			_, err = connector.Open(t.Context(), v.(*value.Dict), tap.Environment{ConfigFile: "config.json", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), "s3cret"):
				t.Errorf("a value is told: %v", err)
			}
		})
	}
}
