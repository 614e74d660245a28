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

// bounded is a sync whose cursor has one slice.
type bounded struct{ contract.IncrementalSync }

func (bounded) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	return contract.NoCursor{}.Open(o, r)
}

func inferredFrom(t *testing.T, retriever tap.RetrieverFactory) contract.SchemaLoader {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", "type: InferredSchemaLoader\nretriever: {type: SimpleRetriever}\n")
	table := Table()
	table["SimpleRetriever"] = manifest.Entry{Build: func(c *manifest.Compiler, _ *manifest.Node) (any, error) {
		scope, _ := manifest.Scoped[contract.Scope](c)
		if scope.Pages.Prefetch != 0 || scope.Pages.Sample != samplePages || scope.Stream != "items" {
			t.Errorf("built with %+v", scope)
		}
		return retriever, nil
	}}
	c := manifest.NewCompiler(table, value.NewDict(0))
	scope := contract.Scope{Stream: "items", Sync: bounded{}, Pages: paging.Settings{Prefetch: 3}}
	loader, err := manifest.Build[contract.SchemaLoader](manifest.With(c, scope), root)
	if err != nil {
		t.Fatal(err)
	}
	return loader
}

func TestInferredAsksForAFewPages(t *testing.T) {
	asked := 0
	loader := inferredFrom(t, pagesOf{pages: []string{"", `{"id": 1, "a": 1}`, `{"id": 2, "b": "x"}`}, err: errors.New("too far"), asked: &asked})
	schema, err := loader.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":true,"properties":` +
		`{"id":{"type":["null","integer"]},"a":{"type":["null","number"]},"b":{"type":["null","string"]}}}`
	if got := string(value.Append(nil, schema)); got != want || asked != 3 {
		t.Errorf("schema after %d pages is %s", asked, got)
	}
	loader = inferredFrom(t, pagesOf{err: errors.New("refused"), asked: &asked})
	if _, err := loader.Schema(t.Context()); err == nil || err.Error() != "refused" {
		t.Errorf("error is %v, expected the retriever's", err)
	}
}
