package properties_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/properties"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// endpoint is a retriever of records {"name": …}; it fails at first where failures are left.
type endpoint struct {
	mu       sync.Mutex
	reads    int
	failures int
}

func (*endpoint) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (*endpoint) Resumable() bool                    { return true }
func (e *endpoint) Router() tap.PartitionRouter      { return nil }
func (e *endpoint) Open(tap.Cursor) tap.Retriever    { return e }

func (e *endpoint) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.reads++
		if e.failures > 0 {
			e.failures--
			yield(tap.Page{}, errors.New("broken"))
			return
		}
		records := []tap.Record{{Data: value.DictOf("f", value.DictOf("name", "a"))}, {Data: value.DictOf("f", value.DictOf("name", 7))}}
		if yield(tap.Page{Records: records}, nil) {
			yield(tap.Page{Records: []tap.Record{{Data: value.NewDict(0)}}}, nil)
		}
	}
}

// lower is a transformation that makes names lower case.
type lower struct{}

func (lower) Touches() ([]string, bool) { return nil, true }

func (lower) Bind(*jinja.Env) func(*value.Dict) error {
	return func(d *value.Dict) error {
		for _, name := range d.Keys() {
			v, _ := d.Get(name)
			d.Delete(name)
			d.Set(strings.ToLower(name), v)
		}
		return nil
	}
}

func build(t *testing.T, text string, e *endpoint, catalog properties.Catalog) (paging.Properties, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", text)
	table := properties.Table()
	table["SimpleRetriever"] = manifest.Entry{Build: func(c *manifest.Compiler, _ *manifest.Node) (any, error) {
		scope, _ := manifest.Scoped[contract.Scope](c)
		if !scope.UseCache || scope.Stream == "items" {
			return nil, fmt.Errorf("scope is %+v", scope)
		}
		return e, nil
	}}
	table["KeysToLower"] = manifest.Entry{Build: func(*manifest.Compiler, *manifest.Node) (any, error) { return lower{}, nil }}
	c := manifest.NewCompiler(table, value.DictOf("field", "name"))
	c.Now = func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
	if catalog != nil {
		manifest.Provide(c, catalog)
	}
	return manifest.Build[paging.Properties](manifest.With(c, contract.Scope{Stream: "items"}), root)
}

// TestChunks compares with the reference runtime: chunks.jsonl holds what it answered.
func TestChunks(t *testing.T) {
	data, err := os.ReadFile("testdata/chunks.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		v, err := value.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		c := v.(*value.Dict)
		get := func(name string) any { v, _ := c.Get(name); return v }
		model := value.DictOf("type", "QueryProperties", "property_list", get("names"))
		if always := get("always"); always != nil {
			model.Set("always_include_properties", always)
		}
		var catalog properties.Catalog
		if selected, ok := get("selected").(*value.List); ok {
			schema := value.NewDict(0)
			for _, name := range selected.All() {
				schema.Set(value.Str(name), value.NewDict(0))
			}
			catalog = catalogOf(value.DictOf("properties", schema))
			model.Set("property_selector", value.DictOf("type", "JsonSchemaPropertySelector"))
		}
		if typ := get("type"); typ != nil {
			chunking := value.DictOf("type", "PropertyChunking", "property_limit_type", typ)
			if limit := get("limit"); limit != nil {
				chunking.Set("property_limit", limit)
			}
			model.Set("property_chunking", chunking)
		}
		p, err := build(t, string(value.Append(nil, model)), nil, catalog)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		chunks, err := p.Chunks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := value.NewList()
		for _, chunk := range chunks {
			names := value.NewList()
			for _, name := range chunk {
				names.Append(name)
			}
			got.Append(names)
		}
		if !value.Equal(got, get("chunks")) {
			t.Errorf("%s gives %s", bytes.TrimSpace(line), value.Append(nil, got))
		}
	}
}

