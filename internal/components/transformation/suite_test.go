package transformation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/value"
)

// behaviour is what every transformation must state. Records are JSON text.
type behaviour struct {
	manifest string
	// The transformation makes want of in, and twice of want. An empty twice is want: the second
	// time changes nothing.
	in, want, twice string
	// null is in with null where the transformation looks, and wantNull what becomes of it.
	null, wantNull string
	// misses is a record that has nothing to transform. It must stay the text that it came as.
	misses string
	// rebuilds says that the transformation makes a new record of each, so that numbers are written
	// anew. Then misses must only keep its value.
	rebuilds bool
}

// behaviours has a row for each transformation of the table.
var behaviours = map[string]behaviour{
	"AddFields": {
		manifest: `{type: AddFields, condition: "{{ 'skip' not in record }}", fields: [{path: [n, m], value: "{{ record['a'] }}"}, {path: [c], value: "{{ config['list'] }}"}, {path: [f], value: "[1]"}]}`,
		in:       `{"a":{"b":[1]},"n":{"k":1.50}}`, want: `{"a":{"b":[1]},"n":{"k":1.50,"m":{"b":[1]}},"c":[1,[2]],"f":[1]}`,
		null: `{"a":null,"c":null}`, wantNull: `{"a":null,"c":[1,[2]],"n":{"m":null},"f":[1]}`,
		misses: `{"skip":1.50,"n":{"k":1.50}}`,
	},
	"RemoveFields": {
		manifest: `{type: RemoveFields, field_pointers: [[a, b], [l, "*", x], [gone]]}`,
		in:       `{"a":{"b":1,"c":1.50},"l":[{"x":1,"y":2}],"gone":{}}`, want: `{"a":{"c":1.50},"l":[{"y":2}]}`,
		null: `{"a":{"b":null},"l":null,"gone":null}`, wantNull: `{"a":{},"l":null}`,
		misses: `{"a":{"c":1.50},"m":[{"x":1}]}`,
	},
	"KeysToLower": {
		manifest: `type: KeysToLower`,
		in:       `{"ID":1,"N":{"KeyA":[1.50]}}`, want: `{"id":1,"n":{"KeyA":[1.50]}}`,
		null: `{"ID":null}`, wantNull: `{"id":null}`,
		misses: `{"id":1.50,"n":{"KeyA":1.50}}`,
	},
	"KeysToSnakeCase": {
		manifest: `type: KeysToSnakeCase`,
		in:       `{"keyOne":{"keyTwo":[{"keyThree":1}]}}`, want: `{"key_one":{"key_two":[{"keyThree":1}]}}`,
		null: `{"keyOne":null}`, wantNull: `{"key_one":null}`,
		misses: `{"key":1.5,"n":{"k":[1]}}`, rebuilds: true,
	},
	"KeysReplace": {
		manifest: `{type: KeysReplace, old: "a", new: "aa"}`,
		in:       `{"a":{"ba":[{"a":1}]}}`, want: `{"aa":{"baa":[{"a":1}]}}`, twice: `{"aaaa":{"baaaa":[{"a":1}]}}`,
		null: `{"a":null}`, wantNull: `{"aa":null}`,
		misses: `{"b":1.5,"n":{"k":[1]}}`, rebuilds: true,
	},
	"FlattenFields": {
		manifest: `type: FlattenFields`,
		in:       `{"n":{"m":{"k":1}},"l":[1,{"c":2}]}`, want: `{"l.1.c":2,"l.0":1,"n.m.k":1}`, twice: `{"n.m.k":1,"l.0":1,"l.1.c":2}`,
		null: `{"n":{"m":null}}`, wantNull: `{"m":null}`,
		misses: `{"b":1.5}`, rebuilds: true,
	},
	"LiftFields": {
		manifest: `{type: LiftFields, field_paths: [[n], [o, p]]}`,
		in:       `{"a":1,"n":{"a":1.50,"b":[1]},"o":{"p":{"c":2},"q":3}}`, want: `{"a":1,"o":{"q":3},"n_a":1.50,"b":[1],"c":2}`,
		null: `{"n":null,"o":{"p":null}}`, wantNull: `{"o":{}}`,
		misses: `{"m":{"k":1.50},"o":[1.50]}`,
	},
	"DpathFlattenFields": {
		manifest: `{type: DpathFlattenFields, field_path: [n, m], key_transformation: {type: KeyTransformation, prefix: "m_"}}`,
		in:       `{"n":{"m":{"k":[1.50]}},"a":1.50}`, want: `{"n":{"m":{"k":[1.50]}},"a":1.50,"m_k":[1.50]}`,
		null: `{"n":{"m":null}}`, wantNull: `{"n":{"m":null}}`,
		misses: `{"n":{"k":1.50},"a":1.50}`,
	},
}

