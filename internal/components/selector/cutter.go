package selector

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// cutter cuts records out of the text of a JSON answer in one pass. They are those of a
// DpathExtractor over a JsonDecoder.
type cutter struct {
	dpath   *dpathExtractor
	decoder *rest.JSONDecoder
	path    *foundPath
	keys    []string
	streams bool      // an answer that is not held can be cut while it arrives
	pages   sync.Pool // of *rawjson.Page
	rooms   sync.Pool // of *room
	// readings are the cutters of the ways to take the path apart, in their order; known is the one
	// that an answer was read by, and all later ones are. None: there is one way.
	readings []*cutter
	known    atomic.Pointer[cutter]
}

// pageCutter makes a cutter for an extractor and a decoder; nil if they are not of the kinds that
// it can replace. looks are the paths in the answer that templates read; nil if they are not known.
func pageCutter(x rest.Extractor, d rest.Decoder, looks [][]string) *cutter {
	dx, ok := x.(*dpathExtractor)
	if !ok || dx.expander != nil || dx.path.fixed == nil {
		return nil
	}
	if d == nil || d.Abilities().JSON == nil {
		return nil
	}
	json := d.Abilities().JSON
	own := cutterBy(dx, json, dx.path.fixed, looks)
	if own == nil || len(dx.readings) == 0 {
		return own
	}
	first := cutterBy(dx, json, dx.path.fixed, looks)
	for _, p := range dx.readings {
		other := cutterBy(dx, json, p, looks)
		if other == nil {
			return nil
		}
		first.streams = first.streams && other.streams
		first.readings = append(first.readings, other)
	}
	first.readings = append(first.readings, own)
	return first
}

// cutterBy is the cutter of one path; nil if it is not made of names.
func cutterBy(x *dpathExtractor, d *rest.JSONDecoder, p *foundPath, looks [][]string) *cutter {
	keys, ok := p.Keys()
	if !ok {
		return nil
	}
	return &cutter{dpath: x, decoder: d, path: p, keys: keys, streams: looks != nil && !looksAt(looks, keys),
		pages: sync.Pool{New: func() any { return &rawjson.Page{Python: true} }}}
}

// reading is the cutter of the way to take the path apart that holds in an answer; c itself, if
// nothing stands at any.
func (c *cutter) reading(body []byte) *cutter {
	if len(c.readings) == 0 || rest.IsList(body) {
		return c
	}
	root := value.LazyDict(body)
	for _, r := range c.readings {
		if _, there := value.At(root, r.keys...); there {
			c.known.CompareAndSwap(nil, r)
			return r
		}
	}
	return c
}

// looksAt reports whether one of the paths leads to the records, or to something that holds them.
func looksAt(looks [][]string, keys []string) bool {
	for _, look := range looks {
		n := min(len(look), len(keys))
		if slices.Equal(look[:n], keys[:n]) {
			return true
		}
	}
	return false
}

// cut sends the records of an answer through the line.
func (c *cutter) cut(r *rest.Response, l *line) error {
	if known := c.known.Load(); known != nil {
		c = known
	}
	if _, held := r.Held(); !held && c.streams {
		return c.stream(r, l)
	}
	body, err := r.Bytes()
	if err != nil {
		return err
	}
	l.most = 0
	c = c.reading(body)
	page := c.pages.Get().(*rawjson.Page)
	defer c.pages.Put(page)
	l.prepare(page, r)
	if err := page.Scan(body, c.keys); err != nil || page.Root.Seen&rawjson.BadText != 0 && !utf8.Valid(body) {
		r.Value, r.Found = emptyValue, rest.Found{Kind: rest.NoRecords, Path: c.keys}
		return c.decoder.Broken(r, body)
	}
	if body[page.Root.Start] == '[' {
		return c.list(body, page, r, l)
	}
	r.Value, r.Found = c.templateValue(body, page), foundAt(page, body, c.keys)
	switch page.Kind {
	case rawjson.Missing, rawjson.Null:
		return nil
	case rawjson.Array:
		return c.elements(r, body, page, page.Elements, l, func(any) bool { return true })
	case rawjson.Object:
		return c.elements(r, body, page, []rawjson.Span{page.Value}, l, value.Truth)
	}
	if v := value.DecodeRaw(page.Value.In(body)); value.Truth(v) {
		return l.take(v)
	}
	return nil
}

