package value

import (
	"slices"

	"anytap/rawjson"
)

// FromPage is the value of body, of which p is the scan (rawjson.Page.Scan): what DecodeRaw of p.Root gives,
// but what the scan found is not looked for again. The elements at p's path are there, each with its
// members in p.Watch, and so are the members beside them. p may be used again afterwards; body is retained
// and must not change.
func FromPage(body []byte, p *rawjson.Page) any {
	if len(p.Members) == 0 {
		if p.Kind == rawjson.Array {
			return pageList(body, p)
		}
		return decodeRaw(p.Root.In(body), p.Root.Seen.Clean())
	}
	return pageDict(body, p, p.Root, 0)
}

// pageDict is the object at span, depth names on the way to p's path.
func pageDict(body []byte, p *rawjson.Page, span rawjson.Span, depth int) *Dict {
	var all []found
	var next rawjson.Member // the last of its name is the one that leads on
	for _, m := range p.Members {
		if m.Depth != depth {
			continue
		}
		all = append(all, found{key: m.Key.In(body), val: m.Value.In(body)})
		if p.Kind != rawjson.Missing && m.Value.Start <= p.Value.Start && p.Value.End <= m.Value.End {
			next = m
		}
	}
	d := &Dict{raw: span.In(body), clean: span.Seen.Clean(), m: makeMembers(all)}
	if next.Value.End == 0 {
		return d
	}
	at := d.m.find(rawjson.Unquote(next.Key.In(body)))
	switch {
	case next.Value.Start != p.Value.Start:
		d.m.list[at].val = pageDict(body, p, next.Value, depth+1)
	case p.Kind == rawjson.Array:
		d.m.list[at].val = pageList(body, p)
	}
	return d
}

// pageList is the array at p's path.
func pageList(body []byte, p *rawjson.Page) *List {
	l := &List{raw: p.Value.In(body), clean: p.Value.Seen.Clean(), opened: true, items: make([]slot, len(p.Elements))}
	var w *watch
	if len(p.Watch) > 0 {
		w = &watch{body: body, names: slices.Clone(p.Watch), spans: slices.Clone(p.Watched)}
	}
	dicts := make([]Dict, len(p.Elements))
	for i, e := range p.Elements {
		raw := e.In(body)
		l.items[i] = slot{raw: raw, val: pending{}}
		if raw[0] == '{' {
			dicts[i] = Dict{raw: raw, clean: e.Seen.Clean(), w: w, at: i}
			l.items[i].val = &dicts[i]
		}
	}
	return l
}

// watch holds members that a page's scan has noted, for all its elements.
type watch struct {
	body  []byte
	names []string
	spans []rawjson.Span // as rawjson.Page.Watched
}

// find gives the text of the member key of element i, if it was noted whether there is one.
func (w *watch) find(i int, key string) (raw []byte, ok, noted bool) {
	for k, name := range w.names {
		if name == key {
			span := w.spans[i*len(w.names)+k]
			return span.In(w.body), span.End > 0, true
		}
	}
	return nil, false, false
}
