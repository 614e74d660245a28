package schemaloader

import (
	"context"

	"anytap/internal/components/contract"
	"anytap/internal/fit"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// inferredDefinition configures InferredSchemaLoader, which makes the schema of some records.
//
//	type: InferredSchemaLoader
//	retriever:
//	  type: SimpleRetriever
//	  requester: {type: HttpRequester, url: "https://api.example.com/v1/items"}
//	  record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
//
// It looks at the first three pages with records, and at the last one of a list whose length the
// API tells; at one page while requests are counted or few are left. Each field may be null, and
// has every type that its values had. Whole numbers are of the type number, unless the field is a
// key (the primary key, id, or a name that ends so). A field that was always null is text. The
// component is anytap's own, for the configuration's source rest.
type inferredDefinition struct {
	Retriever *manifest.Node `manifest:"retriever,required,is=SimpleRetriever|AsyncRetriever|CustomRetriever" doc:"How the records are read."`
}

// samplePages is how many pages are looked at, beside the last one.
const samplePages = 3

func buildInferred(c *manifest.Compiler, n *manifest.Node) (contract.SchemaLoader, error) {
	var def inferredDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	l := &inferred{}
	for _, path := range scope.PrimaryKey {
		if len(path) == 1 {
			l.keys = append(l.keys, path[0])
		}
	}
	pages := scope.Pages
	pages.Prefetch, pages.Sample = 0, samplePages
	syncs := []contract.IncrementalSync{nil}
	if scope.Sync != nil {
		syncs = []contract.IncrementalSync{scope.Sync, nil}
	}
	for _, sync := range syncs {
		inner := contract.Scope{Stream: scope.Stream, PrimaryKey: scope.PrimaryKey, Pages: pages, Sync: sync,
			Transformations: scope.Transformations, Rows: scope.Rows, ClientSide: scope.ClientSide, RequestTimeout: scope.RequestTimeout}
		retriever, err := manifest.Build[tap.RetrieverFactory](manifest.With(c, inner), def.Retriever)
		if err != nil {
			return nil, err
		}
		l.ways = append(l.ways, way{retriever, sync})
	}
	return l, nil
}

type inferred struct {
	// ways are how records are read: first as a read without a state asks for them, then without
	// bounds.
	ways []way
	keys []string
}

type way struct {
	retriever tap.RetrieverFactory
	sync      tap.CursorFactory // nil: none
}

// emptySlices is how many slices without records are asked for within the bounds of a cursor.
const emptySlices = 3

// mostBarren is how many slices in a row may be without records once some were seen: of a stream
// with many partitions and few records it is not worth asking for all of them twice.
const mostBarren = 10

// Schema is contract.SchemaLoader's. It asks the API each time. The first pages are handed over to
// the read that follows.
func (l *inferred) Schema(ctx context.Context) (*value.Dict, error) {
	seen := &sample{Shape: &fit.Shape{}}
	for i, way := range l.ways {
		last := i == len(l.ways)-1
		if err := seen.read(ctx, way, last); err != nil && (last || ctx.Err() != nil) {
			return nil, err
		}
		if seen.pages > 0 {
			break
		}
	}
	return fit.OfRecords(seen.Properties(l.keys...)), nil
}

// sample is what was seen of a stream's records.
type sample struct {
	*fit.Shape
	pages int // that had records
}

// read adds the records of some pages. An error behind the first of them is left to the read.
// patient says that all slices are asked for until one has records.
func (s *sample) read(ctx context.Context, way way, patient bool) error {
	reading, err := contract.OpenReading(way.retriever, way.sync, tap.StartingPoint{})
	if err != nil {
		return err
	}
	cancelled := ctx
	ctx, cancel := context.WithCancel(rest.WithHandover(ctx, true))
	defer cancel()
	slices, barren := 0, 0
	for slice, err := range reading.Cursor.Slices(ctx) {
		before := s.pages
		if err == nil {
			err = s.slice(ctx, reading, slice)
		}
		slices++
		if barren++; s.pages > before {
			barren = 0
		}
		switch {
		case s.pages >= samplePages:
			return nil
		case err != nil && s.pages > 0 && cancelled.Err() == nil:
			return nil
		case err != nil:
			return err
		case !patient && s.pages == 0 && slices >= emptySlices, s.pages > 0 && barren >= mostBarren:
			return nil
		}
	}
	return nil
}

// mostParts is how many parts of pages are looked at: an answer that is too large to hold comes in
// parts, of which the first ones are enough.
const mostParts = 8

// slice adds the records of a slice's sample.
func (s *sample) slice(ctx context.Context, reading *tap.Reading, slice *tap.Slice) error {
	parts := 0
	for page, err := range reading.Retriever.Pages(ctx, slice) {
		for _, r := range page.Records {
			s.Add(r.Data)
		}
		if len(page.Records) > 0 {
			s.pages++
		}
		if err != nil {
			return err
		}
		if parts++; parts == mostParts {
			break
		}
	}
	return nil
}
