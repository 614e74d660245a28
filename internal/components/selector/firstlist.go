package selector

import (
	"context"
	"iter"
	"log/slog"
	"strings"
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
// If the answer is a list, its elements are the records. If it is an object, they are in the first
// list among its members data, results, items and records. An object without such a list is a
// record itself, unless it is empty or lists_only is set. If the answer is not JSON, each decoded
// value is a record.
type firstListDefinition struct {
	ListsOnly bool `manifest:"lists_only" doc:"An object without a list holds no records; the last page of some APIs is one."`
}

// listNames are the members that may hold the records, the most likely first.
var listNames = [...]string{"data", "results", "items", "records"}

func buildFirstList(c *manifest.Compiler, n *manifest.Node) (rest.Extractor, error) {
	var def firstListDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	x := newFirstList(decoderOf(c))
	x.listsOnly, x.log, x.stream = def.ListsOnly, c.Logger(), scope.Stream
	return x, nil
}

func newFirstList(d rest.Decoder) *firstList {
	x := &firstList{decoder: d, log: slog.New(slog.DiscardHandler), pages: sync.Pool{New: func() any { return &rawjson.Page{Python: true} }}}
	x.json = d.Abilities().JSON
	root := &dpathExtractor{path: &pathOf{}, decoder: d}
	x.bare = &cutter{dpath: root, decoder: x.json}
	for i, name := range listNames {
		x.named[i] = &cutter{dpath: root, decoder: x.json, keys: []string{name}}
	}
	return x
}

type firstList struct {
	decoder rest.Decoder
	json    *rest.JSONDecoder // nil: it decodes something else
	bare    *cutter           // of answers that are a list, or one record
	named   [len(listNames)]*cutter
	// last is the index of the name that held the last answer's records. The next answer is scanned
	// for this name first.
	last  atomic.Int32
	pages sync.Pool

	listsOnly bool
	log       *slog.Logger
	stream    string
	told      atomic.Bool // a list was found, or the user was told that there is none
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

// recordsIn returns the records in a decoded answer.
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

// noList reports whether an object without a list holds no record. It warns once, if no answer had
// a list before.
func (x *firstList) noList() bool {
	if x.listsOnly && !x.told.Swap(true) {
		x.log.Warn("the answer holds no list of records where one is looked for; records_path says where it is",
			"stream", x.stream, "looked for", strings.Join(listNames[:], ", "))
	}
	return x.listsOnly
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
	page.Spread = l.spread && r.Release != nil
	guess := int(x.last.Load())
	keys := x.named[guess].keys
	if rest.IsList(body) {
		keys = nil
	}
	if err := page.Scan(body, keys); err != nil || page.Root.Seen&rawjson.BadText != 0 && !utf8.Valid(body) {
		r.Value, r.Found = emptyValue, rest.Found{Kind: rest.NoRecords}
		return x.json.Broken(body)
	}
	switch body[page.Root.Start] {
	case '[':
		return x.list(body, page, r, l)
	case '{':
		return x.object(body, page, guess, r, l)
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

// object takes the list in an answer that is an object, or the object itself. It was scanned for
// the name with index guess.
func (x *firstList) object(body []byte, page *rawjson.Page, guess int, r *rest.Response, l *line) error {
	found := firstListIn(body, page)
	if found < 0 {
		r.Value, r.Found = x.bare.templateValue(body, page), x.withoutList(body, page)
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
	r.Value, r.Found = x.named[found].templateValue(body, page), foundAt(page, body, x.named[found].keys)
	return x.named[found].elements(r, body, page, page.Elements, l, func(any) bool { return true })
}

// withoutList says what an object without a list is: a record, or an empty page where null stands
// for the list.
func (x *firstList) withoutList(body []byte, page *rawjson.Page) rest.Found {
	switch {
	case value.LazyDict(page.Root.In(body)).Empty():
		return rest.Found{Kind: rest.NoRecords}
	case !x.listsOnly:
		return rest.Found{Kind: rest.WholeThere}
	}
	for _, m := range page.Members {
		if m.Depth != 0 || body[m.Value.Start] != 'n' {
			continue
		}
		for i, name := range listNames {
			if rawjson.KeyIs(m.Key.In(body), name) {
				return rest.Found{Kind: rest.NullThere, Path: x.named[i].keys}
			}
		}
	}
	return rest.Found{Kind: rest.NoRecords}
}

// firstListIn returns the index of the first of listNames whose member is a list; -1 if there is
// none. Of members with the same name the last counts.
func firstListIn(body []byte, page *rawjson.Page) int {
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
