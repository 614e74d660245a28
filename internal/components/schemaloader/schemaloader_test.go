package schemaloader

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/components/selector"
	"anytap/internal/components/transformation"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// oneRecord is a retriever that gives a page without records, one with a record, and would fail
// behind it.
type oneRecord struct{ body string }

func (oneRecord) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (oneRecord) Resumable() bool                    { return true }
func (oneRecord) Router() tap.PartitionRouter        { return nil }
func (r oneRecord) Open(tap.Cursor) tap.Retriever    { return r }

func (r oneRecord) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		if !yield(tap.Page{}, nil) {
			return
		}
		if r.body != "" && !yield(tap.Page{Records: []tap.Record{{Data: value.LazyDict([]byte(r.body))}}}, nil) {
			return
		}
		if r.body == "" {
			return
		}
		yield(tap.Page{}, errors.New("it went on"))
	}
}

// built is the loader that text describes in a manifest of this name, or the list of loaders. Its
// retrievers find record.
func built(t *testing.T, file, text, record string) (contract.SchemaLoader, error) {
	t.Helper()
	root := manifesttest.Resolve(t, file, "{it: "+text+"}")
	root = root.Get("it")
	table := Table()
	maps.Copy(table, selector.Table())
	maps.Copy(table, transformation.Table())
	table["SimpleRetriever"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (tap.RetrieverFactory, error) { return oneRecord{record}, nil })}
	c := manifest.With(manifest.NewCompiler(table, value.DictOf("k", "fields")), contract.Scope{Stream: "s"})
	switch {
	case root.Kind == manifest.List:
		return manifest.BuildAs[contract.SchemaLoader](c, root, "CompositeSchemaLoader")
	case root.Type() == "DeclarativeStream":
		return manifest.BuildAs[contract.SchemaLoader](c, root, "DefaultSchemaLoader")
	}
	return manifest.Build[contract.SchemaLoader](c, root)
}

// load is the schema that a loader finds, with sorted keys.
func load(t *testing.T, file, text, record string) (string, error) {
	t.Helper()
	l, err := built(t, file, text, record)
	if err != nil {
		return "", err
	}
	schema, err := l.Schema(context.Background())
	if err != nil {
		return "", err
	}
	return string(value.AppendCompactSorted(nil, schema)), nil
}