// parts are the components that only stand inside a transformation.
var parts = map[string]bool{"AddedFieldDefinition": true, "KeyTransformation": true}

func TestTransformationsBehave(t *testing.T) {
	t.Parallel()
	for name := range Table() {
		if parts[name] {
			continue
		}
		b, ok := behaviours[name]
		if !ok {
			t.Errorf("%s has no row in behaviours", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := suiteConfig()
			for _, problem := range b.problems(build(t, b.manifest, config), config) {
				t.Error(problem)
			}
		})
	}
}

func suiteConfig() *value.Dict {
	return value.DictOf("list", value.NewList(int64(1), value.NewList(int64(2))))
}

// problems lists what a transformation does otherwise than b says, and what no transformation may
// do.
func (b behaviour) problems(t contract.Transformer, config *value.Dict) []string {
	var found []string
	expect := func(what string, err error, record *value.Dict, want string) {
		switch got := string(value.Append(nil, record)); {
		case err != nil:
			found = append(found, fmt.Sprintf("%s: %v", what, err))
		case got != want:
			found = append(found, fmt.Sprintf("%s: got %s, want %s", what, got, want))
		}
	}
	transform := t.Bind(env(config))
	record := value.LazyDict([]byte(b.in))
	expect("a record", transform(record), record, b.want)
	expect("the same record again", transform(record), record, cmp.Or(b.twice, b.want))
	if names, all := t.Touches(); !all {
		for name, text := range untouched(value.LazyDict([]byte(b.in)), names) {
			if raw, ok := record.Raw(name); !ok || string(raw) != text {
				found = append(found, fmt.Sprintf("the member %s was changed, but is not among %s", name, names))
			}
		}
	}
	other := value.LazyDict([]byte(b.null))
	expect("null", transform(other), other, b.wantNull)
	missed := value.LazyDict([]byte(b.misses))
	expect("nothing to transform", transform(missed), missed, b.misses)
	if _, untouched := missed.Untouched(); !untouched && !b.rebuilds {
		found = append(found, "nothing to transform: the record was changed")
	}

	decoded := value.LazyDict([]byte(b.in))
	value.Expand(decoded)
	if err := transform(decoded); err != nil || !value.Equal(decoded, value.LazyDict([]byte(b.want))) {
		found = append(found, fmt.Sprintf("a decoded record: got %s, %v; want %s", value.Append(nil, decoded), err, b.want))
	}

	first, second := value.LazyDict([]byte(b.in)), value.LazyDict([]byte(b.in))
	errs := errors.Join(transform(first), t.Bind(env(config))(value.LazyDict([]byte(b.null))), transform(second))
	spoil(first)
	expect("a record after another that was changed since", errs, second, b.want)
	if !value.Equal(config, suiteConfig()) {
		found = append(found, fmt.Sprintf("the configuration was changed: %s", value.Append(nil, config)))
	}
	return found
}

