package selector

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// cutter cuts plain JSON answers into records in one pass over the text. It gives what a DpathExtractor over a JsonDecoder gives.
type cutter struct {
	dpath   *dpathExtractor
	decoder rest.JSONDecoder
	path    *foundPath
	keys    []string
	streams bool      // an answer that is not held need not be
	pages   sync.Pool // of *rawjson.Page
	rooms   sync.Pool // of *room
}

// pageCutter makes a cutter where extractor and decoder allow it; nil: they do not.
func pageCutter(x rest.Extractor, d rest.Decoder, looks [][]string) *cutter {
	dx, ok := x.(*dpathExtractor)
	if !ok || dx.expander != nil || dx.path.fixed == nil {
		return nil
	}
	decoder, ok := d.(rest.JSONDecoder)
	if !ok {
		return nil
	}
	keys, ok := dx.path.fixed.Keys()
	if !ok {
		return nil
	}
	return &cutter{dpath: dx, decoder: decoder, path: dx.path.fixed, keys: keys, streams: looks != nil && !looksAt(looks, keys),
		pages: sync.Pool{New: func() any { return &rawjson.Page{Python: true} }}}
}

// looksAt reports whether one of the paths leads to the records, or to something that they are in.
func looksAt(looks [][]string, keys []string) bool {
	for _, look := range looks {
		n := min(len(look), len(keys))
		if slices.Equal(look[:n], keys[:n]) {
			return true
		}
	}
	return false
}

// cut sends the answer's records through the line.
func (c *cutter) cut(r *rest.Response, l *line) error {
	if _, held := r.Held(); !held && c.streams {
		return c.stream(r, l)
	}
	body, err := r.Bytes()
	if err != nil {
		return err
	}
	l.most = 0
	page := c.pages.Get().(*rawjson.Page)
	defer c.pages.Put(page)
	page.Spread = l.spread && r.Release != nil // what is not released gives no memory back to note in
	if err := page.Scan(body, c.keys); err != nil || page.Root.Seen&rawjson.BadText != 0 && !utf8.Valid(body) {
		r.Value = emptyValue
		return c.decoder.Broken(body)
	}
	if body[page.Root.Start] == '[' {
		return c.list(body, page, r, l)
	}
	r.Value = c.templateValue(body, page)
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

func emptyValue() (any, error) { return value.NewDict(0), nil }

// room is the memory of a page's records. It is used again when the answer's is.
type room struct {
	dicts   []value.Dict
	records []tap.Record
	notes   value.Notes
	text    []byte // of records that were changed
}

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

// elements takes spans of the body, the page's elements or one, as records, those that pass the test. The dicts of a page are made
// together.
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

// list takes a text whose root is a list: each of its elements is an answer of its own.
func (c *cutter) list(body []byte, page *rawjson.Page, r *rest.Response, l *line) error {
	if len(c.keys) > 0 {
		if err := page.Scan(body, nil); err != nil {
			return c.decoder.Broken(body)
		}
	}
	r.Value = emptyValue
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
	return nil
}

// body takes the records in one element of a list.
func (c *cutter) body(v any, l *line) error {
	var failed error
	err := c.dpath.records(l.ctx, v, c.path, func(v any) bool {
		failed = l.take(v)
		return failed == nil && !l.stopped
	})
	return errors.Join(err, failed)
}

// templateValue gives what templates know as response, made of the members that the scan found, so that the records
// are not gone through again.
func (c *cutter) templateValue(body []byte, page *rawjson.Page) func() (any, error) {
	root := page.Root.In(body)
	if len(c.keys) == 0 || root[0] != '{' {
		return func() (any, error) {
			if v := value.DecodeRaw(root); v != nil {
				return v, nil
			}
			return value.NewDict(0), nil
		}
	}
	members := slices.Clone(page.Members)
	return sync.OnceValues(func() (any, error) { return envelope(body, members, c.keys, 0), nil })
}

// envelope makes a dict of the members of one depth; of the way to the records it makes dicts as well.
func envelope(body []byte, members []rawjson.Member, keys []string, depth int) *value.Dict {
	d := value.NewDict(8)
	onWay := 0
	for _, m := range members {
		if m.Depth == depth && depth < len(keys) && rawjson.KeyIs(m.Key.In(body), keys[depth]) {
			onWay++
		}
	}
	for _, m := range members {
		if m.Depth != depth {
			continue
		}
		key, raw := m.Key.In(body), m.Value.In(body)
		// A name that is there twice makes it unclear whose the members below are.
		if onWay == 1 && depth+1 < len(keys) && raw[0] == '{' && rawjson.KeyIs(key, keys[depth]) {
			d.Set(keys[depth], envelope(body, members, keys, depth+1))
			continue
		}
		d.Set(rawjson.Unquote(key), value.DecodeRaw(raw))
	}
	return d
}

// stream cuts an answer that is too large to be held. What templates know of it has no records.
func (c *cutter) stream(r *rest.Response, l *line) error {
	in := bufio.NewReaderSize(r.Body, 64<<10)
	isList, err := startsList(in)
	if err != nil {
		return brokenStream(err)
	}
	keys := c.keys
	if isList {
		keys = nil
	}
	elements := rawjson.NewStream(in, keys)
	elements.Python = true
	var s slab
	r.Value = emptyValue
	for n := 0; !l.stopped; n++ {
		raw, err := elements.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return brokenStream(err)
		}
		v, err := s.element(raw, elements.Seen())
		if err != nil {
			return err
		}
		if isList && n == 0 {
			first := slices.Clone(raw)
			r.Value = func() (any, error) { return value.DecodeRaw(first), nil }
		}
		switch {
		case isList:
			err = c.body(v, l)
		case elements.Kind() != rawjson.Object || value.Truth(v):
			err = l.take(v)
		}
		if err != nil {
			return err
		}
	}
	if !isList {
		envelope := slices.Clone(elements.Envelope())
		r.Value = func() (any, error) {
			if v, ok := rest.ParseJSON(envelope); ok {
				return v, nil
			}
			return value.NewDict(0), nil
		}
	}
	return nil
}

