package transformation

import (
	"encoding/json"
	"log/slog"
	"os"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// build makes the transformation that a manifest's text describes.
func build(t testing.TB, text string, config *value.Dict) contract.Transformer {
	t.Helper()
	root := manifesttest.Resolve(t, "test.yaml", text)
	c := manifest.NewCompiler(Table(), config)
	c.Log = slog.New(slog.DiscardHandler)
	out, err := manifest.Build[contract.Transformer](c, root)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

func env(config *value.Dict) *jinja.Env {
	return jinja.NewEnv(func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }).
		Set("config", config).Set("stream_slice", jinja.NewStreamSlice(value.DictOf("p", "x"), nil, nil))
}

func TestTransformations(t *testing.T) {
	for name, c := range map[string]struct {
		manifest, in, want string // want "!": an error
	}{
		"add":                            {`{type: AddFields, fields: [{path: [a], value: "{{ record['id'] }}"}, {path: [b, c], value: x}]}`, `{"id":1}`, `{"id":1,"a":1,"b":{"c":"x"}}`},
		"add over a value":               {`{type: AddFields, fields: [{path: [a], value: new}]}`, `{"a":1,"b":2}`, `{"a":"new","b":2}`},
		"add into list":                  {`{type: AddFields, fields: [{path: [l, "2"], value: x}, {path: [m, "1"], value: y}]}`, `{"l":[1]}`, `{"l":[1,null,"x"],"m":[null,"y"]}`},
		"add through null":               {`{type: AddFields, fields: [{path: [a, b], value: x}]}`, `{"a":null}`, `!`},
		"add, typed":                     {`{type: AddFields, fields: [{path: [a], value: "5"}, {path: [b], value: "5", value_type: string}, {path: [c], value: "5", value_type: number}, {path: [d], value: "True", value_type: integer}]}`, `{}`, `{"a":5,"b":"5","c":"5","d":true}`},
		"add, config":                    {`{type: AddFields, fields: [{path: [a], value: "{{ config['k'] }}{{ stream_slice['p'] }}"}]}`, `{}`, `{"a":"vx"}`},
		"add, stream_partition":          {`{type: AddFields, fields: [{path: [a], value: "{{ stream_partition.p }}"}]}`, `{}`, `{"a":"x"}`},
		"add, condition":                 {`{type: AddFields, fields: [{path: [a], value: "{{ record.get('x') }}"}, {path: [b], value: "1"}], condition: "{{ value is not none and path == ['b'] }}"}`, `{"x":5}`, `{"x":5,"b":1}`},
		"add, the page token is unknown": {`{type: AddFields, fields: [{path: [a], value: "{{ next_page_token }}"}]}`, `{}`, `!`},
		"add a copy":                     {`{type: AddFields, fields: [{path: [a], value: "{{ record['n'] }}"}, {path: [a, z], value: "1"}]}`, `{"n":{"y":0}}`, `{"n":{"y":0},"a":{"y":0,"z":1}}`},
		"add into a list that was added": {`{type: AddFields, fields: [{path: [a], value: "[1]"}, {path: [a, "1"], value: "2"}]}`, `{}`, `{"a":[1,2]}`},
		"add, parameters":                {`{type: AddFields, $parameters: {k: v}, fields: [{path: [a], value: "{{ parameters.k }}"}]}`, `{}`, `{"a":"v"}`},
		"remove":                         {`{type: RemoveFields, field_pointers: [[a], [n, m], [none], [l, "*", x]]}`, `{"a":1,"n":{"m":1,"k":2},"l":[{"x":1,"y":2},{"x":3}]}`, `{"n":{"k":2},"l":[{"y":2},{}]}`},
		"remove, elements":               {`{type: RemoveFields, field_pointers: [[l, "0"], [m, "-1"]]}`, `{"l":[1,2],"m":[1,2]}`, `{"l":[null,2],"m":[1]}`},
		"remove, condition":              {`{type: RemoveFields, field_pointers: [[x]], condition: "{{ property == 's' }}"}`, `{"a":"s","b":{"c":"s","d":["s","s"]}}`, `{"b":{"d":[null]}}`},
		"remove, the condition does not know record": {`{type: RemoveFields, field_pointers: [[x]], condition: "{{ record.a }}"}`, `{"a":1}`, `!`},
		"add a set":          {`{type: AddFields, fields: [{path: [a], value: "{1, 2}"}]}`, `{}`, `!`},
		"remove, empty key":  {`{type: RemoveFields, field_pointers: [[x]]}`, `{"a":{"":1}}`, `{"a":{"":1}}`},
		"remove, twice deep": {`{type: RemoveFields, field_pointers: [["**", "**"]]}`, `{"a":1}`, `!`},
		"lower":              {`type: KeysToLower`, `{"ID":1,"Nested":{"KeyA":1},"ok":2}`, `{"ok":2,"id":1,"nested":{"KeyA":1}}`},
		"snake":              {`type: KeysToSnakeCase`, `{"camelCase":{"keyOne":[{"keyTwo":1}]}}`, `{"camel_case":{"key_one":[{"keyTwo":1}]}}`},
		"replace":            {`{type: KeysReplace, old: " ", new: "{{ config.k }}"}`, `{"a b":{"c d":[{"e f":1}]}}`, `{"avb":{"cvd":[{"e f":1}]}}`},
		"replace by record":  {`{type: KeysReplace, old: "{{ record['x'] }}", new: "-"}`, `{"x":"a","ab":1}`, `{"x":"a","-b":1}`},
		"flatten":            {`type: FlattenFields`, `{"a":{"b":1},"l":[1,{"c":2}]}`, `{"l.1.c":2,"l.0":1,"a.b":1}`},
		"flatten, no lists":  {`{type: FlattenFields, flatten_lists: false}`, `{"a":{"b":1},"l":[1]}`, `{"l":[1],"b":1}`},
		"lift":               {`{type: LiftFields, field_paths: [[attributes]]}`, `{"id":"1","attributes":{"x":1,"id":2,"y":{"z":1}}}`, `{"id":"1","x":1,"attributes_id":2,"y":{"z":1}}`},
		"lift, taken twice":  {`{type: LiftFields, field_paths: [[n]]}`, `{"a":1,"n_a":2,"n":{"a":3}}`, `{"a":1,"n_a":2,"n_n_a":3}`},
		"lift, no object":    {`{type: LiftFields, field_paths: [[n], [m, k]]}`, `{"n":[1],"m":5}`, `{"n":[1],"m":5}`},
		"dpath, prefix":      {`{type: DpathFlattenFields, field_path: ["{{ config.k }}"], key_transformation: {type: KeyTransformation, prefix: "{{ config.k }}_", suffix: "5"}}`, `{"v":{"a":1}}`, `{"v":{"a":1},"v_a5":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			config := value.DictOf("k", "v")
			record, err := value.DecodeString(c.in)
			if err != nil {
				t.Fatal(err)
			}
			err = build(t, c.manifest, config).Bind(env(config))(record.(*value.Dict))
			got := string(value.Append(nil, record))
			switch {
			case c.want == "!" && err == nil:
				t.Errorf("got %s, want an error", got)
			case c.want != "!" && (err != nil || got != c.want):
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestWrongManifestsAreRefused(t *testing.T) {
	for _, text := range []string{
		`{type: AddFields, fields: [{path: [], value: x}]}`, `{type: AddFields}`, `{type: AddFields, fields: [{path: [a]}]}`,
		`{type: AddFields, fields: [{path: [a], value: x, value_type: money}]}`, `{type: RemoveFields}`, `{type: KeysReplace, old: a}`,
		`{type: DpathFlattenFields, field_path: [a], key_transformation: {type: KeyTransformation, prefix: "{{ nope }}"}}`,
	} {
		root, err := manifest.Parse("test.yaml", []byte(text))
		if err == nil {
			root, err = manifest.Resolve(root)
		}
		if err == nil {
			_, err = manifest.Build[contract.Transformer](manifest.NewCompiler(Table(), value.NewDict(0)), root)
		}
		if err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

// recorded is what the reference runtime's transformations gave.
type recorded struct {
	Snake, Lower map[string]string
	Flatten      []struct{ In, Lists, Plain json.RawMessage }
	Dpath        []struct {
		In              json.RawMessage
		Path            []string
		Delete, Replace bool
		Keys            *struct{ Prefix, Suffix string }
		Out             struct {
			OK    json.RawMessage
			Error string
		}
	}
}

func TestSameAsReferenceRuntime(t *testing.T) {
	data, err := os.ReadFile("testdata/python.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	for key, want := range r.Snake {
		if got := snakeCase(key); got != want {
			t.Errorf("snake case of %q: %q, want %q", key, got, want)
		}
	}
	for key, want := range r.Lower {
		if got := pytext.Lower(key); got != want {
			t.Errorf("lower of %q: %q, want %q", key, got, want)
		}
	}
	for _, c := range r.Flatten {
		compare(t, "flatten "+string(c.In), flattenFields{lists: true}, c.In, c.Lists)
		compare(t, "flatten without lists "+string(c.In), flattenFields{lists: false}, c.In, c.Plain)
	}
	for _, c := range r.Dpath {
		text := map[string]any{"type": "DpathFlattenFields", "field_path": c.Path, "delete_origin_value": c.Delete, "replace_record": c.Replace}
		if c.Keys != nil {
			text["key_transformation"] = map[string]any{"type": "KeyTransformation", "prefix": c.Keys.Prefix, "suffix": c.Keys.Suffix}
		}
		m, _ := json.Marshal(text)
		tr := build(t, string(m), value.NewDict(0))
		if c.Out.Error == "" {
			compare(t, string(m)+" on "+string(c.In), tr, c.In, c.Out.OK)
			continue
		}
		v, _ := value.Decode(c.In)
		if err := tr.Bind(env(value.NewDict(0)))(v.(*value.Dict)); err == nil {
			t.Errorf("%s on %s: %s, want %s", m, c.In, value.Append(nil, v), c.Out.Error)
		}
	}
}

func compare(t *testing.T, what string, tr contract.Transformer, in, want []byte) {
	t.Helper()
	v, err := value.Decode(in)
	if err != nil {
		t.Fatal(err)
	}
	w, err := value.Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	err = tr.Bind(env(value.NewDict(0)))(v.(*value.Dict))
	if err != nil || !value.Equal(v, w) {
		t.Errorf("%s: %s, %v; want %s", what, value.Append(nil, v), err, want)
	}
}

func TestMembersThatAreNotNamedStayText(t *testing.T) {
	for name, c := range map[string]struct{ manifest, in, want string }{
		"add":    {`{type: AddFields, fields: [{path: [z], value: "1"}]}`, `{"n":1.50,"big":123456789012345678901234567890,"s":"é"}`, `{"n":1.50,"big":123456789012345678901234567890,"s":"é","z":1}`},
		"remove": {`{type: RemoveFields, field_pointers: [[a]]}`, `{"n":1.50,"a":1,"o":{"x":2.0}}`, `{"n":1.50,"o":{"x":2.0}}`},
	} {
		d := value.LazyDict([]byte(c.in))
		if err := build(t, c.manifest, value.NewDict(0)).Bind(env(value.NewDict(0)))(d); err != nil {
			t.Fatal(err)
		}
		if got := string(value.Append(nil, d)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func FuzzSnakeCase(f *testing.F) {
	for _, s := range []string{"camelCase", "2nd", "ÜberÄrger", "__", "a b-C9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		for _, c := range snakeCase(key) {
			if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				t.Errorf("%q: %q has %q", key, snakeCase(key), c)
			}
		}
	})
}
