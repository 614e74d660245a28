package resolver

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// pages is a retriever of the records that its node lists, for each value of its partitions.
type pages struct {
	records    []any
	partitions []any
	fail       error
}

type pagesDefinition struct {
	Records    *value.List `manifest:"records"`
	Partitions *value.List `manifest:"partitions"`
	Fail       bool        `manifest:"fail"`
}

func buildPages(c *manifest.Compiler, n *manifest.Node) (tap.RetrieverFactory, error) {
	var def pagesDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	p := &pages{}
	if def.Records != nil {
		p.records = def.Records.Values()
	}
	if def.Partitions != nil {
		p.partitions = def.Partitions.Values()
	}
	if def.Fail {
		p.fail = tap.Errorf(tap.Config, "forbidden")
	}
	return factory{p}, nil
}

func (*pages) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (*pages) Resumable() bool                    { return true }
func (p *pages) Router() tap.PartitionRouter {
	if p.partitions == nil {
		return nil
	}
	return p
}

func (p *pages) ParentNames() []string { return nil }
func (p *pages) GlobalOnly() bool      { return false }

func (p *pages) Open(*value.Dict) (tap.Partitions, error) { return partitions{p.partitions}, nil }

type partitions struct{ values []any }

func (p partitions) ParentState() *value.Dict { return nil }

func (p partitions) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for _, v := range p.values {
			if !yield(tap.NewSlice(value.DictOf("b", v), nil, nil), nil) {
				return
			}
		}
	}
}

type reader struct{ *pages }

func (r reader) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		for _, v := range r.records {
			if !yield(tap.Page{Records: []tap.Record{{Data: v.(*value.Dict)}}}, nil) {
				return
			}
		}
		if r.fail != nil {
			yield(tap.Page{}, r.fail)
		}
	}
}

type factory struct{ *pages }

func (f factory) Open(tap.Cursor) tap.Retriever { return reader(f) }

func compiler(t *testing.T, config string) *manifest.Compiler {
	t.Helper()
	v, err := value.DecodeString(config)
	if err != nil {
		t.Fatal(err)
	}
	table := Table()
	table["SimpleRetriever"] = manifest.Entry{Build: manifest.As(buildPages), Definition: func() any { return pagesDefinition{} }}
	c := manifest.NewCompiler(table, v.(*value.Dict))
	c.Now = func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }
	return c
}

// resolve fills the template of a document with template and resolver.
func resolve(t *testing.T, c *manifest.Compiler, yaml string, useParent bool) ([]string, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", yaml)
	n := root.Get("dynamic_streams").Items()[0]
	r, err := manifest.Build[interface {
		Resolve(context.Context, *manifest.Node, bool) ([]*manifest.Node, error)
	}](c, n.Get("components_resolver"))
	if err != nil {
		return nil, err
	}
	nodes, err := r.Resolve(t.Context(), n.Get("stream_template"), useParent)
	var got []string
	for _, node := range nodes {
		got = append(got, string(value.Append(nil, node.Value())))
	}
	return got, err
}

func document(resolver string, mappings ...string) string {
	return `
dynamic_streams:
  - type: DynamicDeclarativeStream
    stream_template: {type: DeclarativeStream, name: template, primary_key: id, retriever: {type: SimpleRetriever, path: "/x/{{ parameters['p'] }}"}}
    components_resolver:
      ` + strings.ReplaceAll(resolver, "\n", "\n      ") + `
      components_mapping:
        - {type: ComponentMappingDefinition, ` + strings.Join(mappings, "}\n        - {type: ComponentMappingDefinition, ") + "}\n"
}

const (
	byName = `field_path: [name], value: "{{ components_values['name'] }}"`
	byID   = `field_path: [retriever, path], value: "/t/{{ components_values['id'] }}"`
)

func stream(name, path string) string {
	return `{"type":"DeclarativeStream","name":"` + name + `","primary_key":"id","retriever":{"type":"SimpleRetriever","path":"` + path + `"}}`
}

