// Package selector makes records of answers: it finds them, filters, transforms and casts them.
//
// Where an answer is plain JSON and its records lie at a plain path, the text is cut in one pass and a record stays the
// text that came until something asks for a field of it.
package selector

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Table names the components of this package.
func Table() manifest.Table {
	return manifest.Table{
		"RecordSelector":          {Build: manifest.As(buildSelector), Definition: func() any { return selectorDefinition{} }},
		"RecordFilter":            {Build: manifest.As(buildFilter), Definition: func() any { return filterDefinition{} }},
		"DpathExtractor":          {Build: manifest.As(buildDpath), Definition: func() any { return dpathDefinition{} }},
		"CombinedExtractor":       {Build: manifest.As(buildCombined), Definition: func() any { return combinedDefinition{} }},
		"FirstListExtractor":      {Build: manifest.As(buildFirstList), Definition: func() any { return firstListDefinition{} }},
		"ResponseToFileExtractor": {Build: manifest.As(buildToFile), Definition: func() any { return toFileDefinition{} }},
		"RecordExpander":          {Build: manifest.As(buildExpander), Definition: func() any { return expanderDefinition{} }},
		"ParentFieldPath":         {Build: manifest.As(buildParentField), Definition: func() any { return parentFieldDefinition{} }},
		"DownloadSelector":        {Build: manifest.As(buildDownload)},
	}
}

// RecordSelector makes the records of an answer.
//
//	record_selector:
//	  type: RecordSelector
//	  extractor:
//	    type: DpathExtractor
//	    field_path: ["data"]
//	  record_filter:
//	    type: RecordFilter
//	    condition: "{{ record['active'] }}"
//	  schema_normalization: Default
//	  transform_before_filtering: false
//
// Filters come before the stream's transformations, unless the stream is filtered by its cursor on this side. Casting by the
// schema comes last.

type selectorDefinition struct {
	Extractor       *manifest.Node `manifest:"extractor,required,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor|FirstListExtractor" doc:"finds the records"`
	Filter          *manifest.Node `manifest:"record_filter,is=RecordFilter|CustomRecordFilter" doc:"says which records stay"`
	Normalization   *manifest.Node `manifest:"schema_normalization,is=string|CustomSchemaNormalization,enum=Default|None" doc:"Default casts values to the types of the schema; None does not"`
	TransformBefore *bool          `manifest:"transform_before_filtering" doc:"transform before filtering"`
}

func buildSelector(c *manifest.Compiler, n *manifest.Node) (rest.Selector, error) {
	var def selectorDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[rest.Scope](c)
	s := &recordSelector{changes: scope.Transformations, upload: scope.Upload, changeFirst: scope.ClientSide, bounded: bounded(scope), followed: scope.Sync != nil, decoder: scope.Decoder}
	if s.decoder == nil {
		rt, _ := manifest.Service[*rest.Runtime](c)
		s.decoder = rest.NewJSONDecoder(rt)
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
		s.changeFirst = *def.TransformBefore
	}
	if s.casts, err = buildCasts(c, def.Normalization, scope); err != nil {
		return nil, err
	}
	s.schema = scope.Schema
	s.touched = touchedBy(s.filter, s.changes)
	s.page = pageCutter(s.extractor, s.decoder, scope.Looks)
	return s, nil
}

// bounded reports whether records outside the cursor's bounds are dropped here: a data feed's are dropped after pagination,
// which looks at them.
func bounded(scope rest.Scope) bool {
	return scope.ClientSide && (scope.Sync == nil || !scope.Sync.DataFeed())
}

// buildCasts reads schema_normalization; nil: records are not cast.
func buildCasts(c *manifest.Compiler, n *manifest.Node, scope rest.Scope) (*casts, error) {
	if n == nil {
		return nil, nil
	}
	word, ok := n.Text()
	switch {
	case !ok:
		_, err := manifest.Build[any](c, n)
		return nil, err
	case word == "Default" && scope.Schema != nil:
		return &casts{schema: scope.Schema, log: logger(c), stream: scope.Stream}, nil
	case word == "Default", word == "None", word == "":
		return nil, nil
	}
	return nil, n.Problem("schema_normalization is Default or None, not %q", word)
}

func logger(c *manifest.Compiler) *slog.Logger {
	if rt, ok := manifest.Service[*rest.Runtime](c); ok && rt.Log != nil {
		return rt.Log
	}
	if c.Log != nil {
		return c.Log
	}
	return slog.New(slog.DiscardHandler)
}

// recordSelector is shared by all slices of a stream.
type recordSelector struct {
	extractor   rest.Extractor
	decoder     rest.Decoder
	filter      *recordFilter // nil: none
	changes     []rest.Transformer
	touched     touched
	bounded     bool // records outside the cursor's bounds are dropped
	followed    bool // a cursor looks at each record
	changeFirst bool
	casts       *casts // nil: none
	schema      rest.SchemaLoader
	upload      rest.Uploader
	page        *cutter       // nil: answers are not cut as plain JSON
	lull        time.Duration // for tests; 0: lullAfter
}

var (
	_ rest.Selector = (*recordSelector)(nil)
	_ rest.Refiner  = (*recordSelector)(nil)
)

// batchSize is the most records that are handed on at once where an answer is not held whole.
const batchSize = 1000

