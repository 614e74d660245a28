package selector

import (
	"context"
	"errors"
	"iter"
	"slices"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// dpathDefinition configures DpathExtractor, which finds the records at a path in the answer.
//
//	type: DpathExtractor
//	field_path: [data, "*", "{{ config['kind'] }}"]
//	record_expander: {type: RecordExpander, expand_records_from_field: [lines]}
//
// If the path leads to a list, its elements are the records; anything else is one record, unless it
// is empty or zero. The segments of the path are globs: "*" may match several values, another glob
// only one.
type dpathDefinition struct {
	FieldPath []*jinja.String `manifest:"field_path,required" doc:"The path of the records; empty: the answer itself."`
	Expander  *manifest.Node  `manifest:"record_expander,is=RecordExpander" doc:"Makes several records of each."`
}

func buildDpath(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def dpathDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	x := &dpathExtractor{path: newPathOf(c, def.FieldPath), decoder: decoderOf(c), readings: readingsOf(scope.Rows.Path)}
	var err error
	x.expander, err = manifest.BuildOptional[*expander](c, def.Expander)
	return x, err
}

// pathOf is a path whose segments are templates that know config.
type pathOf struct {
	segments []*jinja.String
	vars     *jinja.Env
	fixed    *foundPath // the path, if it is always the same; else nil
}

// foundPath is an evaluated path.
type foundPath struct {
	*dpath.Path
	raw  []any // the segments
	wild bool  // "*" is among them
}

func newPathOf(c *manifest.Compiler, segments []*jinja.String) *pathOf {
	p := &pathOf{segments: segments, vars: c.ConfigEnv()}
	for _, s := range segments {
		if _, ok := s.Const(); !ok && len(s.Roots()) > 0 && !slices.Equal(s.Roots(), []string{"config"}) {
			return p
		}
	}
	if found, err := p.eval(); err == nil {
		p.fixed = found
	}
	return p
}

// eval evaluates the segments.
func (p *pathOf) eval() (*foundPath, error) {
	if p.fixed != nil {
		return p.fixed, nil
	}
	raw := make([]any, len(p.segments))
	for i, s := range p.segments {
		var err error
		if raw[i], err = s.Eval(p.vars); err != nil {
			return nil, tap.Errorf(tap.System, "evaluate a path: %w", err)
		}
	}
	return &foundPath{dpath.New(raw...), raw, slices.Contains(raw, any("*"))}, nil
}

type dpathExtractor struct {
	path     *pathOf
	decoder  rest.Decoder
	expander *expander // nil: none
	// readings are other ways to take the path apart, which count before it.
	readings []*foundPath
}

// readingsOf are the readings of a path but the last, in which each of its parts is a name.
func readingsOf(p value.Path) []*foundPath {
	var all []*foundPath
	if p.Len() > 0 {
		readings := p.Readings()
		for _, names := range readings[:len(readings)-1] {
			all = append(all, &foundPath{Path: dpath.Of(names)})
		}
	}
	return all
}

// reading is the path that leads to something in a body; the extractor's own if none does.
func (x *dpathExtractor) reading(body any, own *foundPath) *foundPath {
	for _, p := range x.readings {
		if _, err := p.Get(body); err == nil {
			return p
		}
	}
	return own
}

var _ rest.Extractor = (*dpathExtractor)(nil)

// Extract is rest.Extractor's.
func (x *dpathExtractor) Extract(ctx context.Context, r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		path, err := x.path.eval()
		if err != nil {
			yield(nil, err)
			return
		}
		stopped := false
		emit := func(v any) bool {
			stopped = stopped || !yield(v, nil)
			return !stopped
		}
		for body, err := range x.decoder.Decode(r) {
			if err == nil {
				err = x.recordsOf(ctx, r, body, path, emit)
			}
			if stopped {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// recordsOf finds the records in one decoded value of an answer, and notes what it found.
func (x *dpathExtractor) recordsOf(ctx context.Context, r *rest.Response, body any, path *foundPath, emit func(any) bool) error {
	path = x.reading(body, path)
	found, there, err := path.in(body)
	if err != nil {
		return err
	}
	path.note(r, found, there)
	return x.each(ctx, found, emit)
}

// records finds the records in one decoded value.
func (x *dpathExtractor) records(ctx context.Context, body any, path *foundPath, emit func(any) bool) error {
	found, _, err := x.reading(body, path).in(body)
	if err != nil {
		return err
	}
	return x.each(ctx, found, emit)
}

// each makes records of what stands at the path.
func (x *dpathExtractor) each(ctx context.Context, found any, emit func(any) bool) error {
	each := func(v any) (bool, error) { return emit(v), nil }
	if x.expander != nil {
		each = func(v any) (bool, error) { return x.expander.expand(ctx, v, emit) }
	}
	list, ok := found.(*value.List)
	if !ok {
		if value.Truth(found) {
			_, err := each(found)
			return err
		}
		return nil
	}
	for _, v := range list.All() {
		if goOn, err := each(v); err != nil || !goOn {
			return err
		}
	}
	return nil
}

// in returns what is at the path in body: a list of all values if the path has a "*", else the one
// value; there is false if there is none.
func (p *foundPath) in(body any) (found any, there bool, err error) {
	switch {
	case p.Len() == 0:
		return body, true, nil
	case p.wild:
		all, err := p.Values(body)
		if err != nil {
			return nil, false, tap.Errorf(tap.System, "find the records: %w", err)
		}
		return value.NewList(all...), true, nil
	}
	found, err = p.Get(body)
	if err != nil && !errors.Is(err, dpath.ErrNotFound) {
		return nil, false, tap.Errorf(tap.System, "find the records: %w", err)
	}
	return found, err == nil, nil
}
