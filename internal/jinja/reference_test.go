package jinja

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// lines calls f for each line of a file in testdata.
func lines(t *testing.T, name string, f func(line []byte)) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestReference compares evaluations with those of the reference runtime, which
// testdata/reference.py recorded: each method, filter, test and operator on odd
// values, literals, formats, dates, statements and random templates.
func TestReference(t *testing.T) {
	var contexts map[string]json.RawMessage
	lines(t, "reference.jsonl", func(line []byte) {
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
