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
