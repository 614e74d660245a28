package selector

import (
	"context"
	"iter"
	"log/slog"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// combinedDefinition configures CombinedExtractor, which joins the records of several extractors,
// or takes those of the first that finds any.
//
//	type: CombinedExtractor
//	extractors:
//	  - {type: DpathExtractor, field_path: [data, items]}
//	  - {type: DpathExtractor, field_path: [items]}
//	mode: first_match
//	skip_empty_records: true
//
// Records that skip_empty_records leaves out still count for the size of the page. Decoders that
// stream are refused, because each extractor reads the answer.
type combinedDefinition struct {
	Extractors []*manifest.Node `manifest:"extractors,required,minitems=1,of=DpathExtractor|CustomRecordExtractor|CombinedExtractor" doc:"The extractors, in this order."`
	Mode       string           `manifest:"mode,enum=union|first_match,default=union" doc:"union takes all records, first_match those of the first extractor that finds any."`
	SkipEmpty  bool             `manifest:"skip_empty_records,default=false" doc:"Leaves out records that are null, zero or empty."`
}

func buildCombined(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def combinedDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if scope, ok := manifest.Scoped[contract.Scope](c); ok && scope.Decoder != nil && scope.Decoder.Abilities().Streams {
		return nil, tap.Errorf(tap.Config, "a CombinedExtractor can not stand over a decoder that streams the answer (CsvDecoder, JsonlDecoder, "+
			"JsonItemsDecoder, GzipDecoder, IterableDecoder): every extractor but the first would find it empty")
	}
	extractors, err := manifest.BuildAll[rest.Extractor](c, def.Extractors)
	if err != nil {
		return nil, err
	}
	return &combinedExtractor{extractors: extractors, first: def.Mode == "first_match", skipEmpty: def.SkipEmpty, log: c.Logger()}, nil
}

type combinedExtractor struct {
	extractors []rest.Extractor
	first      bool // the mode is first_match
	skipEmpty  bool
	count      bool // each record that is left out comes as a droppedEmpty
	log        *slog.Logger
}

// droppedEmpty stands for a record that was left out but counts for the size of the page.
type droppedEmpty struct{}

// countDropped makes a selector's extractor report the records that it leaves out.
func countDropped(x rest.Extractor) {
	c, ok := x.(*combinedExtractor)
	if !ok {
		return
	}
	c.count = true
	for _, inner := range c.extractors {
		countDropped(inner)
	}
}

// Extract is rest.Extractor's.
func (x *combinedExtractor) Extract(ctx context.Context, r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for i := range x.extractors {
			var held []any // what was left out before the first record
			won := !x.first
			for v, err := range x.records(ctx, i, r) {
				if err != nil {
					yield(nil, err)
					return
				}
				if _, dropped := v.(droppedEmpty); dropped && !won {
					held = append(held, v)
					continue
				}
				won = true
				for _, dropped := range held {
					if !yield(dropped, nil) {
						return
					}
				}
				if held = nil; !yield(v, nil) {
					return
				}
			}
			if x.first && won {
				return
			}
		}
	}
}

// records yields the records of one extractor, without the empty ones if skipEmpty is set.
func (x *combinedExtractor) records(ctx context.Context, i int, r *rest.Response) iter.Seq2[any, error] {
	all := x.extractors[i].Extract(ctx, r)
	if !x.skipEmpty {
		return all
	}
	return func(yield func(any, error) bool) {
		n := 0
		for v, err := range all {
			// A droppedEmpty from below is true here, as in the reference runtime.
			if _, dropped := v.(droppedEmpty); err == nil && !dropped && !value.Truth(v) {
				n++
				if !x.count {
					continue
				}
				v = droppedEmpty{}
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		if n > 0 {
			x.log.Warn("empty records are left out", "records", n, "extractor", i)
		}
	}
}
