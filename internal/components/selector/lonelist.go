package selector

import (
	"slices"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// isXML reports whether an answer was XML, of which JSON was made.
func isXML(r *rest.Response) bool { return r.Header.Get("Content-Type") == rest.JSONOfXML }

// loneIn is the place and the record of an answer in XML whose list has one element, or nil for one
// of none; ok is false where the answer has a list, or is a record itself.
func (x *firstList) loneIn(d *value.Dict, r *rest.Response) (place *listPlace, record any, ok bool) {
	if !isXML(r) {
		return nil, nil, false
	}
	if known := x.place.Load(); known != nil {
		v, there := value.At(d, known.keys...)
		_, isList := v.(*value.List)
		_, sameRoot := d.Get(known.keys[0])
		return known, v, sameRoot && !isList && (there || len(known.keys) > 1)
	}
	if found, err := x.search.in(d, r.URL); found != nil || err != nil {
		return nil, nil, false
	}
	path := x.search.lone(d, r.URL)
	if path == nil {
		return nil, nil, false
	}
	record, _ = value.At(d, path...)
	place = &listPlace{cutter: &cutter{dpath: x.root, decoder: x.json, keys: path}}
	x.place.CompareAndSwap(nil, place)
	return place, record, true
}

// elementNames are those of elements that are one of a list.
var elementNames = []string{"entry", "item", "record", "row", "member", "element", "object", "result"}

// lone is the path to the only record in a document without a list: the one object with the primary
// key or a telling name, else the only one in a root that speaks of pages; nil: there is none.
func (s *listSearch) lone(d *value.Dict, address string) []string {
	if s.isRecord(d) {
		return nil
	}
	var all, telling [][]string
	var walk func(d *value.Dict, path []string)
	walk = func(d *value.Dict, path []string) {
		for name, v := range d.All() {
			inner, ok := v.(*value.Dict)
			if !ok || strings.HasPrefix(name, "@") || slices.Contains(aside, bare(name)) {
				continue
			}
			at := below(path, name)
			if len(at) == 2 {
				all = append(all, at)
			}
			if len(at) > 1 && (len(s.key) > 0 && s.keyIn(inner) || len(s.key) == 0 && s.isElement(at, address)) {
				telling = append(telling, at)
				continue
			}
			if len(at) < deepest+1 {
				walk(inner, at)
			}
		}
	}
	walk(d, nil)
	switch {
	case len(telling) == 1:
		return telling[0]
	case len(telling) == 0 && len(s.key) == 0 && len(all) == 1 && rootTellsOfPages(d):
		return all[0]
	}
	return nil
}

// isElement reports whether the last name of a path is that of one of a list: of the stream's, or
// of the element around it.
func (s *listSearch) isElement(path []string, address string) bool {
	name, around := bare(path[len(path)-1]), bare(path[len(path)-2])
	return slices.Contains(elementNames, name) || s.isNamed(&foundList{path: path}, address) ||
		around == name+"s" || bare(s.stream) == name+"s"
}

// rootTellsOfPages reports whether the one member of a document speaks of a list in pages.
func rootTellsOfPages(d *value.Dict) bool {
	if d.Len() != 1 {
		return false
	}
	for _, v := range d.All() {
		if root, ok := v.(*value.Dict); ok {
			return anyTellsOfPages(root)
		}
	}
	return false
}
