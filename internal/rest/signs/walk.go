package signs

import (
	"math"
	"strconv"
	"strings"

	"anytap/internal/value"
)

// walk goes through an envelope.
type walk struct {
	signs   *Signs
	records []string // where the records were found, so that what lies on the way counts too
	root    string   // the root of XML without records
}

// How much of an envelope is looked at: so many levels, and no object with more members, which is
// rather one of data.
const (
	mostLevels  = 5
	mostMembers = 64
)

// object reads the members of an object at a path: its own first, then those of the objects in it
// that tell of paging or hold the records.
func (w *walk) object(d *value.Dict, path []string, depth int) {
	if depth >= mostLevels || d.Len() > mostMembers {
		return
	}
	var inner []string
	for name, v := range d.All() {
		r := roleOf(name)
		switch v := v.(type) {
		case *value.Dict:
			if w.inside(v, r, name, path) {
				inner = append(inner, name)
			}
		case *value.List:
			w.list(v, r, name, path)
		default:
			w.scalar(v, r, name, path)
		}
	}
	for _, name := range inner {
		v, _ := d.Get(name)
		if d, ok := v.(*value.Dict); ok {
			w.object(d, at(path, name), depth+1)
		}
	}
}

// inside reads an object among the members, and reports whether its own members are to be read.
func (w *walk) inside(d *value.Dict, r role, name string, path []string) bool {
	if w.records == nil && len(path) == 0 && w.root == name {
		return true
	}
	if len(path)+1 < len(w.records) && w.records[len(path)] == name && onWay(w.records, path) {
		return true
	}
	switch r {
	case next:
		w.pointerObject(d, at(path, name))
	case total, mayBeTotal:
		w.totalObject(d, at(path, name), r == mayBeTotal)
	case fault:
		w.fault(d)
	case container:
		return len(path)+1 != len(w.records) || w.records[len(path)] != name || !onWay(w.records, path)
	}
	return false
}

// onWay reports whether path is the beginning of records.
func onWay(records, path []string) bool {
	for i, name := range path {
		if records[i] != name {
			return false
		}
	}
	return true
}

// list reads a list among the members: of links with their relations, or of errors.
func (w *walk) list(l *value.List, r role, name string, path []string) {
	switch {
	case r == fault && l.Len() > 0:
		w.fault(l.At(0))
	case r == container && (strings.EqualFold(name, "links") || strings.EqualFold(name, "link") || name == "_links"):
		for i := range min(l.Len(), mostMembers) {
			d, _ := l.At(i).(*value.Dict)
			w.relation(d, at(at(path, name), strconv.Itoa(i)))
		}
	}
}

// relation reads {"rel": "next", "href": "…"}, or FHIR's {"relation": "next", "url": "…"}.
func (w *walk) relation(d *value.Dict, path []string) {
	if d == nil {
		return
	}
	rel := value.Member[string](d, "rel")
	if rel == "" {
		rel = value.Member[string](d, "relation")
	}
	if rel != "next" {
		return
	}
	for _, name := range addressNames {
		if v, ok := d.Get(name); ok {
			w.pointer(v, at(path, name), false)
			return
		}
	}
}

// scalar reads a member that is a text, a number, a boolean or null.
func (w *walk) scalar(v any, r role, name string, path []string) {
	s := w.signs
	switch r {
	case next, mayBeNext:
		if b, ok := v.(bool); ok && b {
			s.addFlag(true, inBody(path, name), true, r == mayBeNext)
			return
		}
		w.pointer(v, at(path, name), r == mayBeNext)
	case more, mayBeMore:
		s.addFlag(v, inBody(path, name), true, r == mayBeMore)
	case last, mayBeLast:
		if _, ok := whole(v); ok && strings.EqualFold(strings.ReplaceAll(name, "_", ""), "lastpage") {
			s.addPages(v, inBody(path, name))
			return
		}
		s.addFlag(v, inBody(path, name), false, r == mayBeLast)
	case total, mayBeTotal:
		s.addTotal(v, inBody(path, name), r == mayBeTotal)
	case pages:
		s.addPages(v, inBody(path, name))
	case size:
		s.Size.set(v, inBody(path, name))
	case number:
		s.Page.set(v, inBody(path, name))
	case offset:
		if text, ok := v.(string); ok && text != "" && !digits(text) {
			w.pointer(v, at(path, name), false) // a token by the name of a number
			return
		}
		s.Offset.set(v, inBody(path, name))
	case container:
		w.plainContainer(v, name, path)
	case fault, good, status:
		w.trouble(v, r)
	}
}

// plainContainer reads a member that is an object elsewhere: the page's number, the number of
// pages, a cursor.
func (w *walk) plainContainer(v any, name string, path []string) {
	switch strings.ToLower(name) {
	case "page":
		w.signs.Page.set(v, inBody(path, name))
	case "pages":
		w.signs.addPages(v, inBody(path, name))
	case "cursor":
		w.pointer(v, at(path, name), true)
	}
}