// untouched returns the texts of the members of a record that are not among names.
func untouched(record *value.Dict, names []string) map[string]string {
	texts := map[string]string{}
	for _, name := range record.Keys() {
		if raw, ok := record.Raw(name); ok && !slices.Contains(names, name) {
			texts[name] = string(raw)
		}
	}
	return texts
}

// spoil changes every object and list in v.
func spoil(v any) {
	switch v := v.(type) {
	case *value.Dict:
		for _, inner := range v.All() {
			spoil(inner)
		}
		v.Set("spoilt", true)
	case *value.List:
		for _, inner := range v.All() {
			spoil(inner)
		}
		v.Append("spoilt")
	}
}

// broken is a transformation that does what none may do.
type broken func(env *jinja.Env) func(*value.Dict) error

func (b broken) Bind(env *jinja.Env) func(*value.Dict) error { return b(env) }

// Touches says that it reads and sets these two members only.
func (broken) Touches() (names []string, all bool) { return []string{"a", "b"}, false }

// adding is what the broken transformations are said to do: they add a list b where there is a
// value a.
var adding = behaviour{
	in: `{"a":1.50,"c":1.50}`, want: `{"a":1.50,"c":1.50,"b":[]}`,
	null: `{"a":null}`, wantNull: `{"a":null}`, misses: `{"c":1.50}`,
}

// add sets b to what list returns.
func add(list func() *value.List) func(*value.Dict) error {
	return func(record *value.Dict) error {
		if v, _ := record.Get("a"); v != nil {
			record.Set("b", list())
		}
		return nil
	}
}

func fresh() *value.List { return value.NewList() }

// brokenOnes has for each broken transformation a part of the problems; empty: it is right.
var brokenOnes = map[string]struct {
	transform broken
	want      string
}{
	"right": {func(*jinja.Env) func(*value.Dict) error { return add(fresh) }, ""},
	"one list for all records": {func(*jinja.Env) func(*value.Dict) error {
		list := value.NewList()
		return add(func() *value.List { return list })
	}, "after another"},
	"a list of the configuration": {func(env *jinja.Env) func(*value.Dict) error {
		config, _ := env.Get("config")
		list, _ := config.(*value.Dict).Get("list")
		return add(func() *value.List { return list.(*value.List) })
	}, "configuration was changed"},
	"decodes": {func(*jinja.Env) func(*value.Dict) error {
		return func(record *value.Dict) error {
			for k, v := range record.All() {
				record.Set(k, v)
			}
			return add(fresh)(record)
		}
	}, "nothing to transform"},
	"touches another member": {func(*jinja.Env) func(*value.Dict) error {
		return func(record *value.Dict) error {
			c, _ := record.Get("c")
			record.Set("c", c)
			return add(fresh)(record)
		}
	}, "the member c was changed"},
	"adds more each time": {func(*jinja.Env) func(*value.Dict) error {
		return func(record *value.Dict) error {
			if v, ok := record.Get("b"); ok {
				v.(*value.List).Append(int64(1))
				return nil
			}
			return add(fresh)(record)
		}
	}, "the same record again"},
	"remembers": {func(*jinja.Env) func(*value.Dict) error {
		n := 0
		return func(record *value.Dict) error {
			if n++; n > 2 {
				return nil
			}
			return add(fresh)(record)
		}
	}, "after another"},
	"null is a value": {func(*jinja.Env) func(*value.Dict) error {
		return func(record *value.Dict) error {
			if _, ok := record.Get("a"); ok {
				record.Set("b", value.NewList())
			}
			return nil
		}
	}, "null: got"},
	"fails": {func(*jinja.Env) func(*value.Dict) error {
		return func(*value.Dict) error { return errors.New("broken") }
	}, "a record: broken"},
}

func TestBrokenTransformationsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range brokenOnes {
		found := strings.Join(adding.problems(c.transform, suiteConfig()), "; ")
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %q", name, found, c.want)
		}
	}
}
