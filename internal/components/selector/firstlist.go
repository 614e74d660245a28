package selector

import (
	"context"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// firstListDefinition configures FirstListExtractor, which looks for the records itself. It is
// anytap's own, for the configuration's source rest.
//
//	type: FirstListExtractor
//	lists_only: true
//
// If the answer is a list, its elements are the records. If it is an object, they are in the list
// with the likeliest name (data, results, items, records, value, rows, …), or else in the only list
// of objects, in it or in the objects inside. Several such lists are an error. The later answers
// have their records at the same place. An object without a list is a record itself, unless it is
// empty, lists_only is set, or an earlier answer had a list. If the answer is not JSON, each
// decoded value is a record.
type firstListDefinition struct {
	ListsOnly bool `manifest:"lists_only" doc:"An object without a list holds no records; the last page of some APIs is one."`
}

func buildFirstList(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def firstListDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	x := newFirstList(decoderOf(c))
	x.listsOnly, x.log, x.search.stream = def.ListsOnly, c.Logger(), scope.Stream
	for _, path := range scope.PrimaryKey {
		x.search.key = append(x.search.key, path[0])
	}
	return x, nil
}

func newFirstList(d rest.Decoder) *firstList {
	x := &firstList{decoder: d, log: slog.New(slog.DiscardHandler), pages: sync.Pool{New: func() any { return &rawjson.Page{Python: true} }}}
	x.json = d.Abilities().JSON
	x.root = &dpathExtractor{path: &pathOf{}, decoder: d}
	x.bare = &cutter{dpath: x.root, decoder: x.json}
	return x
}

type firstList struct {
	decoder rest.Decoder
	json    *rest.JSONDecoder // nil: it decodes something else
	root    *dpathExtractor
	bare    *cutter // of answers that are a list, or one record
	search  listSearch
	// place is where the first list of records was found; nil: none was yet.
	place atomic.Pointer[listPlace]
	pages sync.Pool

	listsOnly bool
	log       *slog.Logger
	told      atomic.Bool // the user was told that an answer has no list
}

// listPlace is where answers have their records.
type listPlace struct {
	*cutter
	// node is the member of each element that is the record; empty: the element itself.
	node string
}

var _ rest.Extractor = (*firstList)(nil)

// Extract is rest.Extractor's.
func (x *firstList) Extract(_ context.Context, r *rest.Response) iter.Seq2[any, error] {
	if x.json == nil {
		return x.decoder.Decode(r)
	}
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err == nil {
			v, ok := rest.ParseJSON(body)
			if !ok {
				err = x.json.Broken(r, body)
			} else {
				var records []any
				if records, err = x.recordsIn(v, r); err == nil {
					for _, record := range records {
						if !yield(record, nil) {
							return
						}
					}
					return
				}
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// recordsIn returns the records in a decoded answer.
func (x *firstList) recordsIn(v any, r *rest.Response) ([]any, error) {
	switch v := v.(type) {
	case *value.List:
		r.Found = rest.Found{Kind: rest.ListThere, Bare: true}
		return v.Values(), nil
	case *value.Dict:
		if place, record, ok := x.loneIn(v, r); ok {
			r.Found = rest.Found{Kind: rest.ListThere, Path: place.keys}
			if record == nil {
				return nil, nil
			}
			return []any{place.record(record)}, nil
		}
		place, err := x.placeIn(v, r)
		if err != nil {
			return nil, err
		}
		if place == nil {
			if r.Found = x.withoutList(v, r); r.Found.Kind == rest.WholeThere {
				return []any{v}, nil
			}
			return nil, nil
		}
		found, _ := value.At(v, place.keys...)
		list, ok := found.(*value.List)
		if !ok {
			r.Found = rest.Found{Kind: rest.NullThere, Path: place.keys}
			return nil, nil
		}
		r.Found = rest.Found{Kind: rest.ListThere, Path: place.keys}
		records := list.Values()
		for i, record := range records {
			records[i] = place.record(record)
		}
		return records, nil
	}
	r.Found = rest.Found{Kind: rest.NoRecords}
	return nil, nil
}

// record is what an element of the list holds as a record.
func (p *listPlace) record(element any) any {
	if d, ok := element.(*value.Dict); ok && p.node != "" {
		if node, ok := d.Get(p.node); ok {
			return node
		}
	}
	return element
}

// placeIn is where an answer has its records: where those before it had them, else where they are
// found; nil: nowhere.
func (x *firstList) placeIn(d *value.Dict, r *rest.Response) (*listPlace, error) {
	known := x.place.Load()
	if known != nil {
		if v, there := value.At(d, known.keys...); there {
			if _, ok := v.(*value.List); ok || v == nil {
				return known, nil
			}
		}
	}
	found, err := x.search.in(d, r.URL)
	if err != nil || found == nil || known != nil && !found.named {
		return nil, err
	}
	place := &listPlace{cutter: &cutter{dpath: x.root, decoder: x.json, keys: found.path}, node: found.node}
	if known == nil && x.place.CompareAndSwap(nil, place) && !found.usual {
		x.log.Info("the records were found by looking at the answers; to keep it, put this into the stream's configuration: \"records_path\": "+
			string(value.Append(nil, found.shown())), "stream", x.search.stream)
	}
	return place, nil
}

// cut cuts the records of a JSON answer out of its text, and sends them through the line. They are
// those of Extract.
func (x *firstList) cut(r *rest.Response, l *line) error {
	body, err := r.Bytes()
	if err != nil {
		return err
	}
	l.most = 0
	page := x.pages.Get().(*rawjson.Page)
	defer x.pages.Put(page)
	l.prepare(page, r)
	known := x.place.Load()
	var keys []string
	if known != nil && !rest.IsList(body) {
		keys = known.keys
	}
	if err := page.Scan(body, keys); err != nil || page.Root.Seen&rawjson.BadText != 0 && !utf8.Valid(body) {
		r.Value, r.Found = emptyValue, rest.Found{Kind: rest.NoRecords}
		return x.json.Broken(r, body)
	}
	switch body[page.Root.Start] {
	case '[':
		return x.list(body, page, r, l)
	case '{':
		if known != nil && page.Kind == rawjson.Array {
			return known.take(body, page, r, l)
		}
		return x.object(body, page, r, l)
	}
	r.Value, r.Found = x.bare.templateValue(body, page), rest.Found{Kind: rest.NoRecords}
	return nil
}

// list takes the elements of an answer that is a list. Templates see the first of them as response.
func (x *firstList) list(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	r.Value, r.Found = emptyValue, rest.Found{Kind: rest.ListThere, Bare: true}
	if len(page.Elements) > 0 {
		first := page.Elements[0].In(body)
		r.Value = func() (any, error) { return value.DecodeRaw(first), nil }
	}
	return x.bare.elements(r, body, page, page.Elements, l, func(any) bool { return true })
}

// object takes the list in an answer that is an object, or the object itself.
func (x *firstList) object(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	root := value.LazyDict(page.Root.In(body))
	if place, record, ok := x.loneIn(root, r); ok {
		if err := page.Scan(body, place.keys); err != nil {
			return err
		}
		r.Value, r.Found = place.templateValue(body, page), rest.Found{Kind: rest.ListThere, Path: place.keys}
		if record == nil {
			return nil
		}
		return l.take(place.record(record))
	}
	place, err := x.placeIn(root, r)
	if err != nil {
		r.Value, r.Found = x.bare.templateValue(body, page), rest.Found{Kind: rest.NoRecords}
		return err
	}
	if place == nil {
		r.Value, r.Found = x.bare.templateValue(body, page), x.withoutList(root, r)
		if r.Found.Kind != rest.WholeThere {
			return nil
		}
		return x.bare.elements(r, body, page, []rawjson.Span{page.Root}, l, value.Truth)
	}
	if err := page.Scan(body, place.keys); err != nil {
		return err
	}
	if page.Kind != rawjson.Array {
		r.Value, r.Found = place.templateValue(body, page), foundAt(page, body, place.keys)
		return nil
	}
	return place.take(body, page, r, l)
}

// take takes the list that a scan found at the place.
func (p *listPlace) take(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	r.Value, r.Found = p.templateValue(body, page), foundAt(page, body, p.keys)
	if p.node == "" {
		return p.elements(r, body, page, page.Elements, l, func(any) bool { return true })
	}
	for _, span := range page.Elements {
		if err := l.take(p.record(value.DecodeRaw(span.In(body)))); err != nil || l.stopped {
			return err
		}
	}
	return nil
}

// withoutList says what an object without a list is: a record, or an empty page where null stands
// for the list.
func (x *firstList) withoutList(d *value.Dict, r *rest.Response) rest.Found {
	known := x.place.Load()
	switch {
	case d.Empty() || isXML(r) && !x.search.isRecord(d) && rootTellsOfPages(d):
		return rest.Found{Kind: rest.NoRecords}
	case known == nil && !x.listsOnly:
		return rest.Found{Kind: rest.WholeThere}
	}
	if path := nullList(d); path != nil {
		return rest.Found{Kind: rest.NullThere, Path: path}
	}
	if known == nil && !x.told.Swap(true) {
		x.log.Warn("the answer holds no list of records where one is looked for; records_path says where it is", "stream", x.search.stream)
	}
	return rest.Found{Kind: rest.NoRecords}
}

// nullList is the path to a member that stands for an empty list; nil: there is none.
func nullList(d *value.Dict) []string {
	for name, v := range d.All() {
		if v == nil && slices.Contains(commonNames, name) {
			return []string{name}
		}
	}
	return nil
}