// addressNames and tokenNames are what an object that stands for the next page has.
var (
	addressNames = []string{"href", "url", "uri", "link", "path"}
	tokenNames   = []string{"after", "cursor", "token", "offset", "page", "starting_after", "start", "number", "id", "page_token", "pageToken", "value"}
)

// pointerObject reads an object that stands for the next page, such as {"href": "…"}.
func (w *walk) pointerObject(d *value.Dict, path []string) {
	known := false
	for i, names := range [][]string{tokenNames, addressNames} {
		for _, name := range names {
			v, ok := d.Get(name)
			if !ok {
				continue
			}
			if _, nested := v.(*value.Dict); nested {
				continue
			}
			known = known || i == 1 || v != nil
			w.pointer(v, at(path, name), false)
		}
	}
	switch {
	case known:
	case d.Empty():
		w.signs.Next = append(w.signs.Next, Pointer{Place: Place{Path: path}})
	default:
		w.signs.Next = append(w.signs.Next, Pointer{Place: Place{Path: path}, Value: d})
	}
}

// pointer adds a place for the next page's token.
func (w *walk) pointer(v any, path []string, weak bool) {
	p := Pointer{Place: Place{Path: path}, Weak: weak}
	switch v := v.(type) {
	case nil, bool:
	case string:
		if !nothing(v) {
			p.Value, p.Address = v, IsAddress(v)
		}
	case int64:
		if v > 0 {
			p.Value = v
		}
	default:
		if value.Truth(v) {
			p.Value = v
		}
	}
	w.signs.Next = append(w.signs.Next, p)
}

// nothing reports whether a text stands for no token.
func nothing(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "null", "none", "false", "nil", "undefined", "-1":
		return true
	}
	return false
}

// IsAddress reports whether a text is an address, whole or relative.
func IsAddress(text string) bool {
	return strings.Contains(text, "://") || strings.HasPrefix(text, "/") && strings.ContainsAny(text, "?=") || strings.HasPrefix(text, "?") ||
		strings.Contains(text, "?") && strings.Contains(text, "=")
}

// addFlag adds a statement; positive: true says that more follows.
func (s *Signs) addFlag(v any, p Place, positive, weak bool) {
	if yes, ok := Bool(v); ok {
		s.More = append(s.More, Flag{p, yes == positive, weak})
	}
}

// Bool reads a boolean in the spellings of APIs: also as a text, or as 0 and 1.
func Bool(v any) (b, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case int64:
		return v == 1, v == 0 || v == 1
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "yes", "y", "1":
			return true, true
		case "false", "no", "n", "0":
			return false, true
		}
	}
	return false, false
}

// addTotal adds a total of records.
func (s *Signs) addTotal(v any, p Place, weak bool) {
	if n, atLeast, ok := Amount(v); ok {
		s.Records = append(s.Records, Count{p, n, atLeast, weak})
	}
}

// addPages adds a total of pages.
func (s *Signs) addPages(v any, p Place) {
	if n, ok := whole(v); ok && n >= 0 {
		s.Pages = append(s.Pages, Count{Place: p, N: n})
	}
}

// set takes a number that the answer says. The first counts.
func (into *Number) set(v any, p Place) {
	if n, ok := whole(v); ok && n >= 0 && !into.Known {
		*into = Number{p, n, true}
	}
}

// totalObject reads Elasticsearch's {"value": 10000, "relation": "gte"} and the like.
func (w *walk) totalObject(d *value.Dict, path []string, weak bool) {
	for _, name := range []string{"value", "count", "total", "records", "items", "results"} {
		v, ok := d.Get(name)
		if !ok {
			continue
		}
		if n, atLeast, ok := Amount(v); ok {
			relation := value.Member[string](d, "relation")
			w.signs.Records = append(w.signs.Records, Count{Place{Path: at(path, name)}, n, atLeast || relation == "gte" || relation == "GREATER_THAN_OR_EQUAL_TO", weak})
			return
		}
	}
}

// Amount reads a total: a number, or its digits, with a "+" behind them where the server stopped
// counting. ok is false for anything else, such as -1 for "unknown".
func Amount(v any) (n int64, atLeast, ok bool) {
	if text, isText := v.(string); isText {
		text, atLeast = strings.CutSuffix(strings.TrimSpace(text), "+")
		if !digits(text) {
			return 0, false, false
		}
		v = text
	}
	n, ok = whole(v)
	return n, atLeast, ok && n >= 0
}

// whole is a whole number, also as a text or a float.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case string:
		if digits(v) {
			n, err := strconv.ParseInt(v, 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// inBody is the place of a member of the object at a path.
func inBody(path []string, name string) Place { return Place{Path: at(path, name)} }

// at is a path with one name more.
func at(path []string, name string) []string {
	return append(path[:len(path):len(path)], name)
}