func TestInlineAndComposite(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"inline": {`{type: InlineSchemaLoader, schema: {type: object, properties: {type: {type: string}}}}`, `{"properties":{"type":{"type":"string"}},"type":"object"}`},
		"none":   {`{type: InlineSchemaLoader}`, `{}`},
		"list": {`[{type: InlineSchemaLoader, schema: {properties: {a: {type: string}, b: {}}}}, {type: InlineSchemaLoader, schema: {properties: {a: {type: number}, c: {}}}}]`,
			`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"type":"string"},"b":{},"c":{}},"type":["null","object"]}`},
		"list without properties": {`[{type: InlineSchemaLoader, schema: {type: object}}]`, ``},
	} {
		got, err := load(t, "m.yaml", c.text, "")
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestDynamic(t *testing.T) {
	const (
		head = `{type: DynamicSchemaLoader, retriever: {type: SimpleRetriever, requester: {type: HttpRequester}, record_selector: {type: RecordSelector}}, schema_type_identifier: {`
		ids  = `schema_pointer: ["{{ config['k'] }}"], key_pointer: [key], type_pointer: [t]`
	)
	for name, c := range map[string]struct{ identifier, rest, record, want string }{ // want: the properties; empty: an error
		"types": {ids, ``, `{"fields":[{"key":"a","t":"integer"},{"key":"b","t":"timestamp_without_timezone"},{"key":"c"}]}`,
			`{"a":{"type":["null","integer"]},"b":{"airbyte_type":"timestamp_without_timezone","format":"date-time","type":["null","string"]},"c":{"type":["null","string"]}}`},
		"time":         {ids, ``, `{"fields":[{"key":"a","t":"time_with_timezone"}]}`, `{"a":{"airbyte_type":"time_with_timezone","format":"time","type":["null","string"]}}`},
		"no fields":    {ids, ``, `{"fields":[]}`, `{}`},
		"no record":    {ids, ``, ``, `{}`},
		"no pointer":   {ids, ``, `{"x":1}`, ``},
		"unknown type": {ids, ``, `{"fields":[{"key":"a","t":"money"}]}`, ``},
		"null type":    {ids, ``, `{"fields":[{"key":"a","t":null}]}`, ``},
		"no key":       {ids, ``, `{"fields":[{"t":"integer"}]}`, ``},
		"without type": {`schema_pointer: [fields], key_pointer: [key]`, ``, `{"fields":[{"key":"a","t":"money"}]}`, `{"a":{"type":["null","string"]}}`},
		"mapped":       {ids + `, types_mapping: [{target_type: number, current_type: money}]`, ``, `{"fields":[{"key":"a","t":"money"}]}`, `{"a":{"type":["null","number"]}}`},
		"conditions": {ids + `, types_mapping: [{target_type: integer, current_type: n, condition: "{{ raw_schema['p'] == 0 }}"}, {target_type: number, current_type: n}]`, ``,
			`{"fields":[{"key":"a","t":"n","p":0},{"key":"b","t":"n","p":1}]}`, `{"a":{"type":["null","integer"]},"b":{"type":["null","number"]}}`},
		"two types": {ids + `, types_mapping: [{target_type: [string, integer], current_type: [a, b]}]`, ``, `{"fields":[{"key":"a","t":["a","b"]},{"key":"b","t":["number","string"]}]}`,
			`{"a":{"oneOf":[{"type":["null","string"]},{"type":["null","integer"]}]},"b":{"oneOf":[{"type":["null","number"]},{"type":["null","string"]}]}}`},
		"three types": {ids, ``, `{"fields":[{"key":"a","t":["string","number","integer"]}]}`, ``},
		"complex": {ids + `, types_mapping: [{target_type: {field_type: array, items: {field_type: array, items: integer}}, current_type: m}]`, ``, `{"fields":[{"key":"a","t":"m"}]}`,
			`{"a":{"items":{"items":{"type":["null","integer"]},"type":["null","array"]},"type":["null","array"]}}`},
		"filter and changes": {ids, `, schema_filter: {type: RecordFilter, condition: "{{ 'b' not in record }}"}, schema_transformations: [{type: KeysToLower}]`,
			`{"fields":[{"key":"A"},{"key":"b"}]}`, `{"a":{"type":["null","string"]}}`},
		"keys of an object": {`schema_pointer: [fields], key_pointer: []`, ``, `{"fields":{"x":1,"y":2}}`, `{"x":{"type":["null","string"]},"y":{"type":["null","string"]}}`},
		"nested pointers":   {`schema_pointer: [fields, "0", p], key_pointer: [m, k], type_pointer: [m, t]`, ``, `{"fields":[{"p":[{"m":{"k":"a","t":"boolean"}}]}]}`, `{"a":{"type":["null","boolean"]}}`},
	} {
		got, err := load(t, "m.yaml", head+c.identifier+"}"+c.rest+"}", c.record)
		want := c.want
		if want != "" {
			want = `{"$schema":"https://json-schema.org/draft-07/schema#","additionalProperties":true,"properties":` + want + `,"type":"object"}`
		}
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestWrongManifestsAreRefused(t *testing.T) {
	for _, text := range []string{
		`{type: DynamicSchemaLoader, retriever: {type: AsyncRetriever, partition_router: {type: ListPartitionRouter}}, schema_type_identifier: {key_pointer: [a]}}`,
		`{type: DynamicSchemaLoader, schema_type_identifier: {key_pointer: [a]}}`,
		`{type: DynamicSchemaLoader, retriever: {type: SimpleRetriever}, schema_type_identifier: {key_pointer: [a], types_mapping: [{target_type: {field_type: string, items: integer}, current_type: x}]}}`,
	} {
		if got, err := load(t, "m.yaml", text, ""); err == nil {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// schemaFiles writes files of schemas and returns the path of a manifest beside them.
func schemaFiles(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "connector")
	for name, text := range map[string]string{
		"../secret.json":             `{"type":"secret"}`,
		"schemas/s.json":             `{"type":"object","properties":{"a":{"$ref":"shared.json"},"b":{"$ref":"#/definitions/x"}},"definitions":{"x":{"type":"string"}}}`,
		"schemas/shared/shared.json": `{"type":"integer","definitions":{"y":{}}}`,
		"schemas/loop.json":          `{"properties":{"a":{"$ref":"#"}}}`,
		"schemas/broken.json":        `{`,
		"schemas/billions.json":      billions(),
		"schemas/refers_out.json":    `{"properties":{"a":{"$ref":"../../secret.json"}}}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "manifest.yaml")
}

// billions is a schema each of whose definitions refers twice to the one before.
func billions() string {
	text := `{"properties":{"a":{"$ref":"#/definitions/d40"}},"definitions":{"d0":{"type":"string"}`
	for i := range 40 {
		text += fmt.Sprintf(`,"d%d":{"a":{"$ref":"#/definitions/d%d"},"b":{"$ref":"#/definitions/d%d"}}`, i+1, i, i)
	}
	return text + "}}"
}

func TestFile(t *testing.T) {
	file := schemaFiles(t)
	want := `{"definitions":{"x":{"type":"string"}},"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"type":"object"}`
	for name, c := range map[string]struct{ text, want string }{
		"beside":                     {`{type: JsonFileSchemaLoader, file_path: "./schemas/{{ parameters['name'] }}.json", $parameters: {name: s}}`, want},
		"in a package":               {`{type: JsonFileSchemaLoader, file_path: "./source_x/schemas/s.json"}`, want},
		"by default":                 {`{type: JsonFileSchemaLoader, $parameters: {name: s}}`, want},
		"of a stream":                {`{type: DeclarativeStream}`, want},
		"no such file":               {`{type: JsonFileSchemaLoader, file_path: nope.json}`, ``},
		"of a stream without a file": {`{type: DeclarativeStream, $parameters: {name: nope}}`, `{}`},
		"broken":                     {`{type: JsonFileSchemaLoader, file_path: schemas/broken.json}`, ``},
		"refers to all":              {`{type: JsonFileSchemaLoader, file_path: schemas/loop.json}`, ``},
		"billions of parts":          {`{type: JsonFileSchemaLoader, file_path: schemas/billions.json}`, ``},
		"refers to a file outside":   {`{type: JsonFileSchemaLoader, file_path: schemas/refers_out.json}`, ``},
		"outside":                    {`{type: JsonFileSchemaLoader, file_path: ../secret.json}`, ``},
		"outside, by a template":     {`{type: JsonFileSchemaLoader, file_path: "{{ '..' }}/secret.json"}`, ``},
		"outside, by default":        {`{type: DeclarativeStream, $parameters: {name: ../../secret}}`, ``},
	} {
		got, err := load(t, file, c.text, "")
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}
