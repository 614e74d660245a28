package sampleapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestJSONPlaceholderQueries(t *testing.T) {
	s := New(Options{})
	span := func(from, to int) []int {
		var list []int
		for i := from; i <= to; i++ {
			list = append(list, i)
		}
		return list
	}
	tests := map[string]struct {
		target string
		want   []int
		total  string // X-Total-Count
	}{
		"all":                     {"/albums", span(1, 100), ""},
		"unknown names ignored":   {"/albums?limit=5&offset=10&page=3", span(1, 100), ""},
		"start alone":             {"/albums?_start=10", span(1, 100), ""},
		"start and limit":         {"/albums?_start=10&_limit=3", span(11, 13), "100"},
		"start and end":           {"/albums?_start=10&_end=13", span(11, 13), "100"},
		"past the end":            {"/albums?_start=100&_limit=3", nil, "100"},
		"limit alone":             {"/albums?_limit=2", span(1, 2), "100"},
		"limit of none":           {"/albums?_limit=0", nil, "100"},
		"page of ten":             {"/albums?_page=2", span(11, 20), "100"},
		"page and limit":          {"/albums?_page=34&_limit=3", span(100, 100), "100"},
		"page past the end":       {"/albums?_page=35&_limit=3", nil, "100"},
		"key set":                 {"/photos?id_gte=4999&_sort=id&_limit=5", span(4999, 5000), "2"},
		"filter":                  {"/albums?userId=2", span(11, 20), ""},
		"one or the other":        {"/albums?id=3&id=5", []int{3, 5}, ""},
		"gte and lte":             {"/albums?id_gte=3&id_lte=5", span(3, 5), ""},
		"ne":                      {"/users?id_ne=1&id_ne=10", span(2, 9), ""},
		"boolean":                 {"/todos?completed=true&_limit=1", nil, "*"},
		"nothing by an operator":  {"/albums?colour_gte=3", nil, ""},
		"descending":              {"/albums?_sort=id&_order=desc&_limit=2", []int{100, 99}, "100"},
		"sorted by two":           {"/albums?_sort=userId,id&_order=desc,asc&_limit=2", span(91, 92), "100"},
		"nested":                  {"/posts/2/comments", span(6, 10), ""},
		"nested, unknown parent":  {"/posts/200/comments", nil, ""},
		"nested, foreign field":   {"/users/1/comments?_limit=2", span(1, 2), "500"},
		"nested, paged":           {"/albums/3/photos?_page=2&_limit=20", span(121, 140), "50"},
		"text compared as text":   {"/users?email_gte=person9", span(9, 9), ""},
		"not a number":            {"/albums?id_gte=x", nil, ""},
		"deep field, nothing":     {"/users?address.city=Nowhere", nil, ""},
		"found nowhere":           {"/users?q=no%20such%20text", nil, ""},
		"found in a nested field": {"/users?q=user7.example", span(7, 7), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			resp := ask(t, s, JSONPlaceholder, test.target)
			total := resp.Header.Get("X-Total-Count")
			got := ids(t, decode[[]json.RawMessage](t, resp))
			if test.total == "*" {
				return
			}
			if !slices.Equal(got, test.want) || total != test.total {
				t.Errorf("ids %v, total %q; want %v, %q", got, total, test.want, test.total)
			}
		})
	}
}

func TestJSONPlaceholderFindsByFields(t *testing.T) {
	s := New(Options{})
	type todo struct {
		ID        int
		Title     string
		Completed bool
	}
	all := decode[[]todo](t, ask(t, s, JSONPlaceholder, "/todos"))
	for query, want := range map[string]func(todo) bool{
		"completed=true":        func(r todo) bool { return r.Completed },
		"completed_ne=true":     func(r todo) bool { return !r.Completed },
		"title_like=^[a-k]":     func(r todo) bool { return r.Title[0] >= 'a' && r.Title[0] <= 'k' },
		"q=LANTERN":             func(r todo) bool { return strings.Contains(r.Title, "lantern") },
		"q=true&completed=true": func(r todo) bool { return r.Completed },
	} {
		got := decode[[]todo](t, ask(t, s, JSONPlaceholder, "/todos?"+strings.NewReplacer("^", "%5E", "[", "%5B", "]", "%5D").Replace(query)))
		expected := slices.DeleteFunc(slices.Clone(all), func(r todo) bool { return !want(r) })
		if !slices.Equal(got, expected) || len(got) == 0 {
			t.Errorf("%s: %d records, want %d", query, len(got), len(expected))
		}
	}
	if resp := ask(t, s, JSONPlaceholder, "/todos?title_like=("); resp.StatusCode != 500 {
		t.Errorf("a broken pattern: status %d", resp.StatusCode)
	}
}

