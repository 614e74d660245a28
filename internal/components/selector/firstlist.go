package selector

import (
	"context"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// FirstListExtractor finds the records of an API of which nobody said where they are. It is anytap's own, for the
// configuration's source rest.
//
//	extractor:
//	  type: FirstListExtractor
//	  lists_only: true
//
// A bare list is the records, of an object the first list among its members data, results, items and records, else
// the object itself, unless it is empty or lists_only is set. Of an answer that is no JSON each value is a record.

type firstListDefinition struct {
	ListsOnly bool `manifest:"lists_only" doc:"an object without a list holds no records, as the last page of some APIs"`
}

// listNames are the members that may hold the records, the most likely first.
var listNames = [...]string{"data", "results", "items", "records"}

func buildFirstList(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def firstListDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	rt, _ := manifest.Service[*rest.Runtime](c)
	scope, _ := manifest.Scoped[rest.Scope](c)
	x := newFirstList(scope.Decoder, rt)
	x.listsOnly, x.log, x.stream = def.ListsOnly, logger(c), scope.Stream
	return x, nil
}

// newFirstList makes the extractor; a nil decoder is JSON's.
func newFirstList(d rest.Decoder, rt *rest.Runtime) *firstList {
	if d == nil {
		d = rest.NewJSONDecoder(rt)
	}
	x := &firstList{decoder: d, log: slog.New(slog.DiscardHandler), pages: sync.Pool{New: func() any { return &rawjson.Page{Python: true} }}}
	x.json, x.isJSON = d.(rest.JSONDecoder)
	root := &dpathExtractor{path: &pathOf{}, decoder: d}
	x.bare = &cutter{dpath: root, decoder: x.json}
	for i, name := range listNames {
		x.named[i] = &cutter{dpath: root, decoder: x.json, keys: []string{name}}
	}
	return x
}

type firstList struct {
	decoder rest.Decoder
	json    rest.JSONDecoder
	isJSON  bool
	bare    *cutter
	named   [len(listNames)]*cutter
	// last is the index of the name that held the records of the last answer: the next one is scanned for it at once.
	last  atomic.Int32
	pages sync.Pool

	listsOnly bool
	log       *slog.Logger
	stream    string
	told      atomic.Bool // a list was found, or it was told that there is none
}

var _ rest.Extractor = (*firstList)(nil)

// Extract is rest.Extractor's.
func (x *firstList) Extract(_ context.Context, r *rest.Response) iter.Seq2[any, error] {
	if !x.isJSON {
		return x.decoder.Decode(r)
	}
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err == nil {
			v, ok := rest.ParseJSON(body)
			if ok {
				for _, record := range x.recordsIn(v) {
					if !yield(record, nil) {
						return
					}
				}
				return
			}
			err = x.json.Broken(body)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// recordsIn are the records in a decoded answer.
func (x *firstList) recordsIn(v any) []any {
	switch v := v.(type) {
	case *value.List:
		return v.Values()
	case *value.Dict:
		for _, name := range listNames {
			member, _ := v.Get(name)
			if list, ok := member.(*value.List); ok {
				x.told.Store(true)
				return list.Values()
			}
		}
		if v.Len() > 0 && !x.noList() {
			return []any{v}
		}
	}
	return nil
}

// noList reports whether an object without a list is no record. If no answer had one it says so once.
func (x *firstList) noList() bool {
	if x.listsOnly && !x.told.Swap(true) {
		x.log.Warn("the answer holds no list of records where one is looked for; records_path says where it is",
			"stream", x.stream, "looked for", strings.Join(listNames[:], ", "))
	}
	return x.listsOnly
}

// cut sends the records of a JSON answer through the line, cut out of its text. It gives what Extract gives.
func (x *firstList) cut(r *rest.Response, l *line) error {
	body, err := r.Bytes()
	if err != nil {
		return err
	}
	l.most = 0
	page := x.pages.Get().(*rawjson.Page)
	defer x.pages.Put(page)
	page.Spread = l.spread && r.Release != nil
	guess := int(x.last.Load())
	keys := x.named[guess].keys
	if rest.IsList(body) {
		keys = nil
	}
	if err := page.Scan(body, keys); err != nil || page.Root.Seen&rawjson.BadText != 0 && !utf8.Valid(body) {
		r.Value = emptyValue
		return x.json.Broken(body)
	}
	switch body[page.Root.Start] {
	case '[':
		return x.list(body, page, r, l)
	case '{':
		return x.object(body, page, guess, r, l)
	}
	r.Value = x.bare.templateValue(body, page)
	return nil
}

// list takes the elements of a bare list. Templates see the first of them as response.
func (x *firstList) list(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	r.Value = emptyValue
	if len(page.Elements) > 0 {
		first := page.Elements[0].In(body)
		r.Value = func() (any, error) { return value.DecodeRaw(first), nil }
	}
	return x.bare.elements(r, body, page, page.Elements, l, func(any) bool { return true })
}

// object takes the list in an object that was scanned for the name guess, or the object itself.
func (x *firstList) object(body []byte, page *rawjson.Page, guess int, r *rest.Response, l *line) error {
	found := lists(body, page)
	if found < 0 {
		r.Value = x.bare.templateValue(body, page)
		if x.noList() {
			return nil
		}
		return x.bare.elements(r, body, page, []rawjson.Span{page.Root}, l, value.Truth)
	}
	x.told.Store(true)
	if found != guess {
		x.last.Store(int32(found))
		if err := page.Scan(body, x.named[found].keys); err != nil {
			return err
		}
	}
	r.Value = x.named[found].templateValue(body, page)
	return x.named[found].elements(r, body, page, page.Elements, l, func(any) bool { return true })
}

// lists is the index of the first name whose member is a list; -1: there is none. Of members with one name the last counts.
func lists(body []byte, page *rawjson.Page) int {
	var isList [len(listNames)]bool
	for _, m := range page.Members {
		if m.Depth != 0 {
			continue
		}
		for i, name := range listNames {
			if rawjson.KeyIs(m.Key.In(body), name) {
				isList[i] = body[m.Value.Start] == '['
			}
		}
	}
	for i, is := range isList {
		if is {
			return i
		}
	}
	return -1
}
