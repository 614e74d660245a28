package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// item is one record of the model API.
type item struct {
	ID      int    `json:"id"`
	Group   int    `json:"group"`
	Updated string `json:"updated_at"` // RFC 3339, as times are compared here
	Text    string `json:"text"`
}

const (
	itemCount  = 260
	groupCount = 9 // the groups 1 to 9; nothing belongs to the last
	modelKey   = "model-key"
)

// firstTime is the time of the first item; the last one's is a month later.
var firstTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// modelItems are in the order of their times. Some of them have the same time.
func modelItems() []item {
	items := make([]item, itemCount)
	for i := range items {
		at := firstTime.Add(time.Duration(i-i%7%2) * 163 * time.Minute)
		items[i] = item{i + 1, i%(groupCount-1) + 1, at.Format(time.RFC3339), fmt.Sprintf("text %d %s", i, strings.Repeat("añ\"✓,", 3+i*7%40))}
	}
	return items
}

// model is an API that pages in every way that there is. It keeps no state of reads.
type model struct {
	*httptest.Server
	items   []item
	latency time.Duration // of each answer
	until   time.Time     // the list /endless ends then

	mu      sync.Mutex
	polls   map[string]int
	serial  int             // of the last token
	tokens  map[string]bool // access tokens that are valid
	refresh string          // the refresh token that is valid
	spent   string          // the one before it
	strict  bool            // a refresh token is good once; else the one before is taken too
}

func startModel() *model {
	m := &model{items: modelItems(), polls: map[string]int{}, tokens: map[string]bool{}, refresh: "refresh-0"}
	mux := http.NewServeMux()
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET /page":               m.pages,
		"GET /many":               m.many,
		"GET /endless":            m.endless,
		"GET /offset":             m.offsets,
		"GET /cursor":             m.cursors,
		"GET /next":               m.nextAddress,
		"GET /link":               m.link,
		"GET /lastkey":            m.lastKey,
		"GET /newest":             m.newest,
		"GET /groups":             m.groups,
		"GET /groups/{group}/all": m.pages,
		"POST /search":            m.search,
		"GET /csv":                m.csv,
		"GET /ndjson":             m.ndjson,
		"POST /jobs":              m.createJob,
		"GET /jobs/{job}":         m.pollJob,
		"GET /files/{job}":        m.download,
	} {
		mux.HandleFunc(pattern, m.signed(serve))
	}
	mux.HandleFunc("POST /token", m.token)
	m.Server = httptest.NewServer(mux)
	return m
}

// signed refuses requests without the key or a token that is valid.
func (m *model) signed(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		m.mu.Lock()
		ok := token == modelKey || m.tokens[token]
		m.mu.Unlock()
		if !ok {
			write(w, http.StatusUnauthorized, map[string]any{"error": "the token is not valid"})
			return
		}
		time.Sleep(m.latency)
		serve(w, r)
	}
}

// token grants access for client credentials and for refresh tokens.
func (m *model) token(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer := map[string]any{"token_type": "bearer", "expires_in": 3600}
	if r.FormValue("grant_type") == "refresh_token" {
		if given := r.FormValue("refresh_token"); given != m.refresh && (m.strict || given != m.spent) {
			write(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
			return
		}
		m.spent, m.refresh = m.refresh, fmt.Sprintf("refresh-%d", m.serial+1)
		answer["refresh_token"] = m.refresh
	}
	m.serial++
	token := fmt.Sprintf("token-%d", m.serial)
	m.tokens[token] = true
	answer["access_token"] = token
	write(w, http.StatusOK, answer)
}

// revoke makes all tokens invalid that were given out.
func (m *model) revoke() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.tokens)
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

// number is a parameter of the query.
func number(r *http.Request, name string, otherwise int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil {
		return n
	}
	return otherwise
}

// selected are the items that a request asks for: by times with both bounds, by group, in order.
func (m *model) selected(r *http.Request) []item {
	q, group := r.URL.Query(), r.PathValue("group")
	if group == "" {
		group = q.Get("group")
	}
	return slices.DeleteFunc(slices.Clone(m.items), func(i item) bool {
		return q.Get("from") > i.Updated || q.Has("to") && q.Get("to") < i.Updated || group != "" && group != strconv.Itoa(i.Group)
	})
}

// cut gives the items from a position on, at most size.
func cut(items []item, start, size int) []item {
	start = min(max(start, 0), len(items))
	return items[start:min(start+size, len(items))]
}

func (m *model) pages(w http.ResponseWriter, r *http.Request) {
	items, size := m.selected(r), number(r, "size", 20)
	write(w, http.StatusOK, map[string]any{"items": cut(items, (number(r, "page", 1)-1)*size, size), "total": len(items)})
}

// manyItems is how many items each group of /many has.
const manyItems = 12

func manyItem(group, n int) map[string]any {
	return map[string]any{"id": group*1000 + n, "group": group, "text": strings.Repeat("many ", 20)}
}

// many is a list of any number of groups.
func (m *model) many(w http.ResponseWriter, r *http.Request) {
	group, size, page := []map[string]any{}, number(r, "size", 5), number(r, "page", 1)
	for n := (page - 1) * size; n < min(page*size, manyItems); n++ {
		group = append(group, manyItem(number(r, "group", 0), n))
	}
	write(w, http.StatusOK, map[string]any{"items": group})
}

