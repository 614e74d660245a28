package singer

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"anytap/internal/fit"
	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
	"anytap/state"
)

// TestRecordsComeBehindASchemaThatTheyFit writes pages of records and a state behind each.
func TestRecordsComeBehindASchemaThatTheyFit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		declared bool
		drop     string
		schema   string
		pages    []string // records, one a line
		want     string   // the kinds of messages; of schemas the types of the fields
		logs     string   // parts, in order
	}{
		"all fit": {
			schema: `{"id":{"type":["null","integer"]}}`, pages: []string{"{\"id\":1}\n{\"id\":null}"},
			want: "S(id:integer) R R T",
		},
		"one does not": {
			schema: `{"id":{"type":["null","integer"]},"x":{"type":["null","integer"]}}`, pages: []string{`{"id":1,"x":1}`, "{\"id\":2,\"x\":2}\n{\"id\":3,\"x\":2.5}"},
			want: "S(id:integer x:integer) R T S(id:integer x:number) R R T", logs: "INFO a wider one x: number",
		},
		"once for a page": {
			schema: `{"id":{"type":["null","integer"]}}`, pages: []string{strings.Repeat("{\"id\":1}\n", 64) + "{\"id\":1,\"a\":1}\n" + strings.Repeat("{\"id\":1,\"b\":\"x\"}\n", 64)},
			want: "S(id:integer)" + strings.Repeat(" R", 64) + " S(id:integer a:number b:string)" + strings.Repeat(" R", 65) + " T", logs: "a: number, b: string",
		},
		"a null in a key": {schema: `{"id":{"type":"integer"}}`, pages: []string{`{"id":null}`}, want: "S(id:integer) R T"},
		"fields that are not selected": {
			drop: "x", schema: `{"id":{"type":["null","integer"]}}`, pages: []string{`{"id":1,"x":1,"y":2}`},
			want: "S(id:integer) R T",
		},
		"a declared schema": {
			declared: true, schema: `{"id":{"type":["null","integer"]}}`, pages: []string{`{"id":"a","y":1}`, `{"id":"b"}`, `{"id":1.5}`},
			want: "S(id:integer) R T R T R T", logs: "WARN records do not fit id integer string",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, logs bytes.Buffer
			k := newSink(frontend.NewWriter(&out), slog.New(slog.NewTextHandler(&logs, nil)), taptest.Now, newState())
			s := &tap.Stream{Name: "items", PrimaryKey: [][]string{{"id"}}, Inferred: !test.declared, Checked: true}
			schema, err := value.DecodeString(`{"type":"object","properties":` + test.schema + `}`)
			if err != nil {
				t.Fatal(err)
			}
			var f *fields
			if test.drop != "" {
				f = &fields{drop: map[string]bool{test.drop: true}}
			}
			k.add(frontend.Wanted{Configured: frontend.Configured{Schema: schema.(*value.Dict)}, Stream: s}, keyProperties(s), f, nil)
			if err := k.Begin(s); err != nil {
				t.Fatal(err)
			}
			for i, page := range test.pages {
				var records []tap.Record
				for line := range strings.Lines(page) {
					records = append(records, tap.Record{Data: value.LazyDict([]byte(strings.TrimSpace(line)))})
				}
				if err := k.Records(s, records); err != nil {
					t.Fatal(err)
				}
				if _, err := k.Checkpoint(s, &state.Bookmark{Cursor: value.DictOf("page", int64(i))}); err != nil {
					t.Fatal(err)
				}
			}
			if got := kinds(t, out.String()); got != test.want {
				t.Errorf("messages are\n%s, expected\n%s", got, test.want)
			}
			log := logs.String()
			if n := strings.Count(log, "\n"); n > 1 || n == 0 && test.logs != "" {
				t.Errorf("%d lines are logged: %s", n, log)
			}
			for part := range strings.FieldsSeq(test.logs) {
				before, after, ok := strings.Cut(log, part)
				if log = after; !ok {
					t.Errorf("the log lacks %q: %s", part, before)
				}
			}
		})
	}
}

// kinds are the messages in short.
func kinds(t *testing.T, out string) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out) {
		v, err := value.DecodeString(line)
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		d := v.(*value.Dict)
		switch text(d, "type") {
		case "RECORD":
			all = append(all, "R")
		case "STATE":
			all = append(all, "T")
		case "SCHEMA":
			var fields []string
			for name, p := range dict(dict(d, "schema"), "properties").All() {
				fields = append(fields, name+":"+strings.TrimPrefix(strings.Join(fit.Types(p.(*value.Dict)), " "), "null "))
			}
			all = append(all, "S("+strings.Join(fields, " ")+")")
		}
	}
	return strings.Join(all, " ")
}

// A stream that failed before its schema was known has none: a target would make a table of it.
func TestStreamWithoutSchemaBeginsInSilence(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	k := newSink(frontend.NewWriter(&out), slog.New(slog.DiscardHandler), taptest.Now, newState())
	k.activate = true
	s := &tap.Stream{Name: "items"}
	k.add(frontend.Wanted{Stream: s}, keyProperties(s), nil, nil)
	for _, err := range []error{k.Begin(s), k.End(s, tap.Errorf(tap.Transient, "refused")), k.End(s, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() > 0 {
		t.Errorf("it wrote %s", out.String())
	}
}
