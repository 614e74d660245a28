package stream

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// named is a retriever that tells which stream it is of.
type named struct {
	name  string
	state *value.Dict
}

type namedDefinition struct {
	Name   string `manifest:"of"`
	Custom bool   `manifest:"custom"`
}

func buildNamed(c *manifest.Compiler, n *manifest.Node) (tap.RetrieverFactory, error) {
	var def namedDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if def.Custom {
		return nil, &manifest.UnsupportedError{Class: "a.B", Node: n}
	}
	return named{name: def.Name}, nil
}

func (named) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (named) Resumable() bool                    { return true }
func (named) Router() tap.PartitionRouter        { return nil }

func (n named) Open(c tap.Cursor) tap.Retriever {
	if o, ok := c.(opened); ok {
		n.state = o.state
	}
	return n
}

// Pages gives one record: whose it is and the state that the cursor was opened with.
func (n named) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	var state any
	if n.state != nil {
		state = n.state
	}
	return func(yield func(tap.Page, error) bool) {
		yield(tap.Page{Records: []tap.Record{{Data: value.DictOf("of", n.name, "state", state)}}}, nil)
	}
}

// dated is a cursor over the field u, which holds days.
type dated struct{ contract.NoCursor }

type datedDefinition struct{}

func buildDated(c *manifest.Compiler, n *manifest.Node) (contract.IncrementalSync, error) {
	var def datedDefinition
	return dated{}, manifest.Decode(c, n, &def)
}

type opened struct {
	tap.Cursor
	state *value.Dict
}

func (d dated) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	c, err := d.NoCursor.Open(o, r)
	return opened{c, o.State}, err
}

func (dated) Inject(*rest.Parts, *rest.PageRequest) error { return nil }
func (dated) Field() ([]string, bool, error)              { return []string{"u"}, false, nil }
func (dated) Validate(tap.PartitionRouter) error          { return nil }
func (dated) ClientSide() bool                            { return false }
func (dated) DataFeed() bool                              { return false }

func (dated) DateState(state *value.Dict, _ tap.PartitionRouter) (time.Time, bool) {
	v, _ := state.Get("u")
	text, _ := v.(string)
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

type noLoader struct{}

func (noLoader) Schema(context.Context) (*value.Dict, error) { return value.NewDict(0), nil }

func streamOf(t *testing.T, yaml, config string) (*tap.Stream, error) {
	t.Helper()
	v, err := value.DecodeString(config)
	if err != nil {
		t.Fatal(err)
	}
	table := Table()
	table["SimpleRetriever"] = manifest.Entry{Build: manifest.As(buildNamed), Definition: func() any { return namedDefinition{} }}
	table["DatetimeBasedCursor"] = manifest.Entry{Build: manifest.As(buildDated), Definition: func() any { return datedDefinition{} }}
	table["IncrementingCountCursor"] = table["DatetimeBasedCursor"]
	table["DefaultSchemaLoader"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (contract.SchemaLoader, error) { return noLoader{}, nil })}
	c := manifest.NewCompiler(table, v.(*value.Dict))
	c.Now = func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }
	n := manifesttest.Resolve(t, "stream.yaml", yaml)
	return manifest.Build[*tap.Stream](c, n)
}

func inner(name, of, sync string) string {
	if sync != "" {
		sync = ", incremental_sync: {type: " + sync + "}"
	}
	return "{type: DeclarativeStream, name: " + name + ", primary_key: " + of + ", retriever: {type: SimpleRetriever, of: " + of + "}" + sync + "}"
}

func outer(full, incremental, retention string) string {
	if retention != "" {
		retention = ", api_retention_period: " + retention
	}
	return "{type: StateDelegatingStream, name: items, full_refresh_stream: " + full + ", incremental_stream: " + incremental + retention + "}"
}

