package selector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"anytap/internal/components/contract"
	"anytap/internal/dpath"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// expanderDefinition configures RecordExpander, which makes a record of each element of the lists
// inside a record.
//
//	type: RecordExpander
//	expand_records_from_field: [lines, data]
//	remain_original_record: false
//	merge_parent: true
//	parent_fields: [{type: ParentFieldPath, parent_path: [id], record_path: [invoice_id]}]
//	on_no_records: emit_parent
//	truncation_indicator_path: [lines, has_more]
//	truncated_list_retriever:
//	  type: SimpleRetriever
//	  requester: {type: HttpRequester, url: "https://api.example.com/v1/invoices/{{ stream_slice['parent_record']['id'] }}/lines"}
//	  record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
//
// If the record says that its list is not complete, the retriever reads the whole list. Its
// templates know the record as stream_slice['parent_record'].
type expanderDefinition struct {
	Path       []*jinja.String  `manifest:"expand_records_from_field,required" doc:"The path of the lists in a record."`
	Original   bool             `manifest:"remain_original_record,default=false" doc:"Puts the record into each element, as original_record."`
	Fields     []*manifest.Node `manifest:"parent_fields,of=ParentFieldPath" doc:"Fields of the record that each element gets."`
	Merge      bool             `manifest:"merge_parent,default=false" doc:"Adds the record's other fields to each element, which keeps its own."`
	OnNone     string           `manifest:"on_no_records,enum=skip|emit_parent,default=skip" doc:"What becomes of a record without elements: nothing, or itself."`
	Truncation []*jinja.String  `manifest:"truncation_indicator_path" doc:"The path of a field that is true if the list is not complete."`
	Retriever  *manifest.Node   `manifest:"truncated_list_retriever,is=SimpleRetriever|CustomRetriever" doc:"Reads the complete list."`
}

func buildExpander(c *manifest.Compiler, n *manifest.Node) (*expander, error) {
	var def expanderDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	x := &expander{path: newPathOf(c, def.Path), original: def.Original, merge: def.Merge, emitParent: def.OnNone == "emit_parent", log: c.Logger()}
	var err error
	if x.fields, err = manifest.BuildAll[*parentField](c, def.Fields); err != nil {
		return nil, err
	}
	if len(def.Truncation) > 0 {
		if x.truncation, err = newPathOf(c, def.Truncation).eval(); err != nil {
			return nil, err
		}
		if err := noGlobs(x.truncation.raw, "truncation_indicator_path"); err != nil {
			return nil, err
		}
	}
	if def.Retriever != nil {
		err = x.addRetriever(c, def.Retriever)
	}
	return x, err
}

// addRetriever builds the retriever of complete lists. It shares nothing with the stream's own
// retriever.
func (x *expander) addRetriever(c *manifest.Compiler, n *manifest.Node) error {
	if x.truncation == nil {
		return errors.New("a truncated_list_retriever needs a truncation_indicator_path")
	}
	for _, field := range []string{"partition_router", "pagination_reset"} {
		if f := n.Get(field); f != nil && value.Truth(f.Value()) {
			return fmt.Errorf("a truncated_list_retriever can not have a %s", field)
		}
	}
	path, err := x.path.eval()
	if err != nil {
		return err
	}
	if err := noGlobs(path.raw, "expand_records_from_field"); err != nil {
		return err
	}
	scope := contract.Scope{Stream: "record_expander_truncated_list"}
	x.retriever, err = manifest.Build[tap.RetrieverFactory](manifest.With(c, scope), n)
	return err
}

// noGlobs refuses a path that may match several values.
func noGlobs(segments []any, field string) error {
	for _, s := range segments {
		if text, ok := s.(string); ok && strings.ContainsAny(text, "*?[") {
			return fmt.Errorf("%s must lead to one field, without *, ? and [", field)
		}
	}
	return nil
}

type expander struct {
	path       *pathOf
	original   bool
	fields     []*parentField
	merge      bool
	emitParent bool
	truncation *foundPath           // nil: lists are complete
	retriever  tap.RetrieverFactory // of complete lists; nil: none
	log        *slog.Logger
	warnCut    sync.Once
	warnShort  sync.Once
}

