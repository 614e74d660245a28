package schemaloader

import (
	"context"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// inferredDefinition configures InferredSchemaLoader, which makes the schema of the records on a
// first page.
//
//	type: InferredSchemaLoader
//	retriever:
//	  type: SimpleRetriever
//	  requester: {type: HttpRequester, url: "https://api.example.com/v1/items"}
//	  record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
//
// Each field may be null, and have every type that its values had. The component is anytap's own,
// for the configuration's source rest.
type inferredDefinition struct {
	Retriever *manifest.Node `manifest:"retriever,required,is=SimpleRetriever|AsyncRetriever|CustomRetriever" doc:"How the records are read."`
}

func buildInferred(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
	var def inferredDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	pages := scope.Pages
	pages.Prefetch = 0
	scope = contract.Scope{Stream: scope.Stream, PrimaryKey: scope.PrimaryKey, Pages: pages}
	retriever, err := manifest.Build[tap.RetrieverFactory](manifest.With(c, scope), def.Retriever)
	return &inferred{retriever}, err
}

type inferred struct{ retriever tap.RetrieverFactory }

// Schema is contract.SchemaLoader's. It asks the API each time.
func (l *inferred) Schema(ctx context.Context) (*value.Dict, error) {
	records, err := l.firstPage(ctx)
	if err != nil {
		return nil, err
	}
	seen := &shape{}
	for _, r := range records {
		seen.add(r.Data, 0)
	}
	properties, _ := seen.schema().Get("properties")
	if properties == nil {
		properties = value.NewDict(0)
	}
	return value.DictOf("$schema", "http://json-schema.org/draft-07/schema#", "type", "object", "additionalProperties", true, "properties", properties), nil
}

// firstPage reads the first page with records; nil if there is none.
func (l *inferred) firstPage(ctx context.Context) ([]tap.Record, error) {
	reading, err := contract.OpenReading(l.retriever, nil, tap.StartingPoint{})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for slice, err := range reading.Cursor.Slices(ctx) {
		if err != nil {
			return nil, err
		}
		for page, err := range reading.Retriever.Pages(ctx, slice) {
			if len(page.Records) > 0 {
				return page.Records, nil
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}
