package selector

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// selectorDefinition configures RecordSelector, which makes records of an answer.
//
//	type: RecordSelector
//	extractor: {type: DpathExtractor, field_path: [data]}
//	record_filter: {type: RecordFilter, condition: "{{ record['active'] }}"}
//	schema_normalization: Default
//	transform_before_filtering: false
//
// The filter comes before the stream's transformations, unless the stream is
// is_client_side_incremental. Casting to the types of the schema comes last.
type selectorDefinition struct {
	Extractor       *manifest.Node `manifest:"extractor,required,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor|FirstListExtractor" doc:"Finds the records in an answer."`
	Filter          *manifest.Node `manifest:"record_filter,is=RecordFilter|CustomRecordFilter" doc:"Which records stay."`
	Normalization   *manifest.Node `manifest:"schema_normalization,is=string|CustomSchemaNormalization,enum=Default|None" doc:"Default casts values to the types of the schema; None, the default, does not."`
	TransformBefore *bool          `manifest:"transform_before_filtering" doc:"Transforms records before they are filtered; by default only where the stream is is_client_side_incremental."`
}

func buildSelector(c *manifest.Compiler, n *manifest.Node) (rest.Selector, error) {
	var def selectorDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	s := &recordSelector{
		decoder: decoderOf(c), transformations: scope.Transformations, transformFirst: scope.ClientSide, bounded: bounded(scope), followed: scope.Sync != nil,
		schema: scope.Schema, pattern: scope.Pattern, upload: scope.Upload, shaper: shaperOf(scope),
	}
	var err error
	if s.extractor, err = manifest.Build[rest.Extractor](c, def.Extractor); err != nil {
		return nil, err
	}
	countDropped(s.extractor)
	if s.filter, err = manifest.BuildOptional[*recordFilter](c, def.Filter); err != nil {
		return nil, err
	}
	if def.TransformBefore != nil {
		s.transformFirst = *def.TransformBefore
	}
	if s.casts, err = buildCasts(c, def.Normalization, scope); err != nil {
		return nil, err
	}
	s.touched = touchedBy(s.filter, s.transformations)
	if s.shaper.looksIntoAnswers() {
		scope.Looks = nil // it has to be held
	}
	s.page = pageCutter(s.extractor, s.decoder, scope.Looks)
	return s, nil
}

// decoderOf returns the retriever's decoder; without one, JSON's.
func decoderOf(c *manifest.Compiler) rest.Decoder {
	if scope, _ := manifest.Scoped[contract.Scope](c); scope.Decoder != nil {
		return scope.Decoder
	}
	rt, _ := manifest.Service[*rest.Runtime](c)
	return rest.NewJSONDecoder(rt)
}

// bounded reports whether the selector drops the records outside the cursor's bounds. Those of a
// data feed are dropped later, because its pagination looks at them.
func bounded(scope contract.Scope) bool {
	return scope.ClientSide && (scope.Sync == nil || !scope.Sync.DataFeed())
}

// buildCasts reads schema_normalization; nil if records are not cast.
func buildCasts(c *manifest.Compiler, n *manifest.Node, scope contract.Scope) (*casts, error) {
	if n == nil {
		return nil, nil
	}
	word, ok := n.Text()
	switch {
	case !ok:
		_, err := manifest.Build[any](c, n)
		return nil, err
	case word == "Default" && scope.Schema != nil:
		return &casts{schema: scope.Schema, log: c.Logger(), stream: scope.Stream}, nil
	case word == "Default", word == "None", word == "":
		return nil, nil
	}
	return nil, n.Problem("schema_normalization is Default or None, not %q", word)
}

// recordSelector is shared by all slices of a stream.
type recordSelector struct {
	extractor       rest.Extractor
	decoder         rest.Decoder
	filter          *recordFilter // nil: none
	transformations []contract.Transformer
	touched         touched
	bounded         bool // records outside the cursor's bounds are dropped
	followed        bool // a cursor looks at each record
	transformFirst  bool
	casts           *casts // nil: none
	schema          contract.SchemaLoader
	pattern         *atomic.Pointer[rawjson.Pattern] // nil: records are not held against one
	upload          contract.Uploader
	shaper          *shaper       // nil: records are objects
	page            *cutter       // nil: answers are decoded rather than cut
	flushAfter      time.Duration // for tests; 0: maxWait
}

var (
	_ rest.Selector = (*recordSelector)(nil)
	_ rest.Refiner  = (*recordSelector)(nil)
)

// batchSize is the most records of a batch where an answer is not held whole.
const batchSize = 1000

// Select is rest.Selector's.
func (s *recordSelector) Select(ctx context.Context, r *rest.Response, p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	if r.Ignored {
		r.Value = func() (any, error) { return value.NewDict(0), nil }
		r.Extracted, r.Found = 0, rest.Found{Kind: rest.ListThere}
		return func(func([]tap.Record, error) bool) {}
	}
	return func(yield func([]tap.Record, error) bool) {
		r.Value = func() (any, error) { return rest.TemplateValue(s.decoder, r) }
		line := &line{recordSelector: s, ctx: ctx, request: p, yield: yield}
		line.receive(r)
		err := line.open()
		if err == nil {
			err = s.extract(r, line)
		}
		if line.stopped {
			return
		}
		if err == nil {
			r.Extracted, r.Last = line.count, line.last
		}
		line.finish(err)
	}
}

// extract sends the records of an answer through the line.
func (s *recordSelector) extract(r *rest.Response, l *line) error {
	if s.page != nil {
		return s.page.cut(r, l)
	}
	if x, ok := s.extractor.(*firstList); ok && x.json != nil {
		return x.cut(r, l)
	}
	for v, err := range s.extractor.Extract(l.ctx, r) {
		if err != nil {
			return err
		}
		if err := l.take(v); err != nil || l.stopped {
			return err
		}
	}
	return nil
}

// Refine is rest.Refiner's.
func (s *recordSelector) Refine(ctx context.Context, records iter.Seq2[any, error], p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
	return func(yield func([]tap.Record, error) bool) {
		line := &line{recordSelector: s, ctx: ctx, request: p, yield: yield, most: batchSize}
		err := line.open()
		if err == nil {
			for v, failed := range records {
				if err = failed; err == nil {
					err = line.take(v)
				}
				if err != nil || line.stopped {
					break
				}
			}
		}
		if !line.stopped {
			line.finish(err)
		}
	}
}
