package sampleapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// halPage is what every list of Help Scout looks like.
type halPage struct {
	Embedded map[string][]json.RawMessage     `json:"_embedded"`
	Links    map[string]struct{ Href string } `json:"_links"`
	Page     struct{ Size, TotalElements, TotalPages, Number int }
}

func (p halPage) records(name string) []json.RawMessage { return p.Embedded[name] }

// ids gives the ids of records.
func ids(t *testing.T, records []json.RawMessage) []int {
	t.Helper()
	list := make([]int, len(records))
	for i, raw := range records {
		var rec struct{ ID int }
		if err := json.Unmarshal(raw, &rec); err != nil {
			t.Fatal(err)
		}
		list[i] = rec.ID
	}
	return list
}

// readAll follows the next links of a Help Scout list.
func readAll(t *testing.T, s *Server, target, name string) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	for pages := 0; target != ""; pages++ {
		if pages > 100 {
			t.Fatalf("%s has no end", target)
		}
		p := decode[halPage](t, ask(t, s, HelpScout, target))
		all = append(all, p.records(name)...)
		target = p.Links["next"].Href
	}
	return all
}

func TestHelpScoutReadsWhole(t *testing.T) {
	s := New(Options{})
	for target, stream := range map[string]string{
		"/v2/conversations?status=all": "conversations", "/v2/mailboxes": "mailboxes", "/v2/customers": "customers",
		"/v2/users": "users", "/v2/tags": "tags", "/v2/teams": "teams", "/v2/workflows": "workflows",
	} {
		equalTruth(t, s, HelpScout, stream, readAll(t, s, target, stream))
	}
	var threads []json.RawMessage
	long := 0
	for c := range s.Truth(HelpScout, "conversations") {
		list := readAll(t, s, "/v2/conversations/"+c.ID+"/threads", "threads")
		var count struct{ Threads int }
		if err := json.Unmarshal(c.JSON, &count); err != nil || count.Threads != len(list) {
			t.Fatalf("conversation %s has %d threads: %d (%v)", c.ID, count.Threads, len(list), err)
		}
		if len(list) > otherPage {
			long++
		}
		threads = append(threads, list...)
	}
	equalTruth(t, s, HelpScout, "conversation_threads", threads)
	if long == 0 {
		t.Error("no conversation has more than a page of threads")
	}
}

func TestHelpScoutFilters(t *testing.T) {
	s := New(Options{})
	h := s.sites[HelpScout].api.(*helpScout)
	now := h.rowsOf("conversations", conversationCount)
	since := dataEpoch.Add(15 * 24 * time.Hour)
	tests := map[string]struct {
		query string
		want  func(conversation) bool
	}{
		"default":       {"", func(c conversation) bool { return c.status == "active" }},
		"open":          {"status=open", func(c conversation) bool { return c.status == "active" || c.status == "pending" }},
		"closed":        {"status=closed", func(c conversation) bool { return c.status == "closed" }},
		"mailbox":       {"status=all&mailbox=85002", func(c conversation) bool { return c.mailbox == 1 }},
		"mailboxes":     {"status=all&mailbox=85002,85003", func(c conversation) bool { return c.mailbox > 0 }},
		"tags":          {"status=all&tag=vip,%C3%BCberf%C3%A4llig", func(c conversation) bool { return slices.Contains(c.tags, 4) || slices.Contains(c.tags, 8) }},
		"assigned":      {"status=all&assigned_to=4003", func(c conversation) bool { return c.assignee == 2 }},
		"folder":        {"status=all&folder=850012", func(c conversation) bool { return c.folderID() == 850012 }},
		"modifiedSince": {"status=all&modifiedSince=" + since.Format(time.RFC3339), func(c conversation) bool { return !c.modified.Before(since) }},
		"unknown":       {"status=all&limit=3&offset=9", func(conversation) bool { return true }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var want []int
			for key := range now.all() {
				if c := h.conversation(key, now); test.want(c) {
					want = append(want, c.id)
				}
			}
			slices.Reverse(want)
			got := ids(t, readAll(t, s, "/v2/conversations?"+test.query, "conversations"))
			if !slices.Equal(got, want) {
				t.Errorf("%d conversations %v, want %d", len(got), got[:min(5, len(got))], len(want))
			}
		})
	}
}

