package schemaloader

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// pagesOf is a retriever of pages of JSON objects, one a line; an empty text is an empty page.
type pagesOf struct {
	pages []string
	err   error // after the last page
	asked *int
}

func (pagesOf) WrapCursor(c tap.Cursor) tap.Cursor { return c }
func (pagesOf) Resumable() bool                    { return true }
func (pagesOf) Router() tap.PartitionRouter        { return nil }
func (p pagesOf) Open(c tap.Cursor) tap.Retriever  { return p }

func (p pagesOf) Pages(ctx context.Context, _ *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		for _, text := range p.pages {
			*p.asked++
			var page tap.Page
			for line := range strings.Lines(text) {
				page.Records = append(page.Records, tap.Record{Data: value.LazyDict([]byte(strings.TrimSpace(line)))})
			}
			if !yield(page, nil) {
				return
			}
		}
		if p.err != nil {
			yield(tap.Page{}, p.err)
		}
	}
}

func inferredFrom(t *testing.T, retriever tap.RetrieverFactory) contract.SchemaLoader {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", "type: InferredSchemaLoader\nretriever: {type: SimpleRetriever}\n")
	table := Table()
	table["SimpleRetriever"] = manifest.Entry{Build: func(c *manifest.Compiler, _ *manifest.Node) (any, error) {
		scope, _ := manifest.Scoped[contract.Scope](c)
		if scope.Sync != nil || scope.Pages.Prefetch != 0 || scope.Stream != "items" {
			t.Errorf("built with %+v", scope)
		}
		return retriever, nil
	}}
	c := manifest.NewCompiler(table, value.NewDict(0))
	scope := contract.Scope{Stream: "items", Sync: struct{ contract.IncrementalSync }{}, Pages: paging.Settings{Prefetch: 3}}
	loader, err := manifest.Build[contract.SchemaLoader](manifest.With(c, scope), root)
	if err != nil {
		t.Fatal(err)
	}
	return loader
}

func TestInferredSchema(t *testing.T) {
	const anything = `{"type":["null","boolean","number","string","array","object"]}`
	tests := map[string]struct{ records, want string }{
		"every type": {
			`{"b": true, "i": 1, "n": 1.5, "s": "x", "t": "2026-01-01T00:00:00Z"}`,
			`{"b":{"type":["null","boolean"]},"i":{"type":["null","integer"]},"n":{"type":["null","number"]},"s":{"type":["null","string"]},"t":{"type":["null","string"],"format":"date-time"}}`,
		},
		"fields in the order of their appearance": {
			"{\"b\": 1}\n{\"a\": 1, \"b\": 2}", `{"b":{"type":["null","integer"]},"a":{"type":["null","integer"]}}`,
		},
		"null and a value":  {"{\"a\": null}\n{\"a\": 5}", `{"a":{"type":["null","integer"]}}`},
		"always null":       {`{"a": null}`, `{"a":` + anything + `}`},
		"whole and broken":  {"{\"a\": 1}\n{\"a\": 1.0}", `{"a":{"type":["null","number"]}}`},
		"beyond 64 bits":    {`{"a": 9223372036854775807, "b": 9223372036854775808}`, `{"a":{"type":["null","integer"]},"b":{"type":["null","number"]}}`},
		"number or text":    {"{\"a\": 1}\n{\"a\": \"x\"}", `{"a":{"type":["null","integer","string"]}}`},
		"not all are times": {"{\"a\": \"2026-01-01T00:00:00Z\"}\n{\"a\": \"soon\"}", `{"a":{"type":["null","string"]}}`},
		"times and numbers": {"{\"a\": \"2026-01-01T00:00:00Z\"}\n{\"a\": 5}", `{"a":{"type":["null","integer","string"]}}`},
		"times and null":    {"{\"a\": null}\n{\"a\": \"2026-01-01T00:00:00.5+02:00\"}", `{"a":{"type":["null","string"],"format":"date-time"}}`},
		"a date alone":      {`{"a": "2026-01-01"}`, `{"a":{"type":["null","string"]}}`},
		"an empty text":     {"{\"a\": \"\"}\n{\"a\": \"2026-01-01T00:00:00Z\"}", `{"a":{"type":["null","string"]}}`},
		"objects": {
			"{\"o\": {\"x\": 1}}\n{\"o\": {\"y\": {\"z\": true}}}",
			`{"o":{"type":["null","object"],"properties":{"x":{"type":["null","integer"]},"y":{"type":["null","object"],"properties":{"z":{"type":["null","boolean"]}},"additionalProperties":true}},"additionalProperties":true}}`,
		},
		"an empty object": {`{"o": {}}`, `{"o":{"type":["null","object"],"properties":{},"additionalProperties":true}}`},
		"lists":           {"{\"l\": [1, 2]}\n{\"l\": [\"x\"]}", `{"l":{"type":["null","array"],"items":{"type":["null","integer","string"]}}}`},
		"lists of objects": {
			`{"l": [{"a": 1}, {"b": "x"}]}`,
			`{"l":{"type":["null","array"],"items":{"type":["null","object"],"properties":{"a":{"type":["null","integer"]},"b":{"type":["null","string"]}},"additionalProperties":true}}}`,
		},
		"an empty list":   {`{"l": []}`, `{"l":{"type":["null","array"],"items":{}}}`},
		"a list of nulls": {`{"l": [null]}`, `{"l":{"type":["null","array"],"items":{}}}`},
		"object or text": {
			"{\"a\": {\"b\": 1}}\n{\"a\": \"x\"}",
			`{"a":{"type":["null","string","object"],"properties":{"b":{"type":["null","integer"]}},"additionalProperties":true}}`,
		},
		"nothing": {``, `{}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			asked := 0
			schema, err := inferredFrom(t, pagesOf{pages: []string{test.records}, asked: &asked}).Schema(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			properties, _ := schema.Get("properties")
			if got := string(value.Append(nil, properties)); got != test.want {
				t.Errorf("properties are\n%s, expected\n%s", got, test.want)
			}
		})
	}
}

func TestInferredAsksForOnePage(t *testing.T) {
	asked := 0
	loader := inferredFrom(t, pagesOf{pages: []string{"", `{"a": 1}`, `{"b": 1}`}, err: errors.New("too far"), asked: &asked})
	schema, err := loader.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":true,"properties":{"a":{"type":["null","integer"]}}}`
	if got := string(value.Append(nil, schema)); got != want || asked != 2 {
		t.Errorf("schema after %d pages is %s", asked, got)
	}
	loader = inferredFrom(t, pagesOf{err: errors.New("refused"), asked: &asked})
	if _, err := loader.Schema(t.Context()); err == nil || err.Error() != "refused" {
		t.Errorf("error is %v, expected the retriever's", err)
	}
}

func TestInferredEndsSomewhere(t *testing.T) {
	asked := 0
	deep := `{"a": ` + strings.Repeat(`{"a": [`, 100) + strings.Repeat(`]}`, 100) + `}`
	schema, err := inferredFrom(t, pagesOf{pages: []string{deep}, asked: &asked}).Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(value.Append(nil, schema)), "properties"); n > 2*deepest {
		t.Errorf("%d levels", n)
	}
}
