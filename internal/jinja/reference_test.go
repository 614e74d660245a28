package jinja

import (
	"encoding/json"
	"testing"

	"anytap/internal/golden"
)

// TestReference compares evaluations with those of the reference runtime, which
// testdata/reference.py recorded: each method, filter, test and operator on odd values, literals,
// formats, dates, statements and random templates.
func TestReference(t *testing.T) {
	var contexts map[string]json.RawMessage
	golden.Lines(t, "testdata/reference.jsonl", func(line []byte) {
		if contexts == nil {
			var head struct{ Contexts map[string]json.RawMessage }
			if err := json.Unmarshal(line, &head); err != nil {
				t.Fatal(err)
			}
			contexts = head.Contexts
			return
		}
		var r struct {
			Template, Kind, Context, Error string
			Config                         json.RawMessage
			Result                         *string
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		c := interpolationCase{Template: r.Template, Kind: r.Kind, Repr: r.Result, Error: r.Error, Context: contexts[r.Context]}
		if r.Context == "" {
			if r.Config == nil {
				r.Config = json.RawMessage("{}")
			}
			c.Context = json.RawMessage(`{"config": ` + string(r.Config) + `}`)
		}
		got, err := c.eval(t)
		if diff := c.judge(got, err); diff != "" {
			t.Errorf("%s %q of %.200s: %s", r.Kind, r.Template, c.Context, diff)
		}
	})
}
