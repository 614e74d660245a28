package sampleapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const expressType = "application/json; charset=utf-8"

// jsonPlaceholder is json-server 0.16 over generated records; with JSONServer1 it pages as
// json-server 1.x does.
type jsonPlaceholder struct {
	*site
	mux   *http.ServeMux
	seeds map[string]uint64
}

func newJSONPlaceholder(s *site) *jsonPlaceholder {
	j := &jsonPlaceholder{site: s, mux: http.NewServeMux(), seeds: map[string]uint64{}}
	for _, res := range resources {
		j.seeds[res.name] = streamSeed(s.opt.Seed, res.name)
		j.mux.HandleFunc("GET /"+res.name, func(w http.ResponseWriter, r *http.Request) {
			j.many(w, r, res, r.URL.Query())
		})
		j.mux.HandleFunc("GET /"+res.name+"/{id}", func(w http.ResponseWriter, r *http.Request) {
			j.single(w, r, res)
		})
		j.mux.HandleFunc("GET /"+res.name+"/{id}/{children}", func(w http.ResponseWriter, r *http.Request) {
			j.nested(w, r, res)
		})
	}
	j.mux.HandleFunc("/", j.missing)
	return j
}

func (j *jsonPlaceholder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "-1")
	h.Set("X-Content-Type-Options", "nosniff")
	j.mux.ServeHTTP(w, r)
}

func (j *jsonPlaceholder) fail(w http.ResponseWriter, _ *http.Request, p problem) {
	respond(w, p.status, "text/plain; charset=utf-8", []byte(p.message))
}

func (j *jsonPlaceholder) missing(w http.ResponseWriter, r *http.Request) {
	if callOf(r).faults.JSONServer1 {
		respond(w, http.StatusNotFound, "text/plain; charset=utf-8", []byte("Not Found"))
		return
	}
	respond(w, http.StatusNotFound, expressType, []byte("{}"))
}

// nested reads /posts/1/comments as /comments?postId=1, even when there is no such post or no such
// field.
func (j *jsonPlaceholder) nested(w http.ResponseWriter, r *http.Request, parent resource) {
	res, ok := resourceNamed(r.PathValue("children"))
	if !ok {
		j.missing(w, r)
		return
	}
	query := r.URL.Query()
	query.Set(parent.singular+"Id", r.PathValue("id"))
	j.many(w, r, res, query)
}

func (j *jsonPlaceholder) single(w http.ResponseWriter, r *http.Request, res resource) {
	key, ok := res.key(r.PathValue("id"))
	if !ok || !j.rowsOf(res.name, res.size).has(key) {
		j.missing(w, r)
		return
	}
	var e encoder
	j.writeWith(&e, res, key, r.URL.Query())
	j.send(w, e.b)
}

// send indents as both generations of json-server do.
func (j *jsonPlaceholder) send(w http.ResponseWriter, body []byte) {
	var b bytes.Buffer
	b.Grow(len(body) + len(body)/4)
	_ = json.Indent(&b, body, "", "  ") // our own encoder wrote it
	respond(w, http.StatusOK, expressType, b.Bytes())
}

// writeWith writes a record with the children and parents that _embed and _expand ask for.
func (j *jsonPlaceholder) writeWith(e *encoder, res resource, key int, query url.Values) {
	j.write(e, res, key)
	e.b = e.b[:len(e.b)-1]
	for _, name := range query["_embed"] {
		child, ok := resourceNamed(name)
		if !ok {
			continue
		}
		e.list(name)
		for k := range j.rowsOf(child.name, child.size).all() {
			if child.parent == res.name && child.parentID(k) == res.id(key) {
				j.write(e, child, k)
			}
		}
		e.end()
	}
	for _, name := range query["_expand"] {
		parent, ok := resourceNamed(res.parent)
		if !ok || name != parent.singular {
			continue
		}
		id := res.parentID(key)
		if j.rowsOf(parent.name, parent.size).has(id - 1) {
			e.name(name)
			j.write(e, parent, id-1)
		}
	}
	e.close()
}

// span is the part of the filtered list that a request asks for.
type span struct {
	paged      bool // by _page
	page, size int  // size 0: everything
	start, end int  // when not paged
	counted    bool // X-Total-Count is sent
}

// spanOf reads the paging parameters. For a key-set read (id_gte), the first id says which page it
// is.
func spanOf(q url.Values, one bool) span {
	number := func(name string) (int, bool) {
		n, err := strconv.Atoi(q.Get(name))
		return n, err == nil
	}
	var s span
	size, sized := number("_limit")
	perPage := size
	if one {
		perPage, _ = number("_per_page")
	}
	switch {
	case q.Get("_page") != "" && !(one && sized): // 1.x cuts by _limit before it looks at _page
		page, _ := number("_page")
		s = span{paged: true, page: max(1, page), size: perPage, counted: true}
		if s.size <= 0 {
			s.size = 10
		}
	case q.Get("_end") != "":
		s.start, _ = number("_start")
		s.end, _ = number("_end")
		s.size, s.counted = max(1, s.end-s.start), true
	case sized:
		s.start, _ = number("_start")
		s.end, s.size, s.counted = s.start+size, max(1, size), true
	default:
		return span{page: 1}
	}
	if !s.paged {
		s.page = max(0, s.start)/s.size + 1
		if from, ok := number("id_gte"); ok && s.start == 0 {
			s.page = max(0, from-1)/s.size + 1
		}
	}
	return s
}