// Select is rest.Selector's.
func (s *recordSelector) Select(ctx context.Context, r *rest.Response, p *rest.PageRequest) iter.Seq2[[]tap.Record, error] {
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
			r.Extracted = line.count
		}
		line.finish(err)
	}
}

// extract sends the answer's records through the line.
func (s *recordSelector) extract(r *rest.Response, l *line) error {
	if s.page != nil {
		return s.page.cut(r, l)
	}
	if x, ok := s.extractor.(*firstList); ok && x.isJSON {
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

// line is the way of one answer's records from the extractor to the page loop.
type line struct {
	keep func(*tap.Slice, *value.Dict) bool // nil: the cursor's bounds do not matter
	*recordSelector
	ctx     context.Context
	request *rest.PageRequest
	yield   func([]tap.Record, error) bool

	vars    *jinja.Env // of the filter
	bound   []func(*value.Dict) error
	plan    *schemaPlan // nil: nothing is cast
	most    int         // records of a batch; 0: all
	batch   []tap.Record
	since   time.Time // when the batch began, where there are several
	count   int
	stopped bool
	plain   bool // records go through as they are
	opening opening
	spread  bool // members of records are looked at
	seals   bool // records that were changed are written at once, so that less memory is held
	held    bool // the record taken last is not written, but held with its members
	text    []byte
}

func (l *line) open() error {
	if l.filter != nil {
		l.vars = l.request.Env.Child()
	}
	if len(l.changes) > 0 {
		env := changeEnv(l.request.Env)
		l.bound = make([]func(*value.Dict) error, len(l.changes))
		for i, t := range l.changes {
			l.bound[i] = t.Bind(env)
		}
	}
	if l.casts != nil {
		var err error
		if l.plan, err = l.casts.of(l.ctx); err != nil {
			return err
		}
	}
	if l.bounded {
		l.keep = l.request.Keep
	}
	l.plain = l.filter == nil && l.keep == nil && len(l.bound) == 0 && l.plan == nil && l.upload == nil
	l.opening = l.touched.opening(l.plan != nil)
	l.spread = !l.plain || l.followed
	l.seals = !l.plain && l.upload == nil
	return nil
}

// changeEnv is what transformations know of a page: they do not see its token.
func changeEnv(page *jinja.Env) *jinja.Env {
	env := jinja.NewEnv(page.Now)
	if config, ok := page.Get("config"); ok {
		env.Set("config", config)
	}
	slice, _ := page.Get("stream_slice")
	return env.Set("stream_slice", slice)
}

// finish hands on what is left, and the error.
func (l *line) finish(err error) {
	if len(l.batch) > 0 && !l.yield(l.batch, nil) {
		return
	}
	if err != nil {
		l.yield(nil, err)
	}
}

// take takes one extracted value.
func (l *line) take(v any) error {
	l.count++
	d, isObject := v.(*value.Dict)
	if !isObject {
		if _, dropped := v.(droppedEmpty); dropped {
			return nil
		}
	}
	if l.plain && isObject {
		return l.put(tap.Record{Data: d})
	}
	if isObject && (l.opening == atOnce || l.opening == oncePassed && l.changeFirst) {
		d.Open()
	}
	if l.changeFirst {
		if err := l.change(v); err != nil {
			return err
		}
	}
	keep, err := l.keeps(v)
	if err != nil || !keep {
		return err
	}
	if isObject && l.opening == oncePassed {
		d.Open()
	}
	if !l.changeFirst {
		if err := l.change(v); err != nil {
			return err
		}
	}
	if !isObject {
		if d, err = l.object(v); err != nil {
			return err
		}
	}
	if l.plan != nil {
		if err := l.plan.apply(d); err != nil {
			return tap.Errorf(tap.System, "cast a record by its schema: %w", err)
		}
	}
	l.held = true
	if l.text != nil {
		var sealed bool
		l.text, sealed = d.Seal(l.text)
		l.held = !sealed
	}
	record := tap.Record{Data: d}
	if l.upload != nil {
		if err := l.upload.Upload(l.ctx, &record, l.request); err != nil {
			return err
		}
	}
	return l.put(record)
}

// put adds a record to the batch and hands on a full one.
func (l *line) put(r tap.Record) error {
	if l.most > 0 && len(l.batch) == 0 {
		l.since = time.Now()
	}
	l.batch = append(l.batch, r)
	if l.most > 0 && len(l.batch) >= l.most {
		full := l.batch
		l.batch = nil
		l.stopped = !l.yield(full, nil)
	}
	return nil
}

// change applies the transformations.
func (l *line) change(v any) error {
	if len(l.bound) == 0 {
		return nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return notObject(v)
	}
	for _, f := range l.bound {
		if err := f(d); err != nil {
			return err
		}
	}
	return nil
}

// keeps asks the cursor and the filter.
func (l *line) keeps(v any) (bool, error) {
	if l.keep != nil {
		d, ok := v.(*value.Dict)
		if !ok {
			return false, notObject(v)
		}
		if !l.keep(l.request.Slice, d) {
			return false, nil
		}
		if l.filter != nil && l.filter.empty {
			return true, nil
		}
	}
	if l.filter == nil {
		return true, nil
	}
	keep, err := l.filter.condition.Eval(l.vars.Set("record", v))
	if err != nil {
		return false, fmt.Errorf("filter a record: %w", rest.TemplateError(err))
	}
	return keep, nil
}

func notObject(v any) error {
	return tap.Errorf(tap.System, "a record is a %s, not an object", value.TypeName(v))
}