func TestStateDelegating(t *testing.T) {
	t.Parallel()
	full, incremental := inner("items", "full", "DatetimeBasedCursor"), inner("items", "inc", "DatetimeBasedCursor")
	plain := inner("items", "full", "")
	cases := map[string]struct{ yaml, config, state, want, handed string }{
		"no state":                    {outer(full, incremental, ""), `{}`, ``, "full", "null"},
		"an empty state":              {outer(full, incremental, "soon"), `{}`, `{}`, "full", "{}"},
		"a state":                     {outer(full, incremental, ""), `{}`, `{"u":"2026-01-01"}`, "inc", `{"u":"2026-01-01"}`},
		"a state the API reaches":     {outer(full, incremental, "P7D"), `{}`, `{"u":"2026-11-13"}`, "inc", `{"u":"2026-11-13"}`},
		"one that it does not":        {outer(full, incremental, "P7D"), `{}`, `{"u":"2026-11-12"}`, "full", "null"},
		"one of another kind":         {outer(full, incremental, "P7D"), `{}`, `{"x":"2026-11-19"}`, "full", "null"},
		"months":                      {outer(full, incremental, "P1M"), `{}`, `{"u":"2026-10-20"}`, "inc", `{"u":"2026-10-20"}`},
		"from the configuration":      {outer(full, incremental, `"{{ config['r'] }}"`), `{"r": "P30D"}`, `{"u":"2026-11-12"}`, "inc", `{"u":"2026-11-12"}`},
		"not in the configuration":    {outer(full, incremental, `"{{ config['r'] }}"`), `{}`, `{"u":"2020-01-01"}`, "inc", `{"u":"2020-01-01"}`},
		"read to its end":             {outer(plain, incremental, "P7D"), `{}`, `{"__ab_no_cursor_state_message":true}`, "inc", `{"__ab_no_cursor_state_message":true}`},
		"of the incremental stream":   {outer(plain, incremental, "P7D"), `{}`, `{"u":"2026-11-19"}`, "inc", `{"u":"2026-11-19"}`},
		"older than the API's memory": {outer(plain, incremental, "P7D"), `{}`, `{"u":"2026-11-01"}`, "full", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := streamOf(t, c.yaml, c.config)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != "items" || len(s.PrimaryKey) != 1 || s.PrimaryKey[0][0] != "full" || s.Schema == nil {
				t.Errorf("the catalog knows %s with the key %v, want items as its full_refresh_stream", s.Name, s.PrimaryKey)
			}
			var state *value.Dict
			if c.state != "" {
				v, err := value.DecodeString(c.state)
				if err != nil {
					t.Fatal(err)
				}
				state = v.(*value.Dict)
			}
			reading, err := s.Open(tap.StartingPoint{State: state})
			if err != nil {
				t.Fatal(err)
			}
			for page, err := range reading.Retriever.Pages(t.Context(), tap.NewSlice(nil, nil, nil)) {
				if err != nil {
					t.Fatal(err)
				}
				name, _ := page.Records[0].Data.Get("of")
				handed, _ := page.Records[0].Data.Get("state")
				if text := string(value.Append(nil, handed)); name != c.want || c.handed != "" && text != c.handed {
					t.Errorf("reads %s from %s, want %s from %s", name, text, c.want, c.handed)
				}
			}
		})
	}
}

func TestStateDelegatingFails(t *testing.T) {
	t.Parallel()
	full, incremental := inner("items", "full", "DatetimeBasedCursor"), inner("items", "inc", "DatetimeBasedCursor")
	for name, c := range map[string]struct{ yaml, want string }{
		"another name":      {outer(full, inner("other", "inc", ""), ""), `has the name "other"`},
		"a count":           {outer(full, inner("items", "inc", "IncrementingCountCursor"), "P1D"), "IncrementingCountCursor"},
		"an unknown period": {outer(full, incremental, `"{{ nothing }}"`), "api_retention_period"},
	} {
		if _, err := streamOf(t, c.yaml, `{}`); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	s, err := streamOf(t, outer(full, incremental, "soon"), `{}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(tap.StartingPoint{State: value.DictOf("u", "2026-11-19")}); err == nil || !strings.Contains(err.Error(), "api_retention_period") {
		t.Errorf("a period that is none: %v", err)
	}
	custom := "{type: DeclarativeStream, name: items, retriever: {type: SimpleRetriever, custom: true}}"
	for _, yaml := range []string{outer(custom, incremental, ""), outer(full, custom, "")} {
		s, err := streamOf(t, yaml, `{}`)
		if err != nil || s.Unsupported == nil {
			t.Errorf("%s: got %v, %v; want a stream that is not supported", yaml, s, err)
		}
	}
}
