package sampleapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	halType   = "application/hal+json"
	errorType = "application/vnd.error+json"
	// conversationsPage and otherPage are fixed: Help Scout has no size parameter.
	conversationsPage = 25
	otherPage         = 50
)

// helpScout is Help Scout's Inbox API 2.0 over generated records.
type helpScout struct {
	*site
	mux    *http.ServeMux
	tokens *tokens
	seeds  map[string]uint64
}

func newHelpScout(s *site) *helpScout {
	h := &helpScout{site: s, mux: http.NewServeMux(), tokens: newTokens(s.opt), seeds: map[string]uint64{}}
	for _, name := range h.streams() {
		h.seeds[name] = streamSeed(s.opt.Seed, name)
	}
	h.mux.Handle("POST "+tokenPath, h.tokens)
	h.mux.HandleFunc("GET /v2/conversations", h.conversations)
	h.mux.HandleFunc("GET /v2/conversations/{id}", h.oneConversation)
	h.mux.HandleFunc("GET /v2/conversations/{id}/threads", h.threads)
	for _, l := range helpScoutLists {
		h.mux.HandleFunc("GET /v2/"+l.name, func(w http.ResponseWriter, r *http.Request) { h.others(w, r, l) })
		h.mux.HandleFunc("GET /v2/"+l.name+"/{id}", func(w http.ResponseWriter, r *http.Request) { h.other(w, r, l) })
	}
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { h.fail(w, r, notFound) })
	return h
}

var notFound = problem{status: http.StatusNotFound, code: "not_found", message: "Not found"}

func (h *helpScout) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Correlation-ID", h.correlation(r))
	if !callOf(r).token && !h.tokens.valid(r) {
		h.fail(w, r, problem{status: http.StatusUnauthorized, message: "Unauthorized"})
		return
	}
	h.mux.ServeHTTP(w, r)
}

// correlation is the request's id in the form of a UUID.
func (h *helpScout) correlation(r *http.Request) string {
	a := h.requestID(r)
	b := mix(a)
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffffffffffff)
}

func (h *helpScout) fail(w http.ResponseWriter, r *http.Request, p problem) {
	w.Header().Set("Correlation-ID", h.correlation(r))
	var e encoder
	e.open("")
	if p.status == http.StatusTooManyRequests {
		e.str("message", p.message)
		e.close()
		respond(w, p.status, jsonType, e.b)
		return
	}
	e.str("logRef", h.correlation(r))
	e.str("message", p.message)
	e.open("_embedded")
	e.list("errors")
	if p.field != "" {
		e.open("")
		e.str("path", p.field)
		e.str("message", p.detail)
		e.str("source", "QUERY")
		e.close()
	}
	e.end()
	e.close()
	e.list("links")
	e.end()
	e.close()
	respond(w, p.status, errorType, e.b)
}

func (h *helpScout) invalid(w http.ResponseWriter, r *http.Request, field, detail string) {
	h.fail(w, r, problem{status: http.StatusBadRequest, message: "Validation error", field: field, detail: detail})
}

// listing is one list request: which rows match and how one is written.
type listing struct {
	name  string // of the list in _embedded
	size  int    // of a page
	keys  []int
	write func(e *encoder, key int)
}

// pageOf reads the page parameter. It gives false after it has answered that it is wrong.
func (h *helpScout) pageOf(w http.ResponseWriter, r *http.Request) (int, bool) {
	if callOf(r).faults.IgnorePaging {
		return 1, true
	}
	page, ok := wholeNumber(r.URL.Query().Get("page"), 1, 1)
	if !ok {
		h.invalid(w, r, "page", "must be a whole number from 1")
	}
	return page, ok
}

// answer sends a page as HAL: records, links, counts.
func (h *helpScout) answer(w http.ResponseWriter, r *http.Request, page int, l listing) {
	f := callOf(r).faults
	total := len(l.keys)
	last := pages(total, l.size)
	if f.Clamp {
		page = max(1, min(page, last))
	}
	var e encoder
	e.open("")
	h.embed(&e, f.list(page), cut(l.keys, page, l.size), l)
	h.links(&e, r, page, f.next(page, last), last)
	e.open("page")
	e.num("size", l.size)
	e.num("totalElements", total)
	e.num("totalPages", last)
	e.num("number", page)
	e.close()
	e.close()
	respond(w, http.StatusOK, halType, e.b)
}

// embed leaves _embedded out when there are no records, as Help Scout does.
func (h *helpScout) embed(e *encoder, spoilt string, keys []int, l listing) {
	if spoilt == "missing" || spoilt == "" && len(keys) == 0 {
		return
	}
	e.open("_embedded")
	defer e.close()
	if spoilt == "null" {
		e.null(l.name)
		return
	}
	e.list(l.name)
	if spoilt == "" {
		for _, key := range keys {
			l.write(e, key)
		}
	}
	e.end()
}

func (h *helpScout) links(e *encoder, r *http.Request, page, next, last int) {
	query := r.URL.Query()
	query.Del("page")
	base := "http://" + r.Host + r.URL.Path
	link := func(rel string, page int) {
		q := url.Values{"page": {strconv.Itoa(page)}}
		for name, values := range query {
			q[name] = values
		}
		e.open(rel)
		e.str("href", base+"?"+q.Encode())
		e.close()
	}
	e.open("_links")
	link("self", page)
	if next > 0 {
		link("next", next)
	}
	if page > 1 {
		link("previous", page-1)
	}
	link("first", 1)
	link("last", max(1, last))
	e.open("page")
	if rest := query.Encode(); rest != "" {
		e.str("href", base+"?"+rest+"{&page}")
	} else {
		e.str("href", base+"{?page}")
	}
	e.flag("templated", true)
	e.close()
	e.close()
}

