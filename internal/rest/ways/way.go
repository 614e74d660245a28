package ways

import (
	"fmt"
	"strconv"
	"strings"

	"anytap/internal/value"
)

// Type is a type of pagination, by the name that a configuration has for it.
type Type string

// The types that are looked for.
const (
	Page    Type = "page"        // the pages are counted
	Offset  Type = "offset"      // the records are counted
	Cursor  Type = "cursor"      // the answer, or its last record, has a token
	NextURL Type = "next_url"    // the answer has the next address
	Link    Type = "link_header" // the Link header has it
)

// Way is a way of paging, as the pagination of a stream states it.
type Way struct {
	Type Type
	// Param is where the token goes: the name of a parameter or of a header, or a path in the
	// body. It is empty where the token is an address, or has several parts.
	Param []string
	// In is the part of the request that Param is in: "body" or "header"; empty: the query.
	In string
	// First is the number of the first page, or of the first record.
	First int64
	// Size is how many records came on the first page; 0: not known. It says how far apart the
	// numbers of pages are where records are counted.
	Size int
	// Path is where the body has the token or address, and Header the header that has it.
	Path   []string
	Header string
	// Field is where the last record has the token.
	Field []string
	// More is where the body says whether more follows, for a token that the last page has too.
	More []string
	// Params are the parts of a token of several parameters.
	Params []Param
	// QueryOnly says that only the query of a next address is used.
	QueryOnly bool
}

// Param is a parameter and where the body has its value.
type Param struct {
	Name string
	Path []string
}

// Settings are the way as a configuration states it.
func (w *Way) Settings() *value.Dict {
	d := value.DictOf("type", string(w.Type))
	switch {
	case len(w.Param) == 0:
	case w.In == "body":
		d.Set("param", value.WrittenPath(w.Param))
	default:
		d.Set("param", w.Param[0])
	}
	if w.In != "" {
		d.Set("in", w.In)
	}
	switch {
	case w.Type == Page && w.First != 1:
		d.Set("first_page", w.First)
	case w.Type == Offset && w.First != 0:
		d.Set("first_offset", w.First)
	}
	if len(w.Path) > 0 {
		d.Set("cursor_path", value.WrittenPath(w.Path))
	}
	if w.Header != "" && w.Type != Link {
		d.Set("cursor_header", w.Header)
	}
	if len(w.More) > 0 {
		d.Set("has_more_path", value.WrittenPath(w.More))
	}
	if len(w.Field) > 0 {
		d.Set("cursor_field", value.WrittenPath(w.Field))
	}
	if len(w.Params) > 0 {
		params := value.NewDict(len(w.Params))
		for _, p := range w.Params {
			params.Set(p.Name, value.WrittenPath(p.Path))
		}
		d.Set("params", params)
	}
	if w.QueryOnly {
		d.Set("next_base", "query")
	}
	return d
}

// Kept are the settings with what else a later run must know.
func (w *Way) Kept() *value.Dict {
	d := w.Settings()
	if w.Size > 0 && w.Type == Offset {
		d.Set("page_size", int64(w.Size))
	}
	return d
}

// Parse reads what Kept wrote.
func Parse(d *value.Dict) (*Way, error) {
	w := &Way{
		Type: Type(value.Member[string](d, "type")), Header: value.Member[string](d, "cursor_header"),
		Size: int(value.Member[int64](d, "page_size")), In: value.Member[string](d, "in"),
		QueryOnly: value.Member[string](d, "next_base") == "query",
	}
	w.More = pathAt(d, "has_more_path")
	w.Path, w.Field = pathAt(d, "cursor_path"), pathAt(d, "cursor_field")
	if w.Param = pathAt(d, "param"); w.In != "body" && len(w.Param) > 0 {
		w.Param = []string{value.Member[string](d, "param")}
	}
	switch w.Type {
	case Page:
		w.First = 1
		if n, ok := d.Get("first_page"); ok {
			w.First, _ = n.(int64)
		}
	case Offset:
		w.First = value.Member[int64](d, "first_offset")
	}
	if params, ok := d.Get("params"); ok {
		members, _ := params.(*value.Dict)
		if members == nil {
			return nil, fmt.Errorf("params is a %s, expected an object", value.TypeName(params))
		}
		for name, path := range members.All() {
			w.Params = append(w.Params, Param{name, parsePath(path)})
		}
	}
	return w, w.check()
}

// check refuses a way that no page can be asked for by.
func (w *Way) check() error {
	pointer := len(w.Path) > 0 || w.Header != ""
	ok := false
	switch w.Type {
	case Page, Offset:
		ok = len(w.Param) > 0
	case Cursor:
		ok = len(w.Param) > 0 && (pointer || len(w.Field) > 0) || len(w.Params) > 0
	case NextURL:
		ok = pointer
	case Link:
		ok = true
	}
	if !ok {
		return fmt.Errorf("the pagination %s is not known", value.Append(nil, w.Settings()))
	}
	return nil
}

// pathAt reads what value.WrittenPath wrote under a name.
func pathAt(d *value.Dict, name string) []string {
	v, _ := d.Get(name)
	return parsePath(v)
}

func parsePath(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Split(v, ".")
	case *value.List:
		var path []string
		for _, name := range v.All() {
			path = append(path, value.Str(name))
		}
		return path
	}
	return nil
}

// at is the value at a path. Numbers are indices of lists.
func at(v any, path []string) any {
	v, _ = value.At(v, path...)
	return v
}

// index reports whether a name is an index of a list.
func index(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil
}
