package cursor

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

const keySnippet = `
type: ReplicationKeyCursor
cursor_field: updated_at
request_option: {type: RequestOption, inject_into: request_parameter, field_name: updated_since}
start_value: "{{ config.get('since', '') }}"
`

func buildKey(t *testing.T, text string, config *value.Dict) (*ReplicationKey, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", text)
	table := Table()
	table["RequestOption"] = manifest.Entry{Build: func(_ *manifest.Compiler, n *manifest.Node) (any, error) {
		name, _ := n.Get("field_name").Text()
		return rest.FieldOption(rest.InParameter, name), nil
	}}
	return manifest.Build[*ReplicationKey](manifest.NewCompiler(table, config), root)
}

func dictOf(t *testing.T, text string) *value.Dict {
	t.Helper()
	v, err := value.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Dict)
}

func TestReplicationKey(t *testing.T) {
	tests := map[string]struct {
		config, state string // JSON; empty: {} and none
		records       string // JSON texts of the field, by blanks
		sent          string // JSON of the parameters
		want          string // state afterwards
		err           string
	}{
		"first read":                         {records: `"2026-01-02T00:00:00Z" "2026-03-01T00:00:00Z" "2026-02-01T00:00:00Z"`, sent: `{}`, want: `{"updated_at":"2026-03-01T00:00:00Z"}`},
		"first read with a start":            {config: `{"since": "2026-01-01"}`, sent: `{"updated_since":"2026-01-01"}`, want: `{}`},
		"a start that looks like a number":   {config: `{"since": "0012"}`, sent: `{"updated_since":"0012"}`, want: `{}`},
		"next read":                          {config: `{"since": "2026-01-01"}`, state: `{"updated_at": "2026-03-01T00:00:00Z"}`, records: `"2026-04-01T00:00:00Z"`, sent: `{"updated_since":"2026-03-01T00:00:00Z"}`, want: `{"updated_at":"2026-04-01T00:00:00Z"}`},
		"nothing new":                        {state: `{"updated_at": "2026-03-01T00:00:00Z"}`, sent: `{"updated_since":"2026-03-01T00:00:00Z"}`, want: `{"updated_at":"2026-03-01T00:00:00Z"}`},
		"older records":                      {state: `{"updated_at": "2026-03-01T00:00:00Z"}`, records: `"2026-02-01T00:00:00Z"`, sent: `{"updated_since":"2026-03-01T00:00:00Z"}`, want: `{"updated_at":"2026-03-01T00:00:00Z"}`},
		"times in other zones":               {records: `"2026-03-01T00:30:00+02:00" "2026-02-28T23:00:00Z" "2026-02-28T23:00:00.5Z"`, sent: `{}`, want: `{"updated_at":"2026-02-28T23:00:00.5Z"}`},
		"numbers":                            {records: `9 10 8.5`, sent: `{}`, want: `{"updated_at":10}`},
		"numbers in state":                   {state: `{"updated_at": 10}`, records: `11 9`, sent: `{"updated_since":10}`, want: `{"updated_at":11}`},
		"numbers of any size":                {records: `9007199254740993 90071992547409930000000 1e3`, sent: `{}`, want: `{"updated_at":90071992547409930000000}`},
		"numbers in text":                    {records: `"9" "10" "-3"`, sent: `{}`, want: `{"updated_at":"10"}`},
		"numbers as text and as numbers":     {state: `{"updated_at": "9"}`, records: `10`, sent: `{"updated_since":"9"}`, want: `{"updated_at":10}`},
		"texts":                              {records: `"b" "ab" "c-1"`, sent: `{}`, want: `{"updated_at":"c-1"}`},
		"dates without a time are texts":     {records: `"2026-01-02" "2026-01-10"`, sent: `{}`, want: `{"updated_at":"2026-01-10"}`},
		"records without a value":            {records: `null 5`, sent: `{}`, want: `{"updated_at":5}`},
		"a value that can not be followed":   {records: `5 {"a":1} 7`, sent: `{}`, want: `{}`, err: "cursor field updated_at is a dict"},
		"a boolean can not be followed":      {records: `true`, sent: `{}`, want: `{}`, err: "is a bool"},
		"a state of another cursor":          {state: `{"updated_at": [1]}`, err: "state: updated_at is a list"},
		"a state that knows another field":   {state: `{"other": 3}`, sent: `{}`, want: `{}`},
		"a state that says there is nothing": {state: `{"updated_at": null}`, config: `{"since": "x"}`, sent: `{"updated_since":"x"}`, want: `{}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			config := value.NewDict(0)
			if test.config != "" {
				config = dictOf(t, test.config)
			}
			k, err := buildKey(t, keySnippet, config)
			if err != nil {
				t.Fatal(err)
			}
			o := tap.StartingPoint{}
			if test.state != "" {
				o.State = dictOf(t, test.state)
			}
			cursor, err := k.Open(o, nil)
			if err != nil {
				wantError(t, err, test.err)
				return
			}
			wantError(t, readKey(t, k, cursor, test.records, test.sent), test.err)
			if got := string(value.Append(nil, cursor.State())); got != test.want {
				t.Errorf("state is %s, expected %s", got, test.want)
			}
		})
	}
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if (err == nil) != (text == "") || err != nil && !strings.Contains(err.Error(), text) {
		t.Errorf("error is %v, expected %q", err, text)
	}
}

// readKey reads the one slice; the state must not change before it is closed.
func readKey(t *testing.T, k *ReplicationKey, c tap.Cursor, records, sent string) error {
	t.Helper()
	before := string(value.Append(nil, c.State()))
	for s, err := range c.Slices(t.Context()) {
		if err != nil {
			return err
		}
		o := &rest.Parts{Params: value.NewDict(0)}
		if err := k.Inject(o, &rest.PageRequest{Slice: s}); err != nil {
			return err
		}
		if got := string(value.Append(nil, o.Params)); got != sent {
			t.Errorf("sent %s, expected %s", got, sent)
		}
		for _, text := range strings.Fields(records) {
			c.Observe(s, tap.Record{Data: value.LazyDict([]byte(`{"updated_at":` + text + `}`))})
		}
		if got := string(value.Append(nil, withoutUnfinished(c.State()))); got != before {
			t.Errorf("state before the end of the slice is %s, expected %s", got, before)
		}
		failed := c.Abilities().Failed(s)
		version := c.Abilities().StateVersion()
		before = string(value.Append(nil, c.State()))
		if err := c.Close(s); err != failed {
			t.Errorf("closing gives %v, before it was %v", err, failed)
		}
		if changed := string(value.Append(nil, c.State())) != before; changed != (c.Abilities().StateVersion() != version) {
			t.Error("the version does not tell whether the state changed")
		}
		return failed
	}
	c.Finish()
	return nil
}

// withoutUnfinished is a state without what it says of a read that is not complete.
func withoutUnfinished(state *value.Dict) *value.Dict {
	state = state.Clone()
	state.Delete(memberUnfinished)
	return state
}

func TestReplicationKeyIs(t *testing.T) {
	k, err := buildKey(t, keySnippet, value.NewDict(0))
	if err != nil {
		t.Fatal(err)
	}
	if path, chosen, err := k.Field(); err != nil || chosen || strings.Join(path, ".") != "updated_at" {
		t.Errorf("field is %v, %v, %v", path, chosen, err)
	}
	if k.ClientSide() || k.DataFeed() {
		t.Error("it is neither a data feed nor filtered here")
	}
	if err := k.Validate(nil); err != nil {
		t.Error(err)
	}
	at, ok := k.DateState(value.DictOf("updated_at", "2026-03-01T00:00:00Z"), nil)
	if !ok || !at.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the state's time is %s, %t", at, ok)
	}
	for _, state := range []*value.Dict{nil, value.DictOf("updated_at", int64(5)), value.DictOf()} {
		if _, ok := k.DateState(state, nil); ok {
			t.Errorf("%v has no time", state)
		}
	}
	if _, err := buildKey(t, "type: ReplicationKeyCursor", value.NewDict(0)); err == nil {
		t.Error("cursor_field may not be missing")
	}
	k, err = buildKey(t, "type: ReplicationKeyCursor\ncursor_field: id", value.NewDict(0))
	if err != nil {
		t.Fatal(err)
	}
	o := &rest.Parts{}
	window := tap.NewSlice(nil, value.DictOf(keyFrom, int64(5)), nil)
	if err := k.Inject(o, &rest.PageRequest{Slice: window}); err != nil || !o.Empty() {
		t.Errorf("without request_option nothing is sent: %v, %v", o, err)
	}
}

// FuzzKey: any two values have an order, and never both ways.
func FuzzKey(f *testing.F) {
	f.Add("2026-01-01T00:00:00Z", "5")
	f.Add("9", "10")
	f.Add("1e999", "-0")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, errX := newKey(a)
		y, errY := newKey(b)
		if errX != nil || errY != nil {
			t.Fatal(errX, errY)
		}
		if x.less(&y) && y.less(&x) || x.less(&x) {
			t.Errorf("%q and %q have no order", a, b)
		}
	})
}