func (h *helpScout) conversations(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, ok := h.pageOf(w, r)
	if !ok {
		return
	}
	now := h.page(r, "conversations", conversationCount, page)
	matches, field, detail := conversationFilter(q)
	if field != "" {
		h.invalid(w, r, field, detail)
		return
	}
	var list []conversation
	for key := range now.all() {
		if c := h.conversation(key, now); matches(c) {
			list = append(list, c)
		}
	}
	if !h.sortConversations(list, q.Get("sortField"), q.Get("sortOrder")) {
		h.invalid(w, r, "sortField", "can not be sorted by this field and order")
		return
	}
	found := map[int]conversation{}
	keys := make([]int, len(list))
	for i, c := range list {
		keys[i], found[c.key] = c.key, c
	}
	embed := slices.Contains(strings.Split(q.Get("embed"), ","), "threads")
	h.answer(w, r, page, listing{"conversations", conversationsPage, keys, func(e *encoder, key int) {
		h.writeConversation(e, found[key], embed)
	}})
}

// conversationFilter reads the documented filters. The second and third result name a wrong
// parameter.
func conversationFilter(q url.Values) (matches func(conversation) bool, field, detail string) {
	statuses := map[string][]string{
		"": {"active"}, "active": {"active"}, "pending": {"pending"}, "closed": {"closed"}, "spam": {"spam"},
		"open": {"active", "pending"}, "all": {"active", "pending", "closed", "spam"},
	}
	status, ok := statuses[q.Get("status")]
	if !ok {
		return nil, "status", "must be one of active, all, closed, open, pending, spam"
	}
	if q.Get("query") != "" {
		return nil, "query", "searches are not part of the sample"
	}
	numbers := map[string][]string{}
	for _, name := range []string{"mailbox", "folder", "number", "assigned_to"} {
		if q.Get(name) == "" {
			continue
		}
		numbers[name] = strings.Split(q.Get(name), ",")
		for _, v := range numbers[name] {
			if _, err := strconv.Atoi(v); err != nil {
				return nil, name, "must be a number"
			}
		}
	}
	since, ok := sinceOf(q)
	if !ok {
		return nil, "modifiedSince", "must be a time such as 2024-05-04T12:00:03Z"
	}
	tags := strings.FieldsFunc(strings.ToLower(q.Get("tag")), func(c rune) bool { return c == ',' })
	among := func(name string, v int) bool {
		return numbers[name] == nil || slices.Contains(numbers[name], strconv.Itoa(v))
	}
	return func(c conversation) bool {
		tagged := len(tags) == 0 || slices.ContainsFunc(c.tags, func(i int) bool { return slices.Contains(tags, tagNames[i]) })
		return tagged && slices.Contains(status, c.status) && among("mailbox", c.mailboxID()) && among("folder", c.folderID()) &&
			among("number", c.number) && among("assigned_to", c.assigneeID()) && !c.modified.Before(since)
	}, "", ""
}

// sinceOf reads modifiedSince: whole seconds, UTC.
func sinceOf(q url.Values) (time.Time, bool) {
	text := q.Get("modifiedSince")
	if text == "" {
		return time.Time{}, true
	}
	t, err := time.Parse("2006-01-02T15:04:05Z", text)
	return t, err == nil && !strings.ContainsAny(text, ".,")
}

func (h *helpScout) oneConversation(w http.ResponseWriter, r *http.Request) {
	now := h.rowsOf("conversations", conversationCount)
	key, ok := conversationKey(r.PathValue("id"))
	if !ok || !now.has(key) {
		h.fail(w, r, notFound)
		return
	}
	var e encoder
	h.writeConversation(&e, h.conversation(key, now), r.URL.Query().Get("embed") == "threads")
	respond(w, http.StatusOK, halType, e.b)
}

func (h *helpScout) threads(w http.ResponseWriter, r *http.Request) {
	now := h.rowsOf("conversations", conversationCount)
	key, ok := conversationKey(r.PathValue("id"))
	if !ok || !now.has(key) {
		h.fail(w, r, notFound)
		return
	}
	page, ok := h.pageOf(w, r)
	if !ok {
		return
	}
	c := h.conversation(key, now)
	keys := slices.Collect(h.page(r, threadsList(c), c.threads, page).all())
	h.answer(w, r, page, listing{"threads", otherPage, keys, func(e *encoder, key int) { h.writeThread(e, c, key) }})
}

// others answers the lists that are not conversations.
func (h *helpScout) others(w http.ResponseWriter, r *http.Request, l helpScoutList) {
	q := r.URL.Query()
	page, ok := h.pageOf(w, r)
	if !ok {
		return
	}
	since, ok := sinceOf(q)
	if !ok {
		h.invalid(w, r, "modifiedSince", "must be a time such as 2024-05-04T12:00:03Z")
		return
	}
	now := h.page(r, l.name, l.size, page)
	keys := slices.Collect(now.all())
	if l.modifiedSince {
		keys = slices.DeleteFunc(keys, func(key int) bool { return modified(key, now).Before(since) })
	}
	h.answer(w, r, page, listing{l.name, otherPage, keys, func(e *encoder, key int) { h.writeOther(e, l, key, now) }})
}

func (h *helpScout) other(w http.ResponseWriter, r *http.Request, l helpScoutList) {
	key, ok := l.key(r.PathValue("id"))
	now := h.rowsOf(l.name, l.size)
	if !ok || !now.has(key) {
		h.fail(w, r, notFound)
		return
	}
	var e encoder
	h.writeOther(&e, l, key, now)
	respond(w, http.StatusOK, halType, e.b)
}