// expand emits the elements of a record. It returns false if no more is wanted.
func (x *expander) expand(ctx context.Context, v any, emit func(any) bool) (bool, error) {
	record, ok := v.(*value.Dict)
	if !ok {
		return emit(v), nil
	}
	path, err := x.path.eval()
	if err != nil {
		return false, err
	}
	if path.Len() == 0 {
		return emit(record), nil
	}
	childOf, err := x.childMaker(record, path)
	if err != nil {
		return false, err
	}
	cut := x.cut(record)
	if cut && x.retriever != nil {
		n, goOn, err := x.fetch(ctx, record, childOf, emit)
		if err != nil || !goOn || n > 0 {
			return goOn, err
		}
	}
	return x.embedded(record, path, cut, childOf, emit)
}

// embedded emits the elements that the record itself holds.
func (x *expander) embedded(record *value.Dict, path *foundPath, cut bool, childOf func(any) (any, error), emit func(any) bool) (bool, error) {
	found, err := path.Values(record)
	if err != nil {
		return false, tap.Errorf(tap.System, "expand a record: %w", err)
	}
	n := 0
	for _, v := range found {
		list, ok := v.(*value.List)
		if !ok {
			continue
		}
		n += list.Len()
		for _, element := range list.All() {
			child, err := childOf(element)
			if err != nil || !emit(child) {
				return false, err
			}
		}
	}
	if cut && x.retriever == nil {
		x.warnCut.Do(func() {
			x.log.Warn("a record says that its list is not whole, and no truncated_list_retriever is there to ask for it: elements are missing",
				"elements", n, "said", x.total(record))
		})
	}
	if n == 0 && x.emitParent {
		return emit(record), nil
	}
	return true, nil
}

// cut reports whether the record says that its list is not complete.
func (x *expander) cut(record *value.Dict) bool {
	if x.truncation == nil {
		return false
	}
	v, err := x.truncation.Get(record)
	return err == nil && value.Truth(v)
}

// total returns the total_count beside the field at truncation_indicator_path; nil if there is
// none.
func (x *expander) total(record *value.Dict) any {
	beside := append(append([]any{}, x.truncation.raw[:len(x.truncation.raw)-1]...), "total_count")
	v, err := dpath.New(beside...).Get(record)
	if n, ok := v.(int64); ok && err == nil {
		return n
	}
	return nil
}

// fetch reads the complete list and emits its elements.
func (x *expander) fetch(ctx context.Context, record *value.Dict, childOf func(any) (any, error), emit func(any) bool) (n int, goOn bool, err error) {
	cursor, err := contract.NoCursor{}.Open(tap.StartingPoint{}, nil)
	if err != nil {
		return 0, false, err
	}
	value.Expand(record) // the retriever may read it in another goroutine
	slice := tap.NewSlice(value.DictOf("parent_record", record), nil, nil)
	for page, err := range x.retriever.Open(cursor).Pages(ctx, slice) {
		for _, r := range page.Records {
			n++
			child, err := childOf(r.Data)
			if err != nil || !emit(child) {
				return n, false, err
			}
		}
		if err != nil {
			return n, false, err
		}
	}
	if total, ok := x.total(record).(int64); ok && int64(n) < total {
		x.warnShort.Do(func() {
			x.log.Warn("a whole list that was asked for has fewer elements than the record says", "elements", n, "said", total)
		})
	}
	return n, true, nil
}

// childMaker returns the function that makes records of the elements of one record's lists.
func (x *expander) childMaker(record *value.Dict, path *foundPath) (func(any) (any, error), error) {
	var base *value.Dict
	if x.merge {
		base = record.Clone()
		if err := path.DeleteLists(base); err != nil {
			return nil, tap.Errorf(tap.System, "expand a record: %w", err)
		}
	}
	enriched := x.merge || x.original || len(x.fields) > 0
	return func(element any) (any, error) {
		child, ok := element.(*value.Dict)
		switch {
		case !ok && !enriched:
			return element, nil
		case !ok:
			child = value.DictOf("value", element)
		case !enriched:
			return child.Clone(), nil
		}
		out := value.NewDict(child.Len())
		if base != nil {
			out = base.Clone()
		}
		for k, v := range child.AllKeys() {
			out.SetKey(k, value.Clone(v))
		}
		for _, f := range x.fields {
			if err := f.copy(record, out); err != nil {
				return nil, err
			}
		}
		if x.original {
			out.Set("original_record", record.Clone())
		}
		return out, nil
	}, nil
}
