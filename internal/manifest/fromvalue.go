package manifest

import (
	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// textAt makes a text in the place of r, for what the language adds by itself.
func textAt(r *yaml11.Node, text string) *yaml11.Node { return yaml11.New(r.Line, r.Col, text) }

// fromValue makes nodes of a value. A member has the position of like's same member, or else like's
// own. like may be nil. A list that stands in several places of the value becomes one node, as it
// is one object in Python.
func (d *document) fromValue(v any, like *yaml11.Node) *yaml11.Node {
	f := &valueReader{doc: d, lists: map[*value.List]*yaml11.Node{}}
	return f.read(v, like, 0)
}

type valueReader struct {
	doc   *document
	lists map[*value.List]*yaml11.Node
}

func (f *valueReader) read(v any, like *yaml11.Node, depth int) *yaml11.Node {
	r := yaml11.New(0, 0, v)
	if like != nil {
		r.Line, r.Col = like.Line, like.Col
	}
	if depth > yaml11.MaxDepth+1 {
		return r
	}
	switch v := v.(type) {
	case *value.Dict:
		f.readDict(r, v, like, depth)
	case *value.List:
		if same := f.lists[v]; same != nil {
			f.doc.note(same).shared = true
			return same
		}
		f.lists[v] = r
		f.readItems(r, v.Values(), like, depth)
	case value.Tuple:
		f.readItems(r, v, like, depth)
	case int:
		r.Value = int64(v)
	}
	return r
}

func (f *valueReader) readDict(r *yaml11.Node, v *value.Dict, like *yaml11.Node, depth int) {
	r.Become(Map, v.Len())
	for k, m := range v.AllKeys() {
		kk := yaml11.Key{Line: r.Line, Col: r.Col}
		if s, ok := k.(string); ok {
			kk.Name = s
		} else {
			kk.Other, kk.IsOther = k, true
		}
		r.Keys = append(r.Keys, kk)
		r.Values = append(r.Values, f.read(m, likeMember(like, kk), depth+1))
	}
}

func (f *valueReader) readItems(r *yaml11.Node, items []any, like *yaml11.Node, depth int) {
	r.Become(List, len(items))
	for i, m := range items {
		r.Values = append(r.Values, f.read(m, likeItem(like, i), depth+1))
	}
}

func likeMember(like *yaml11.Node, k yaml11.Key) *yaml11.Node {
	if like == nil || k.IsOther || like.Kind != Map {
		return like
	}
	if m := like.Get(k.Name); m != nil {
		return m
	}
	return like
}

func likeItem(like *yaml11.Node, i int) *yaml11.Node {
	if like == nil || like.Kind != List || i >= len(like.Values) {
		return like
	}
	return like.Values[i]
}