func TestHelpScoutSorts(t *testing.T) {
	s := New(Options{})
	h := s.sites[HelpScout].api.(*helpScout)
	now := h.rowsOf("conversations", conversationCount)
	get := func(query string) []conversation {
		var list []conversation
		for _, id := range ids(t, readAll(t, s, "/v2/conversations?status=all&"+query, "conversations")) {
			key, _ := conversationKey(strconv.Itoa(id))
			list = append(list, h.conversation(key, now))
		}
		return list
	}
	for query, less := range map[string]func(a, b conversation) bool{
		"sortField=createdAt&sortOrder=asc":   func(a, b conversation) bool { return a.created.Before(b.created) },
		"sortField=createdAt":                 func(a, b conversation) bool { return a.created.After(b.created) },
		"sortField=modifiedAt&sortOrder=asc":  func(a, b conversation) bool { return !a.modified.After(b.modified) },
		"sortField=modifiedAt&sortOrder=desc": func(a, b conversation) bool { return !a.modified.Before(b.modified) },
		"sortField=number&sortOrder=asc":      func(a, b conversation) bool { return a.number < b.number },
		"sortField=subject&sortOrder=asc":     func(a, b conversation) bool { return h.subject(a) <= h.subject(b) },
	} {
		list := get(query)
		for i := 1; i < len(list); i++ {
			if !less(list[i-1], list[i]) {
				t.Errorf("%s: %d and %d are in the wrong order", query, list[i-1].id, list[i].id)
				break
			}
		}
	}
}

func TestHelpScoutLinks(t *testing.T) {
	s := New(Options{})
	for page, want := range map[int]string{1: "first last next page self", 2: "first last next page previous self", 21: "first last page previous self", 22: "first last page previous self"} {
		p := decode[halPage](t, ask(t, s, HelpScout, fmt.Sprintf("/v2/conversations?status=all&mailbox=85001,85002,85003&page=%d", page)))
		var rels []string
		for rel, l := range p.Links {
			rels = append(rels, rel)
			u, err := url.Parse(l.Href)
			if err != nil || rel != "page" && (u.Query().Get("status") != "all" || u.Query().Get("mailbox") == "") {
				t.Errorf("page %d: %s is %s (%v)", page, rel, l.Href, err)
			}
		}
		slices.Sort(rels)
		if got := strings.Join(rels, " "); got != want {
			t.Errorf("page %d has links %s, want %s", page, got, want)
		}
		if p.Page.Number != page || p.Page.TotalPages != 21 || (p.Embedded == nil) != (page == 22) {
			t.Errorf("page %d: %+v, embedded %t", page, p.Page, p.Embedded != nil)
		}
	}
}

func TestHelpScoutRefusals(t *testing.T) {
	s := New(Options{})
	for target, status := range map[string]int{
		"/v2/conversations?page=0": 400, "/v2/conversations?page=x": 400, "/v2/conversations?status=lost": 400,
		"/v2/conversations?mailbox=a": 400, "/v2/conversations?modifiedSince=2024-01-01": 400,
		"/v2/customers?modifiedSince=2024-01-01T00:00:00.5Z": 400,
		"/v2/conversations?sortField=color":                  400, "/v2/conversations?sortOrder=up": 400, "/v2/conversations?query=x": 400,
		"/v2/conversations/1": 404, "/v2/conversations/1/threads": 404, "/v2/users/1": 404, "/v2/nothing": 404,
		"/v2/conversations/2100000007": 200, "/v2/users/4001": 200,
	} {
		resp := ask(t, s, HelpScout, target)
		if resp.StatusCode != status || resp.Header.Get("Correlation-ID") == "" {
			t.Errorf("%s: status %d, want %d", target, resp.StatusCode, status)
		}
		if status >= 400 && resp.Header.Get("Content-Type") != errorType {
			t.Errorf("%s: %s", target, resp.Header.Get("Content-Type"))
		}
	}
}

