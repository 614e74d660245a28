package schemaloader

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"anytap/internal/components/contract"
	"anytap/internal/value"
)

// loaders has a manifest for each schema loader of the table. What a retriever finds is always one
// record with fields.
var loaders = map[string]string{
	"InlineSchemaLoader":    `{type: InlineSchemaLoader, schema: {type: object, properties: {a: {type: string}}}}`,
	"JsonFileSchemaLoader":  `{type: JsonFileSchemaLoader, file_path: schemas/s.json}`,
	"DynamicSchemaLoader":   `{type: DynamicSchemaLoader, retriever: {type: SimpleRetriever}, schema_type_identifier: {schema_pointer: [fields], key_pointer: [key]}}`,
	"InferredSchemaLoader":  `{type: InferredSchemaLoader, retriever: {type: SimpleRetriever}}`,
	"CompositeSchemaLoader": `[{type: InlineSchemaLoader, schema: {properties: {a: {type: string}}}}, {type: InferredSchemaLoader, retriever: {type: SimpleRetriever}}]`,
	"DefaultSchemaLoader":   `{type: DeclarativeStream}`,
}

// parts are the components that only stand inside a schema loader.
var parts = map[string]bool{"SchemaTypeIdentifier": true, "TypesMap": true, "ComplexFieldType": true}

func TestSchemaLoadersBehave(t *testing.T) {
	t.Parallel()
	for name := range Table() {
		if parts[name] {
			continue
		}
		text, ok := loaders[name]
		if !ok {
			t.Errorf("%s has no row in loaders", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := built(t, schemaFiles(t), text, `{"fields":[{"key":"a"}]}`)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range loaderProblems(t.Context(), l) {
				t.Error(problem)
			}
		})
	}
}

// loaderProblems lists what a schema loader does that none may do. Under the race detector it also
// finds schemas that are decoded while they are read.
func loaderProblems(ctx context.Context, l contract.SchemaLoader) []string {
	var (
		mu      sync.Mutex
		found   []string
		schemas = map[string]bool{}
		readers sync.WaitGroup
	)
	read := func() {
		schema, err := l.Schema(ctx)
		var text string
		if err == nil && schema != nil {
			text = string(value.Append(nil, schema))
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			found = append(found, err.Error())
			return
		case schema == nil:
			found = append(found, "there is neither a schema nor an error")
			return
		}
		if v, ok := schema.Get("properties"); ok {
			if _, ok := v.(*value.Dict); !ok {
				found = append(found, fmt.Sprintf("properties is a %s", value.TypeName(v)))
			}
		}
		schemas[text] = true
	}
	for range 4 {
		readers.Go(read)
	}
	readers.Wait()
	read()
	if len(schemas) > 1 {
		found = append(found, fmt.Sprintf("the schema is another each time: %d schemas in 5 calls", len(schemas)))
	}
	return found
}

// broken is a schema loader that does what none may do.
type broken func() (*value.Dict, error)

func (b broken) Schema(context.Context) (*value.Dict, error) { return b() }

func TestBrokenSchemaLoadersAreFound(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	growing := value.NewDict(0)
	for name, c := range map[string]struct {
		loader broken
		want   string // part of the problems; empty: there are none
	}{
		"right":      {func() (*value.Dict, error) { return value.NewDict(0), nil }, ""},
		"nothing":    {func() (*value.Dict, error) { return nil, nil }, "neither a schema nor an error"},
		"fails":      {func() (*value.Dict, error) { return nil, errors.New("broken") }, "broken"},
		"properties": {func() (*value.Dict, error) { return value.DictOf("properties", nil), nil }, "properties is a NoneType"},
		"changes": {func() (*value.Dict, error) {
			mu.Lock()
			defer mu.Unlock()
			growing.Set(fmt.Sprint(growing.Len()), true)
			return growing.Clone(), nil
		}, "another each time"},
	} {
		found := strings.Join(loaderProblems(t.Context(), c.loader), "; ")
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %q", name, found, c.want)
		}
	}
}
