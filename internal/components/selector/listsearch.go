package selector

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// commonNames are the members that may hold the records, the likeliest first, of any elements.
var commonNames = []string{"data", "results", "items", "records"}

// listNames are further ones, in lower case and without "_" before them, if their elements are
// objects or lists.
var listNames = []string{
	"data", "results", "items", "records", "value", "rows", "docs", "documents", "list", "resources", "content", "contents", "entries",
	"elements", "entities", "objects", "hits", "nodes", "edges", "values", "result", "response", "features", "collection", "payload", "entry",
}

// holders are objects that may hold the list, in lower case and without "_" before them.
var holders = []string{
	"data", "results", "result", "response", "payload", "body", "d", "page", "hits", "embedded", "query", "content", "list", "collection",
	"feed", "resources", "items", "records", "output", "return", "root", "search",
}

// aside are lists of objects that are no records, and objects that hold none.
var aside = []string{
	"errors", "error", "warnings", "messages", "links", "link", "included", "includes", "facets", "aggregations", "aggs", "columns", "fields",
	"schemas", "schema", "sort", "filters", "filter", "meta", "metadata", "paging", "pagination", "pageable", "pageinfo", "extensions", "shards",
	"debug", "request", "params", "headers", "facet_counts", "highlighting", "suggest",
}

// listSearch looks for the records in an answer that is an object.
type listSearch struct {
	stream string
	key    []string // first names of the primary key's paths
}

// foundList is where a list of records was found.
type foundList struct {
	path  []string
	node  string // the member of each element that is the record
	usual bool   // it needs no word
	named bool   // its name says that it holds records
	list  *value.List
}

// shown is the path as a configuration states it.
func (f *foundList) shown() any {
	path := f.path
	if f.node != "" {
		path = append(slices.Clone(path), "*", f.node)
	}
	return value.WrittenPath(path)
}

// deepest is how many levels of objects are searched.
const deepest = 4

// in finds the list of records; nil: the object is a record, or holds none. An error says that it
// may be one of several.
func (s *listSearch) in(d *value.Dict, address string) (*foundList, error) {
	found := namedList(d, nil)
	if found != nil {
		found.usual = slices.Contains(commonNames, found.path[0])
	}
	switch {
	case found != nil && (found.usual || !s.isRecord(d) || (len(s.key) == 0 || s.hasKey(found)) && anyTellsOfPages(d)):
		return found.unwrapped(), nil
	case s.isRecord(d):
		return nil, nil
	}
	if found := heldList(d, nil, deepest); found != nil {
		return found.unwrapped(), nil
	}
	all := s.likely(lists(d, nil, deepest), address)
	switch {
	case len(all) == 0:
		return plainList(d), nil
	case len(all) > 1:
		return nil, severalLists(s.stream, all)
	case !s.isEnvelope(d, &all[0], address):
		return nil, nil
	}
	return all[0].unwrapped(), nil
}

// bare is a name in lower case, without "_" before it.
func bare(name string) string { return strings.ToLower(strings.TrimLeft(name, "_")) }

// namedList is the member of an object that is a list and has a name for records.
func namedList(d *value.Dict, path []string) *foundList {
	var best *foundList
	rank := len(listNames)
	for name, v := range d.All() {
		list, ok := v.(*value.List)
		if !ok {
			continue
		}
		i := slices.Index(listNames, bare(name))
		if i < 0 || i >= rank || !slices.Contains(commonNames, name) && !ofRecords(list) {
			continue
		}
		best, rank = &foundList{path: below(path, name), named: true, list: list}, i
	}
	return best
}

// ofRecords reports whether a list may be one of records: its elements are objects or lists.
func ofRecords(l *value.List) bool {
	if l.Len() == 0 {
		return true
	}
	switch l.At(0).(type) {
	case *value.Dict, *value.List:
		return true
	}
	return false
}

func below(path []string, name string) []string {
	return append(path[:len(path):len(path)], strings.Clone(name))
}

// heldList is the list in an object that usually holds records: one with a name for them, else its
// only one.
func heldList(d *value.Dict, path []string, levels int) *foundList {
	if levels == 0 {
		return nil
	}
	for _, holder := range holders {
		for name, v := range d.All() {
			inner, ok := v.(*value.Dict)
			if !ok || bare(name) != holder {
				continue
			}
			at := below(path, name)
			if found := namedList(inner, at); found != nil {
				return found
			}
			if found := heldList(inner, at, levels-1); found != nil {
				return found
			}
			if all := lists(inner, at, levels-1); len(all) == 1 {
				all[0].named = true
				return &all[0]
			}
		}
	}
	return nil
}

// lists are the lists of objects in an object and in the objects inside, and those that are empty
// where there are no others.
func lists(d *value.Dict, path []string, levels int) []foundList {
	var full, empty []foundList
	var walk func(d *value.Dict, path []string, levels int)
	walk = func(d *value.Dict, path []string, levels int) {
		if named := namedList(d, path); named != nil && len(path) > 0 {
			full = append(full, *named)
			return
		}
		for name, v := range d.All() {
			if slices.Contains(aside, bare(name)) {
				continue
			}
			switch v := v.(type) {
			case *value.List:
				if v.Len() == 0 {
					empty = append(empty, foundList{path: below(path, name), list: v})
				} else if _, objects := v.At(0).(*value.Dict); objects {
					full = append(full, foundList{path: below(path, name), list: v})
				}
			case *value.Dict:
				if levels > 1 {
					walk(v, below(path, name), levels-1)
				}
			}
		}
	}
	walk(d, path, levels)
	if len(full) == 0 && len(empty) == 1 {
		return empty
	}
	return full
}