func TestHelpScoutEditMovesARow(t *testing.T) {
	s := New(Options{})
	target := "/v2/conversations?status=all&sortField=modifiedAt&sortOrder=asc&page="
	first := ids(t, decode[halPage](t, ask(t, s, HelpScout, target+"1")).records("conversations"))
	if err := s.Edit(HelpScout, "conversations", time.Now(), strconv.Itoa(first[0])); err != nil {
		t.Fatal(err)
	}
	moved := ids(t, decode[halPage](t, ask(t, s, HelpScout, target+"1")).records("conversations"))
	last := ids(t, decode[halPage](t, ask(t, s, HelpScout, target+"21")).records("conversations"))
	if !slices.Equal(moved[:24], first[1:]) || last[len(last)-1] != first[0] {
		t.Errorf("%v became %v, last %v", first, moved, last)
	}
}

func TestTokens(t *testing.T) {
	c := newClock()
	opt := c.options()
	opt.TokenLifetime = time.Hour
	s := New(opt)
	g := grant(t, s, "grant_type", "client_credentials")
	if g.Status != 200 || g.ExpiresIn != 3600 || g.RefreshToken != "" {
		t.Errorf("client credentials: %+v", g)
	}
	get := func() int {
		return ask(t, s, HelpScout, "/v2/users", "Authorization", "Bearer "+g.AccessToken).StatusCode
	}
	if get() != 200 {
		t.Error("a fresh token is refused")
	}
	_ = c.Sleep(t.Context(), time.Hour)
	if get() != 401 {
		t.Error("an expired token is accepted")
	}
	old := s.Credentials(HelpScout).RefreshToken
	g = grant(t, s, "grant_type", "refresh_token", "refresh_token", old)
	if g.Status != 200 || g.RefreshToken == old || g.RefreshToken != s.Credentials(HelpScout).RefreshToken || get() != 200 {
		t.Errorf("refresh: %+v", g)
	}
	for name, form := range map[string][]string{
		"invalid_grant":          {"grant_type", "refresh_token", "refresh_token", old},
		"invalid_client":         {"grant_type", "client_credentials", "client_secret", "wrong"},
		"unsupported_grant_type": {"grant_type", "password"},
	} {
		if g := grant(t, s, form...); g.Error != name || g.Status < 400 {
			t.Errorf("%s: %+v", name, g)
		}
	}
	code := s.Credentials(HelpScout).Code
	if g := grant(t, s, "grant_type", "authorization_code", "code", code); g.Status != 200 || g.RefreshToken == "" {
		t.Errorf("code: %+v", g)
	}
	if g := grant(t, s, "grant_type", "authorization_code", "code", code); g.Error != "invalid_grant" {
		t.Errorf("the same code again: %+v", g)
	}
	if stats := s.Stats(HelpScout); stats.TokenRequests != 7 || stats.Requests != 3 || stats.Unauthorized != 2 {
		t.Errorf("%+v", stats)
	}
}

func TestTokenFaultSparesTheAPI(t *testing.T) {
	s := New(Options{})
	token := grant(t, s, "grant_type", "client_credentials").AccessToken
	s.SetFaults(HelpScout, Faults{TokenFail: 2, Fail: 0})
	if g := grant(t, s, "grant_type", "client_credentials"); g.Status != 500 {
		t.Errorf("%+v", g)
	}
	if resp := ask(t, s, HelpScout, "/v2/users", "Authorization", "Bearer "+token); resp.StatusCode != 200 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func FuzzHelpScoutQuery(f *testing.F) {
	f.Add("status=all&page=3&tag=vip")
	f.Add("modifiedSince=2024-01-01T00:00:00Z&sortField=modifiedAt&embed=threads")
	f.Add("page=2147483647&mailbox=1,2")
	s := New(Options{})
	f.Fuzz(func(t *testing.T, query string) {
		query = url.PathEscape(query)
		resp := ask(t, s, HelpScout, "/v2/conversations?"+strings.NewReplacer("%3D", "=", "%26", "&", "%2C", ",").Replace(query))
		if resp.StatusCode != 200 && resp.StatusCode != 400 || !json.Valid(bodyOf(t, resp)) {
			t.Errorf("%q: status %d", query, resp.StatusCode)
		}
	})
}