// catalogOf is a catalog with the one stream items.
func catalogOf(schema *value.Dict) properties.Catalog {
	return func(stream string) *value.Dict {
		if stream == "items" {
			return schema
		}
		return nil
	}
}

const endpointYAML = `
type: PropertiesFromEndpoint
property_field_path: [f, "{{ config['field'] }}"]
retriever: {type: SimpleRetriever}`

func TestEndpoint(t *testing.T) {
	e := &endpoint{failures: 1}
	p, err := build(t, endpointYAML, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Chunks(t.Context()); err == nil {
		t.Error("a failing endpoint gave no error")
	}
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			chunks, err := p.Chunks(t.Context())
			if err != nil || fmt.Sprint(chunks) != "[[a 7 []]]" {
				t.Errorf("chunks %v, %v", chunks, err)
			}
		})
	}
	t.Cleanup(func() {
		if e.reads != 2 {
			t.Errorf("the endpoint was read %d times, expected 2", e.reads)
		}
	})
	if p.Merges() {
		t.Error("one chunk has nothing to merge")
	}
}

func TestQueryOfEndpoint(t *testing.T) {
	e := &endpoint{}
	p, err := build(t, "type: QueryProperties\nalways_include_properties: [id]\nproperty_list: {"+strings.ReplaceAll(endpointYAML[1:], "\n", ", ")+"}", e, nil)
	if err != nil {
		t.Fatal(err)
	}
	chunks, err := p.Chunks(t.Context())
	if err != nil || fmt.Sprint(chunks) != "[[id a 7 []]]" {
		t.Errorf("chunks %v, %v", chunks, err)
	}
}

func TestSelectorTransforms(t *testing.T) {
	schema := value.DictOf("properties", value.DictOf("A", value.NewDict(0), "B", value.NewDict(0)))
	p, err := build(t, `
type: QueryProperties
property_list: [a, b, c]
property_selector: {type: JsonSchemaPropertySelector, transformations: [{type: KeysToLower}]}`, nil, catalogOf(schema))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		chunks, err := p.Chunks(t.Context())
		if err != nil || fmt.Sprint(chunks) != "[[a b]]" {
			t.Errorf("chunks %v, %v", chunks, err)
		}
	}
}

func TestMergeKey(t *testing.T) {
	tests := map[string]struct {
		key    string
		record *value.Dict
		want   string
		ok     bool
		fails  bool
	}{
		"one":                         {"id", value.DictOf("id", "x"), "x", true, false},
		"several":                     {"[id, k]", value.DictOf("id", "x", "k", "y"), "x,y", true, false},
		"missing":                     {"[id, k]", value.DictOf("id", "x"), "", false, false},
		"empty":                       {"id", value.DictOf("id", ""), "", false, false},
		"zero":                        {"id", value.DictOf("id", 0), "", false, false},
		"number":                      {"id", value.DictOf("id", 7), "", false, true},
		"number, and another missing": {"[id, k]", value.DictOf("id", 7), "", false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, `
type: QueryProperties
property_list: [a]
property_chunking:
  type: PropertyChunking
  property_limit_type: property_count
  record_merge_strategy: {type: GroupByKeyMergeStrategy, key: `+test.key+`}`, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			key, ok, err := p.MergeKey(test.record)
			if key != test.want || ok != test.ok || (err != nil) != test.fails || !p.Merges() {
				t.Errorf("key %q, %v, %v", key, ok, err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]string{
		"type: QueryProperties":                   "property_list",
		"type: QueryProperties\nproperty_list: 5": "property_list",
		"type: QueryProperties\nproperty_list: [a]\nproperty_chunking: {type: PropertyChunking, property_limit_type: bytes}": "property_limit_type",
		"type: PropertiesFromEndpoint\nretriever: {type: SimpleRetriever}":                                                   "property_field_path",
	}
	for text, says := range tests {
		if _, err := build(t, text, nil, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, expected %q", text, err, says)
		}
	}
}