// many answers with a list: filtered, sorted and cut to the span of the request.
func (j *jsonPlaceholder) many(w http.ResponseWriter, r *http.Request, res resource, query url.Values) {
	f := callOf(r).faults
	if f.IgnorePaging {
		for _, name := range []string{"_page", "_per_page", "_limit", "_start", "_end"} {
			query.Del(name)
		}
	}
	s := spanOf(query, f.JSONServer1)
	keys, err := j.matching(res, j.page(r, res.name, res.size, s.page), query, f.JSONServer1)
	if err != nil {
		j.fail(w, r, problem{status: http.StatusInternalServerError, message: err.Error()})
		return
	}
	total := len(keys)
	if last := pages(total, max(1, s.size)); s.size > 0 && s.page > last && (f.Clamp || f.JSONServer1 && s.paged) {
		s.page = max(1, last)
		s.end -= s.start
		s.start = (s.page - 1) * s.size
		s.end += s.start
	}
	switch {
	case s.paged:
		keys = cut(keys, s.page, s.size)
	case s.size > 0:
		keys = keys[min(max(0, s.start), total):min(max(0, s.start, s.end), total)]
	}
	if s.counted && !f.JSONServer1 {
		j.countHeaders(w, r, s, total, len(keys))
	}
	body := j.listBody(res, keys, query, f.list(s.page))
	if s.paged && f.JSONServer1 {
		body = wrapped(f, s, total, body)
	}
	j.send(w, body)
}

// pagingNames are the parameters that are no filters.
var pagingNames = []string{"q", "_start", "_end", "_page", "_per_page", "_sort", "_order", "_limit", "_embed", "_expand", "callback", "_"}

func (j *jsonPlaceholder) matching(res resource, now rows, query url.Values, one bool) ([]int, error) {
	t := &table{j: j, res: res, decoded: map[int]map[string]any{}}
	keys := slices.Collect(now.all())
	if len(keys) == 0 {
		return nil, nil
	}
	fields := url.Values{}
	for name, values := range query {
		if !slices.Contains(pagingNames, name) {
			fields[name] = values
		}
	}
	filters, err := t.filters(fields, keys[0])
	if err != nil {
		return nil, err
	}
	q := strings.ToLower(query.Get("q"))
	keys = slices.DeleteFunc(keys, func(key int) bool {
		for _, f := range filters {
			if !f.keeps(t.field(key, f.path)) {
				return true
			}
		}
		return q != "" && !contains(t.record(key), q)
	})
	if by := query.Get("_sort"); by != "" {
		order := query.Get("_order")
		if one {
			by, order = descending(by)
		}
		t.sort(keys, by, order)
	}
	return keys, nil
}

// descending reads the order of json-server 1.x, where a minus comes before the field.
func descending(sort string) (fields, orders string) {
	var by, order []string
	for field := range strings.SplitSeq(sort, ",") {
		name, desc := strings.CutPrefix(field, "-")
		by = append(by, name)
		order = append(order, map[bool]string{true: "desc", false: "asc"}[desc])
	}
	return strings.Join(by, ","), strings.Join(order, ",")
}

func (j *jsonPlaceholder) listBody(res resource, keys []int, query url.Values, spoilt string) []byte {
	switch spoilt {
	case "missing":
		return []byte("{}")
	case "null":
		return []byte("null")
	case "empty":
		keys = nil
	}
	var e encoder
	e.list("")
	for _, key := range keys {
		j.writeWith(&e, res, key, query)
	}
	e.end()
	return e.b
}

// countHeaders sends the total and, for pages, the Link header (RFC 8288).
func (j *jsonPlaceholder) countHeaders(w http.ResponseWriter, r *http.Request, s span, total, given int) {
	h := w.Header()
	h.Set("X-Total-Count", strconv.Itoa(total))
	exposed := "X-Total-Count"
	if s.paged {
		exposed += ", Link"
	}
	h.Set("Access-Control-Expose-Headers", exposed)
	if !s.paged || given == 0 || given == total {
		return
	}
	last := pages(total, s.size)
	prev := s.page - 1
	var links []string
	for _, l := range []struct {
		rel  string
		page int
	}{{"first", 1}, {"prev", prev}, {"next", callOf(r).faults.next(s.page, last)}, {"last", last}} {
		if l.page == 0 {
			continue
		}
		address := "http://" + r.Host + r.URL.RequestURI()
		address = strings.Replace(address, "page="+r.URL.Query().Get("_page"), "page="+strconv.Itoa(l.page), 1)
		links = append(links, fmt.Sprintf("<%s>; rel=%q", address, l.rel))
	}
	h.Set("Link", strings.Join(links, ", "))
}

// wrapped is the body of a page of json-server 1.x.
func wrapped(f Faults, s span, total int, data []byte) []byte {
	last := pages(total, s.size)
	var e encoder
	e.open("")
	e.num("first", 1)
	for _, l := range []struct {
		name string
		page int
	}{{"prev", s.page - 1}, {"next", f.next(s.page, last)}} {
		if l.page == 0 {
			e.null(l.name)
		} else {
			e.num(l.name, l.page)
		}
	}
	e.num("last", last)
	e.num("pages", last)
	e.num("items", total)
	if f.list(s.page) != "missing" {
		e.name("data")
		e.b = append(e.b, data...)
	}
	e.close()
	return e.b
}