// plainList is the list of plain values, such as names, in an object that holds nothing else but
// what tells of pages; nil: there is none.
func plainList(d *value.Dict) *foundList {
	var found *foundList
	for name, v := range d.All() {
		list, ok := v.(*value.List)
		switch {
		case ok && found == nil && list.Len() > 0 && !slices.Contains(aside, bare(name)):
			found = &foundList{path: below(nil, name), list: list}
		case !tellsOfPages(bare(name)):
			return nil
		}
	}
	return found
}

// likely leaves those lists that the primary key, or else the names of stream and address speak
// for; all of them where neither does.
func (s *listSearch) likely(all []foundList, address string) []foundList {
	if len(all) < 2 {
		return all
	}
	for _, fits := range []func(*foundList) bool{s.hasKey, func(f *foundList) bool { return s.isNamed(f, address) }} {
		var kept []foundList
		for i := range all {
			if fits(&all[i]) {
				kept = append(kept, all[i])
			}
		}
		if len(kept) > 0 {
			all = kept
		}
	}
	return all
}

// hasKey reports whether the elements of a list have the primary key.
func (s *listSearch) hasKey(f *foundList) bool {
	if len(s.key) == 0 || f.list.Len() == 0 {
		return false
	}
	first, ok := f.unwrapped().first().(*value.Dict)
	return ok && s.keyIn(first)
}

func (s *listSearch) keyIn(d *value.Dict) bool {
	for _, name := range s.key {
		if _, ok := d.Get(name); !ok {
			return false
		}
	}
	return true
}

// isNamed reports whether a list has the name of the stream, or of the end of its address.
func (s *listSearch) isNamed(f *foundList, address string) bool {
	name := bare(f.path[len(f.path)-1])
	if name == bare(s.stream) {
		return true
	}
	u, err := url.Parse(address)
	return err == nil && name == bare(path.Base(u.Path))
}

// isRecord reports whether an object is a record: it has the primary key, or else an id.
func (s *listSearch) isRecord(d *value.Dict) bool {
	if len(s.key) > 0 {
		return s.keyIn(d)
	}
	for _, name := range []string{"id", "_id", "uuid", "guid", "Id", "ID"} {
		switch v, _ := d.Get(name); v.(type) {
		case string, int64:
			return true
		}
	}
	return false
}

// isEnvelope reports whether an object is one around the list, and not a record that has a list.
func (s *listSearch) isEnvelope(d *value.Dict, f *foundList, address string) bool {
	if s.hasKey(f) || s.isNamed(f, address) {
		return true
	}
	others := 0
	for name, v := range d.All() {
		if name == f.path[0] {
			continue
		}
		if tellsOfPages(bare(name)) {
			return true
		}
		if _, text := v.(string); !text || !slices.Contains(remarks, bare(name)) {
			others++
		}
	}
	return others == 0
}

// remarks are texts beside a list.
var remarks = []string{"status", "message", "object", "kind", "type", "version", "code", "request_id", "requestid", "@context", "@odata.context", "success"}

// tellsOfPages reports whether a member speaks of a list in pages.
func tellsOfPages(name string) bool {
	switch name {
	case "count", "page", "pages", "per_page", "perpage", "page_size", "pagesize", "limit", "offset", "skip", "cursor", "pagination", "paging", "meta", "links",
		"has_more", "hasmore", "total", "metadata", "pageinfo", "page_info", "prev", "previous", "startindex", "startat", "success", "ok",
		"istruncated", "keycount", "resumptiontoken":
		return true
	}
	return strings.HasPrefix(name, "next") || strings.HasPrefix(name, "total") || strings.HasPrefix(name, "@odata") || strings.HasPrefix(name, "has_next") ||
		strings.HasPrefix(name, "hasnext")
}

func anyTellsOfPages(d *value.Dict) bool {
	for name := range d.All() {
		if tellsOfPages(bare(name)) {
			return true
		}
	}
	return false
}

// first is the first record of the list.
func (f *foundList) first() any {
	if f.list.Len() == 0 {
		return nil
	}
	return (&listPlace{node: f.node}).record(f.list.At(0))
}

// unwrapped notes that the elements hold the records, as the edges of a GraphQL connection do.
func (f *foundList) unwrapped() *foundList {
	if bare(f.path[len(f.path)-1]) != "edges" || f.list.Len() == 0 {
		return f
	}
	if d, ok := f.list.At(0).(*value.Dict); ok {
		if node, _ := d.Get("node"); node != nil {
			if _, ok := node.(*value.Dict); ok {
				f.node = "node"
			}
		}
	}
	return f
}

// severalLists is the error of an answer whose records may be one of several lists.
func severalLists(stream string, all []foundList) error {
	var names []string
	for i := range all {
		names = append(names, string(value.Append(nil, all[i].shown())))
	}
	return &tap.Error{
		Kind:    tap.Config,
		Message: "stream " + stream + ": the answer holds several lists of objects, at " + strings.Join(names, ", ") + ": which of them are the records is not known",
		Hint:    `say in the stream's configuration where the records are, such as "records_path": ` + names[0],
	}
}