func TestResolve(t *testing.T) {
	t.Parallel()
	tables := "type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [tables]}"
	config := `{"tables": [{"id": "t1", "name": "One"}, {"id": "t2", "name": "Two"}], "kinds": [{"k": "a"}, {"k": "b"}], "one": {"id": "t3", "name": "Three"}, "names": ["x"], "at": "tables"}`
	cases := map[string]struct {
		yaml string
		want []string
	}{
		"entries of the configuration": {document(tables, byName, byID), []string{stream("One", "/t/t1"), stream("Two", "/t/t2")}},
		"further entries": {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [\"{{ config['at'] }}\"], default_values: [{id: t9, name: Def}]}", byName, byID),
			[]string{stream("One", "/t/t1"), stream("Two", "/t/t2"), stream("Def", "/t/t9")}},
		"one entry":         {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [one]}", byName, byID), []string{stream("Three", "/t/t3")}},
		"no such entries":   {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [none]}", byName), nil},
		"each combination":  {document("type: ConfigComponentsResolver\nstream_config: [{type: StreamConfig, configs_pointer: [tables]}, {type: StreamConfig, configs_pointer: [kinds]}]", `field_path: [name], value: "{{ components_values['id'] }}_{{ components_values['k'] }}"`, byID), []string{stream("t1_a", "/t/t1"), stream("t1_b", "/t/t1"), stream("t2_a", "/t/t2"), stream("t2_b", "/t/t2")}},
		"what is no object": {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [names]}", `field_path: [name], value: "{{ components_values['source_config_0'][1] }}{{ components_values['source_config_0'][0] }}"`), []string{stream("x0", "/x/{{ parameters['p'] }}")}},
		"a condition":       {document(tables, byName, byID+`, condition: "{{ components_values['id'] == 't2' }}"`), []string{stream("One", "/x/{{ parameters['p'] }}"), stream("Two", "/t/t2")}},
		"YAML and new parts": {document(tables, byName, `field_path: [primary_key], value: "[a, '{{ components_values['id'] }}']"`, `field_path: [retriever, headers, X-N], value: '5', value_type: string, create_or_update: true`, `field_path: [retriever, none], value: x`, `field_path: [retriever, zero], value: '0', create_or_update: true`),
			[]string{`{"type":"DeclarativeStream","name":"One","primary_key":["a","t1"],"retriever":{"type":"SimpleRetriever","path":"/x/{{ parameters['p'] }}","headers":{"X-N":"5"}}}`,
				`{"type":"DeclarativeStream","name":"Two","primary_key":["a","t2"],"retriever":{"type":"SimpleRetriever","path":"/x/{{ parameters['p'] }}","headers":{"X-N":"5"}}}`}},
		"parameters of the manifest": {document("type: ParametrizedComponentsResolver\nstream_parameters: {type: StreamParametersDefinition, list_of_parameters_for_stream: [{name: One, id: t1}, {name: \"{{ x }}\", id: t2}]}", byID, `field_path: ["n*"], value: "S{{ components_values['id'] }}{{ stream_template_config['name'] }}"`),
			[]string{stream("St1template", "/t/t1"), stream("St2template", "/t/t2")}},
		"records of an API": {document("type: HttpComponentsResolver\nretriever: {type: SimpleRetriever, records: [{id: t1, name: One}, {id: t2, name: '1: 2'}]}", byName, byID, `field_path: [retriever, new], value: x, create_or_update: true`),
			[]string{stream("One", "/t/t1"), stream("1: 2", "/t/t2")}},
		"records of partitions": {document("type: HttpComponentsResolver\nretriever: {type: SimpleRetriever, records: [{id: t1}], partitions: [x, y]}", `field_path: [name], value: "{{ stream_slice['b'] }}_{{ components_values.id }}"`, byID),
			[]string{stream("x_t1", "/t/t1"), stream("y_t1", "/t/t1")}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := resolve(t, compiler(t, config), c.yaml, true)
			if err != nil || strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("%v\ngot\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestParameters hands the template's $parameters down once more, to what was filled in too.
func TestParameters(t *testing.T) {
	t.Parallel()
	yaml := `
dynamic_streams:
  - type: DynamicDeclarativeStream
    stream_template: {type: DeclarativeStream, name: t, $parameters: {p: outer}, retriever: {type: SimpleRetriever}}
    components_resolver:
      type: ParametrizedComponentsResolver
      stream_parameters: {type: StreamParametersDefinition, list_of_parameters_for_stream: [{}]}
      components_mapping:
        - {type: ComponentMappingDefinition, field_path: [name], value: n}
        - {type: ComponentMappingDefinition, field_path: [retriever], value: "{type: SimpleRetriever, $parameters: {p: inner}}"}
`
	for useParent, want := range map[bool]string{true: `"retriever":{"type":"SimpleRetriever","p":"outer"`, false: `"retriever":{"type":"SimpleRetriever","p":"inner"`} {
		got, err := resolve(t, compiler(t, `{}`), yaml, useParent)
		if err != nil || len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("parents first %t: got %v, %v; want %s", useParent, got, err, want)
		}
	}
}

func TestResolveFails(t *testing.T) {
	t.Parallel()
	http := "type: HttpComponentsResolver\nretriever: {type: SimpleRetriever, records: [{id: t1, name: One}]%s}"
	list := "type: ParametrizedComponentsResolver\nstream_parameters: {type: StreamParametersDefinition, list_of_parameters_for_stream: [{name: 5, text: \"a: b: c\"}]}"
	cases := map[string]struct {
		yaml, want string
		kind       tap.Kind
	}{
		"a condition where an API is asked":  {document(strings.ReplaceAll(http, "%s", ""), byName+`, condition: "{{ true }}"`), "only possible in a ConfigComponentsResolver", tap.System},
		"a condition with parameters":        {document(list, byName+`, condition: "{{ true }}"`), "only possible in a ConfigComponentsResolver", tap.System},
		"an API that refuses":                {document(strings.ReplaceAll(http, "%s", ", fail: true"), byName), "forbidden", tap.Config},
		"a number as the name":               {document(list, byName), "has the name 5, expected text", tap.System},
		"text that is no YAML":               {document(list, `field_path: [name], value: "{{ components_values['text'] }}"`), "read as YAML", tap.System},
		"an unknown name":                    {document(list, `field_path: [name], value: "{{ nothing }}"`), "components_mapping: value", tap.System},
		"an unknown name in the path":        {document(list, `field_path: ["{{ nothing }}"], value: x`), "components_mapping: field_path", tap.System},
		"two places for a configuration":     {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: ['*']}", byName), "configs_pointer", tap.System},
		"an unknown name in a condition":     {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: [a]}", byName+`, condition: "{{ nothing }}"`), "condition", tap.System},
		"an unknown name in configs_pointer": {document("type: ConfigComponentsResolver\nstream_config: {type: StreamConfig, configs_pointer: ['{{ nothing }}']}", byName), "configs_pointer", tap.System},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := resolve(t, compiler(t, `{"a": [{}], "b": 2}`), c.yaml, true)
			if err == nil || !strings.Contains(err.Error(), c.want) || tap.KindOf(err) != c.kind {
				t.Errorf("got %s: %v, want %s with %q", tap.KindOf(err), err, c.kind, c.want)
			}
		})
	}
}

// TestReadYAML compares with what the reference runtime's two resolvers make of a text; empty: an
// error.
func TestReadYAML(t *testing.T) {
	t.Parallel()
	cases := map[string][2]string{
		"": {"None", "None"}, "# c": {"None", "None"}, "a": {"'a'", "'a'"}, "5": {"5", "5"}, "yes": {"True", "True"}, "null": {"None", "None"},
		"[a, b]": {"['a', 'b']", "['a', 'b']"}, "{a: 1}": {"{'a': 1}", "{'a': 1}"}, "/t/t1": {"'/t/t1'", "'/t/t1'"}, "- a\n- b": {"['a', 'b']", "['a', 'b']"},
		"{{ x }}": {}, "{{ record['id'] }}": {`"{{ record['id'] }}"`, `"{{ record['id'] }}"`}, "{{ record[0] in ['a'] }}": {`"{{ record[0] in ['a'] }}"`, `"{{ record[0] in ['a'] }}"`},
		"[a, b": {"'[a, b'", "'[a, b'"}, "]": {"']'", "']'"}, "- a\nb": {}, "key: [a": {"'key: [a'", "'key: [a'"},
		"%Y-%m-%d": {"'%Y-%m-%d'", ""}, "%Y": {"'%Y'", "'%Y'"}, "\tfoo": {`'\tfoo'`, ""}, "a\tb": {`'a\tb'`, ""},
		"a: b: c": {}, "@foo": {}, "'abc": {}, "*foo": {}, "*": {}, "!foo bar": {}, "--- a\n--- b": {},
	}
	for text, want := range cases {
		for i, s := range []scanner{sparingScanner, strictScanner} {
			v, err := readYAML(text, s)
			got := ""
			if err == nil {
				got = value.Repr(v)
			}
			if got != want[i] {
				t.Errorf("%q, sparing %t: got %s, %v; want %s", text, s, got, err, want[i])
			}
		}
	}
	if v, err := readYAML(int64(5), strictScanner); v != int64(5) || err != nil {
		t.Errorf("a number became %v, %v", v, err)
	}
}

func FuzzReadYAML(f *testing.F) {
	for _, text := range []string{"a: [1, {b: c}]", "{{ x }}", "%Y", "\ta", "&a *a", "a: &a [*a]"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = readYAML(text, sparingScanner)
		_, _ = readYAML(text, strictScanner)
	})
}