// startsList looks whether the text is a list.
func startsList(in *bufio.Reader) (bool, error) {
	for {
		c, err := in.ReadByte()
		if err != nil {
			return false, err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '[', in.UnreadByte()
		}
	}
}

// brokenStream names an error of a streamed text. Unlike a held one it can not count as empty: its records are out.
func brokenStream(err error) error {
	if _, ok := errors.AsType[*rest.Fault](err); ok {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return tap.Errorf(tap.System, "the answer's JSON ends too early")
	}
	return tap.Errorf(tap.System, "read the answer's JSON: %w", err)
}

// slab holds the text of streamed records and the dicts over it.
type slab struct {
	text  []byte
	dicts []value.Dict
}

const slabText = 256 << 10

// element makes the value of a streamed element, whose text is gone with the next.
func (s *slab) element(raw []byte, seen rawjson.Flags) (any, error) {
	if seen&rawjson.BadText != 0 && !utf8.Valid(raw) {
		return nil, tap.Errorf(tap.System, "the answer's JSON is not UTF-8")
	}
	if len(raw) > slabText/4 {
		raw = slices.Clone(raw)
	} else {
		if cap(s.text)-len(s.text) < len(raw) {
			s.text = make([]byte, 0, slabText)
		}
		from := len(s.text)
		s.text = append(s.text, raw...)
		raw = s.text[from:len(s.text):len(s.text)]
	}
	if raw[0] != '{' {
		return value.DecodeRaw(raw), nil
	}
	if len(s.dicts) == 0 {
		s.dicts = make([]value.Dict, 64)
	}
	d := &s.dicts[0]
	s.dicts = s.dicts[1:]
	initDict(d, raw, seen)
	return d, nil
}
