package paging

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// Where APIs tell how long a list is, by the names in use, without case, "_" and "-": of records,
// of pages, and of either in headers.
var (
	recordTotals       = []string{"total", "totalcount", "totalrecords", "totalresults", "totalitems", "totalelements", "totalentries", "totalhits"}
	pageTotals         = []string{"totalpages", "lastpage", "pagecount", "numpages", "pagestotal"}
	recordTotalHeaders = []string{"X-Total-Count", "X-Total", "X-Wp-Total", "X-Pagination-Total-Count", "Total-Count", "X-Count"}
	pageTotalHeaders   = []string{"X-Total-Pages", "X-Wp-Totalpages", "X-Pagination-Page-Count", "Total-Pages"}
)

// lastPage is the index of the last page that a slice's reading will ask for, as p says, whose own
// index is at; 0: it says nothing that can be true. Where all pages are full the last is an empty
// one: only by it the end is known.
func lastPage(p *page, n numbers, at int64) int64 {
	size := int64(p.extracted())
	if total := toldTotal(p.response, recordTotals, recordTotalHeaders); size > 0 && total >= (at+1)*size {
		return total / size
	}
	if last := lastLink(p.response.Header, n); last > at {
		return last
	}
	if pages := toldTotal(p.response, pageTotals, pageTotalHeaders); pages > at+1 {
		return pages - 1
	}
	return 0
}

// toldTotal is a number that an answer tells under one of the names; 0: none.
func toldTotal(r *rest.Response, names, headers []string) int64 {
	for _, name := range headers {
		if n, err := strconv.ParseInt(strings.TrimSpace(r.Header.Get(name)), 10, 64); err == nil && n > 0 {
			return n
		}
	}
	// Templates know the first element of a bare list as response, but that is a record: its total
	// is a sum of money or the like.
	if body, _ := r.Held(); r.Value == nil || rest.IsList(body) {
		return 0
	}
	v, err := r.Value()
	if err != nil {
		return 0
	}
	d, _ := v.(*value.Dict)
	return totalIn(d, names, 2)
}

// mostMembers is how many members of an object are looked at for a total.
const mostMembers = 64

// totalIn looks for a total among an object's members, then in the objects among them, so many
// levels deep.
func totalIn(d *value.Dict, names []string, levels int) int64 {
	if d == nil || d.Len() > mostMembers {
		return 0
	}
	for name, v := range d.All() {
		if n, ok := v.(int64); ok && n > 0 && slices.Contains(names, plainName(name)) {
			return n
		}
	}
	if levels == 0 {
		return 0
	}
	for _, v := range d.All() {
		inner, ok := v.(*value.Dict)
		if !ok {
			continue
		}
		if n := totalIn(inner, names, levels-1); n > 0 {
			return n
		}
	}
	return 0
}

var withoutMarks = strings.NewReplacer("_", "", "-", "")

func plainName(name string) string { return strings.ToLower(withoutMarks.Replace(name)) }

// lastLink is the index of the page that a Link header (RFC 8288) names as the last, by the
// parameter in which it differs from the next one; 0: none.
func lastLink(h http.Header, n numbers) int64 {
	next, last := linked(h, "next"), linked(h, "last")
	for name, values := range last {
		to, err := strconv.ParseInt(values[0], 10, 64)
		if from, nextErr := strconv.ParseInt(next.Get(name), 10, 64); err == nil && nextErr == nil && to > from && (from-n.Start)%n.Step == 0 {
			return n.index(to)
		}
	}
	return 0
}

// linked gives the parameters of the address that a Link header has for a relation.
func linked(h http.Header, rel string) url.Values {
	if len(h["Link"]) == 0 {
		return nil
	}
	for _, l := range rest.Links(h) {
		if !l.Is(rel) {
			continue
		}
		if u, err := url.Parse(l.URL); err == nil {
			return u.Query()
		}
	}
	return nil
}