// endless is a list that goes on until a time.
func (m *model) endless(w http.ResponseWriter, r *http.Request) {
	first := number(r, "cursor", 0)
	var page []map[string]any
	for n := range 50 {
		page = append(page, manyItem(first, n))
	}
	answer := map[string]any{"items": page}
	if time.Now().Before(m.until) {
		answer["next"] = strconv.Itoa(first + 1)
	}
	write(w, http.StatusOK, answer)
}

func (m *model) offsets(w http.ResponseWriter, r *http.Request) {
	items := m.selected(r)
	write(w, http.StatusOK, map[string]any{"items": cut(items, number(r, "offset", 0), number(r, "limit", 20))})
}

// after gives the page behind a token, and the token of the next one; "" at the end.
func after(items []item, token string, size int) (page []item, next string) {
	last, _ := strconv.Atoi(strings.TrimPrefix(token, "after-"))
	at := slices.IndexFunc(items, func(i item) bool { return i.ID > last })
	if at < 0 {
		return []item{}, ""
	}
	if page = cut(items, at, size); at+size < len(items) {
		next = fmt.Sprintf("after-%d", page[len(page)-1].ID)
	}
	return page, next
}

func (m *model) cursors(w http.ResponseWriter, r *http.Request) {
	page, next := after(m.selected(r), r.URL.Query().Get("cursor"), number(r, "size", 20))
	write(w, http.StatusOK, map[string]any{"items": page, "meta": map[string]any{"next": next, "more": next != ""}})
}

// lastKey pages by the ID of the last record.
func (m *model) lastKey(w http.ResponseWriter, r *http.Request) {
	page, next := after(m.selected(r), r.URL.Query().Get("starting_after"), number(r, "size", 20))
	write(w, http.StatusOK, map[string]any{"items": page, "has_more": next != ""})
}

// origin is what the client takes for this API's.
func origin(r *http.Request) string {
	if r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// address is a request's own, with another token.
func address(r *http.Request, token string) string {
	q := r.URL.Query()
	q.Set("cursor", token)
	return origin(r) + r.URL.Path + "?" + q.Encode()
}

func (m *model) nextAddress(w http.ResponseWriter, r *http.Request) {
	page, next := after(m.selected(r), r.URL.Query().Get("cursor"), number(r, "size", 20))
	answer := map[string]any{"items": page, "next": nil}
	if next != "" {
		answer["next"] = address(r, next)
	}
	write(w, http.StatusOK, answer)
}

func (m *model) link(w http.ResponseWriter, r *http.Request) {
	page, next := after(m.selected(r), r.URL.Query().Get("cursor"), number(r, "size", 20))
	if next != "" {
		w.Header().Set("Link", "<"+address(r, next)+`>; rel="next"`)
	}
	write(w, http.StatusOK, page)
}

func (m *model) newest(w http.ResponseWriter, r *http.Request) {
	items, size := m.selected(r), number(r, "size", 20)
	slices.Reverse(items)
	write(w, http.StatusOK, map[string]any{"items": cut(items, (number(r, "page", 1)-1)*size, size)})
}

func (m *model) groups(w http.ResponseWriter, r *http.Request) {
	all := []map[string]any{}
	size := number(r, "size", 4)
	for n := (number(r, "page", 1)-1)*size + 1; n <= groupCount && len(all) < size; n++ {
		all = append(all, map[string]any{"id": n, "name": fmt.Sprintf("group %d", n)})
	}
	write(w, http.StatusOK, map[string]any{"items": all})
}

func (m *model) search(w http.ResponseWriter, r *http.Request) {
	var body struct{ Page, Size int }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Size == 0 {
		write(w, http.StatusBadRequest, map[string]any{"error": "the body is not as expected"})
		return
	}
	write(w, http.StatusOK, map[string]any{"items": cut(m.items, (body.Page-1)*body.Size, body.Size)})
}

func (m *model) csv(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/csv")
	fmt.Fprintln(w, "id,group,updated_at,text")
	for _, i := range m.items {
		fmt.Fprintf(w, "%d,%d,%s,\"%s\"\n", i.ID, i.Group, i.Updated, strings.ReplaceAll(i.Text, `"`, `""`))
	}
}

// lines writes items as JSON, one a line.
func lines(w http.ResponseWriter, items []item) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	for _, i := range items {
		_ = json.NewEncoder(w).Encode(i) // the client may have gone
	}
}

func (m *model) ndjson(w http.ResponseWriter, r *http.Request) {
	lines(w, cut(m.selected(r), number(r, "offset", 0), number(r, "limit", 20)))
}

// createJob starts an export. Its name says what it is of.
func (m *model) createJob(w http.ResponseWriter, r *http.Request) {
	var body struct{ From, To string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		write(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.serial++
	write(w, http.StatusOK, map[string]any{"job": fmt.Sprintf("%d_%s_%s", m.serial, body.From, body.To)})
}

func (m *model) pollJob(w http.ResponseWriter, r *http.Request) {
	job := r.PathValue("job")
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.polls[job]++; m.polls[job] < 2 {
		write(w, http.StatusOK, map[string]any{"status": "running"})
		return
	}
	write(w, http.StatusOK, map[string]any{"status": "done", "url": origin(r) + "/files/" + job})
}

func (m *model) download(w http.ResponseWriter, r *http.Request) {
	part := strings.Split(r.PathValue("job"), "_")
	if len(part) != 3 {
		write(w, http.StatusNotFound, map[string]any{"error": "no such job"})
		return
	}
	lines(w, slices.DeleteFunc(slices.Clone(m.items), func(i item) bool { return part[1] > i.Updated || part[2] < i.Updated }))
}
