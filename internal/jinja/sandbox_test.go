package jinja

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/python"
	"anytap/internal/python/method"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// reachable lists all that templates can name: filters, tests, global names, and the methods of
// each type of values. What reads the environment, files or the network has no place among them.
func reachable() string {
	var b strings.Builder
	list := func(what string, names []string) {
		b.WriteString(what + ": " + strings.Join(names, " ") + "\n")
	}
	list("filters", slices.Sorted(maps.Keys(filterTable)))
	list("tests", slices.Sorted(maps.Keys(testTable)))
	list("globals", slices.Sorted(maps.Keys(globalTable)))
	for _, v := range []any{
		"", value.NewDict(0), value.NewList(), int64(1), 1.5, value.Tuple{}, value.Datetime{}, value.Date{}, value.Timedelta(0),
		value.Bytes{}, value.NewSet(), python.NewDictView(value.NewDict(0), "keys"), python.IteratorOf("iterator", nil),
		NewStreamSlice(nil, nil, nil), nil, pytext.Markup(""), &undefined{}, &namespace{}, &cycler{}, &joiner{}, &loopVar{}, &macroVal{}, &selfRef{},
	} {
		list("methods of "+value.TypeName(v), slices.Sorted(maps.Keys(method.Of(v))))
	}
	list("methods of a cycler", slices.Sorted(maps.Keys(cyclerMethods)))
	list("methods of loop", slices.Sorted(maps.Keys(loopMethods)))
	return b.String()
}

func TestTemplatesReachNothingElse(t *testing.T) {
	t.Parallel()
	golden.Check(t, "reachable.txt", []byte(reachable()))
}

// TestEscapesOfTheSandboxGiveWhatTheReferenceRuntimeGives compares with what
// testdata/escapes.py has written: the result of each template, or the class of its error.
func TestEscapesOfTheSandboxGiveWhatTheReferenceRuntimeGives(t *testing.T) {
	t.Parallel()
	golden.Lines(t, "testdata/escapes.jsonl", func(line []byte) {
		var row struct{ Template, Value, Error string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		t.Run(row.Template, func(t *testing.T) {
			t.Parallel()
			s, err := CompileRaw(row.Template, nil)
			var v any
			if err == nil {
				e := NewEnv(nil).Set("config", value.DictOf("x", 1)).Set("stream_slice", NewStreamSlice(value.DictOf("p", 1), nil, nil))
				v, err = s.Eval(e)
			}
			switch {
			case row.Error != "" && err == nil:
				t.Errorf("got %s, want an error: %s", value.Repr(v), row.Error)
			case row.Error == "" && err != nil:
				t.Errorf("got the error %v, want %s", err, row.Value)
			case err == nil && value.Repr(v) != row.Value:
				t.Errorf("got %s, want %s", value.Repr(v), row.Value)
			}
		})
	})
}