func TestJSONPlaceholderEmbedsAndExpands(t *testing.T) {
	s := New(Options{})
	post := decode[struct {
		ID       int
		User     struct{ ID int }
		Comments []struct{ PostID int }
	}](t, ask(t, s, JSONPlaceholder, "/posts/12?_embed=comments&_expand=user&_embed=nothing"))
	if post.ID != 12 || post.User.ID != 2 || len(post.Comments) != 5 || post.Comments[0].PostID != 12 {
		t.Errorf("%+v", post)
	}
}

func TestJSONPlaceholderLink(t *testing.T) {
	s := New(Options{})
	for target, want := range map[string]string{
		"/posts?_page=1&_limit=40": "first=1 next=2 last=3",
		"/posts?_page=2&_limit=40": "first=1 prev=1 next=3 last=3",
		"/posts?_page=3&_limit=40": "first=1 prev=2 last=3",
		"/posts?_page=4&_limit=40": "",
		"/users?_page=1&_limit=40": "",
		"/posts?_limit=40":         "",
	} {
		var got []string
		for link := range strings.SplitSeq(ask(t, s, JSONPlaceholder, target).Header.Get("Link"), ", ") {
			address, rel, _ := strings.Cut(link, "; ")
			if u, err := url.Parse(strings.Trim(address, "<>")); err == nil && rel != "" {
				got = append(got, strings.Trim(strings.TrimPrefix(rel, "rel="), `"`)+"="+u.Query().Get("_page"))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", target, got, want)
		}
	}
}

func TestJSONServer1(t *testing.T) {
	s := New(Options{Faults: map[System]Faults{JSONPlaceholder: {JSONServer1: true}}})
	type page struct {
		First, Last, Pages, Items int
		Prev, Next                *int
		Data                      []json.RawMessage
	}
	for target, want := range map[string]string{
		"/albums?_page=1&_per_page=30":                 "first 1 prev 0 next 2 last 4 pages 4 items 100: 1-30",
		"/albums?_page=4&_per_page=30":                 "first 1 prev 3 next 0 last 4 pages 4 items 100: 91-100",
		"/albums?_page=9&_per_page=30":                 "first 1 prev 3 next 0 last 4 pages 4 items 100: 91-100",
		"/albums?_page=1":                              "first 1 prev 0 next 2 last 10 pages 10 items 100: 1-10",
		"/albums?_page=1&_per_page=2&_sort=-userId,id": "first 1 prev 0 next 2 last 50 pages 50 items 100: 91-92",
	} {
		resp := ask(t, s, JSONPlaceholder, target)
		p := decode[page](t, resp)
		list := ids(t, p.Data)
		number := func(n *int) int {
			if n == nil {
				return 0
			}
			return *n
		}
		got := fmt.Sprintf("first %d prev %d next %d last %d pages %d items %d: %d-%d",
			p.First, number(p.Prev), number(p.Next), p.Last, p.Pages, p.Items, list[0], list[len(list)-1])
		if got != want || resp.Header.Get("X-Total-Count") != "" {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	if list := decode[[]any](t, ask(t, s, JSONPlaceholder, "/albums")); len(list) != 100 {
		t.Errorf("%d albums without paging", len(list))
	}
	if resp := ask(t, s, JSONPlaceholder, "/albums/101"); resp.StatusCode != 404 || string(bodyOf(t, resp)) != "Not Found" {
		t.Errorf("missing: status %d", resp.StatusCode)
	}
}

func TestJSONPlaceholderReadsWhole(t *testing.T) {
	s := New(Options{})
	for _, stream := range s.Streams(JSONPlaceholder) {
		var pages []json.RawMessage
		for page := 1; ; page++ {
			list := decode[[]json.RawMessage](t, ask(t, s, JSONPlaceholder, fmt.Sprintf("/%s?_page=%d&_limit=90", stream, page)))
			if len(list) == 0 {
				break
			}
			pages = append(pages, list...)
		}
		equalTruth(t, s, JSONPlaceholder, stream, pages)
		equalTruth(t, s, JSONPlaceholder, stream, decode[[]json.RawMessage](t, ask(t, s, JSONPlaceholder, "/"+stream)))
	}
}

func FuzzJSONPlaceholderQuery(f *testing.F) {
	f.Add("userId=1&_sort=title&_order=desc&_page=2")
	f.Add("id_gte=3&title_like=a&q=b&_start=-4&_limit=99999999999")
	f.Add("_start=9&_end=3&_embed=posts&_expand=user")
	s := New(Options{})
	f.Fuzz(func(t *testing.T, query string) {
		query = strings.NewReplacer("%3D", "=", "%26", "&").Replace(url.PathEscape(query))
		for _, faults := range []string{"", "json_server=1", "clamp=1"} {
			resp := ask(t, s, JSONPlaceholder, "/users?"+query, FaultHeader, faults)
			if b := bodyOf(t, resp); resp.StatusCode != 500 && !json.Valid(b) {
				t.Errorf("%q: status %d, %s", query, resp.StatusCode, b)
			}
		}
	})
}