// room is the memory for the records of a page. It is used again after the answer was released.
type room struct {
	dicts   []value.Dict
	records []tap.Record
	notes   value.Notes
	text    []byte // of changed records
}

// room returns memory for size records, which goes back when the answer is released.
func (c *cutter) room(r *rest.Response, size int) *room {
	m, ok := c.rooms.Get().(*room)
	if !ok || cap(m.dicts) < size {
		m = &room{dicts: make([]value.Dict, 0, size), records: make([]tap.Record, 0, size)}
	}
	if release := r.Release; release != nil {
		r.Release = func() {
			m.notes.Drop()
			rest.Poison(m.text)
			c.rooms.Put(m)
			release()
		}
	}
	return m
}

// elements takes those spans of the body as records whose values pass the test. All their dicts are
// in one slab.
func (c *cutter) elements(r *rest.Response, body []byte, page *rawjson.Page, spans []rawjson.Span, l *line, test func(any) bool) error {
	m := c.room(r, len(spans))
	dicts := m.dicts
	if l.batch == nil {
		l.batch = m.records
	}
	noted := len(page.Ends) > 0
	if noted {
		m.notes.Take(body, page)
		if l.seals {
			if cap(m.text) < len(body) {
				m.text = make([]byte, 0, len(body)+len(body)/8)
			}
			l.text = m.text[:0]
			defer func() { m.text, l.text = l.text, nil }()
		}
	}
	for i, span := range spans {
		raw := span.In(body)
		var v any
		if raw[0] == '{' {
			dicts = dicts[:len(dicts)+1]
			d := &dicts[len(dicts)-1]
			if noted {
				m.notes.Init(d, i, raw, span.Seen.Clean())
			} else {
				initDict(d, raw, span.Seen)
			}
			if span.Seen&rawjson.Fits != 0 {
				d.SetFits()
			}
			v = d
		} else {
			v = value.DecodeRaw(raw)
		}
		if !test(v) {
			continue
		}
		mark := m.notes.Mark()
		l.held = !noted
		if err := l.take(v); err != nil || l.stopped {
			return err
		}
		if !l.held {
			m.notes.Back(mark)
		}
	}
	return nil
}

func initDict(d *value.Dict, raw []byte, seen rawjson.Flags) {
	if seen.Clean() {
		d.InitClean(raw)
		return
	}
	d.InitLazy(raw)
}

// list takes an answer that is a list. Each of its elements counts as an answer of its own.
func (c *cutter) list(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	if len(c.keys) > 0 {
		if err := page.Scan(body, nil); err != nil {
			return c.decoder.Broken(r, body)
		}
	}
	r.Value, r.Found = emptyValue, rest.Found{Kind: rest.ListThere, Path: c.keys, Bare: true}
	if len(page.Elements) > 0 {
		first := page.Elements[0].In(body)
		r.Value = func() (any, error) { return value.DecodeRaw(first), nil }
	}
	if len(c.keys) == 0 && !slices.ContainsFunc(page.Elements, func(s rawjson.Span) bool { return body[s.Start] != '{' }) {
		return c.elements(r, body, page, page.Elements, l, value.Truth)
	}
	for _, span := range page.Elements {
		if err := c.body(value.DecodeRaw(span.In(body)), l); err != nil || l.stopped {
			return err
		}
	}
	if len(page.Elements) > 0 && l.count == 0 {
		r.Found.Kind = rest.NoRecords
	}
	return nil
}

// body takes the records in one element of such a list.
func (c *cutter) body(v any, l *line) error {
	var failed error
	err := c.dpath.records(l.ctx, v, c.path, func(v any) bool {
		failed = l.take(v)
		return failed == nil && !l.stopped
	})
	return errors.Join(err, failed)
}
