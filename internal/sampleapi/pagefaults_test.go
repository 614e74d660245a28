package sampleapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestPageFaults(t *testing.T) {
	type step struct {
		system System
		target func(page int) string
		list   func(t *testing.T, r *http.Response) string // what the page looks like
	}
	pages := []step{
		{HelpScout, func(n int) string { return "/v2/conversations?status=all&sortOrder=asc&page=" + strconv.Itoa(n) }, describeHAL},
		{JSONPlaceholder, func(n int) string { return "/albums?_limit=25&_page=" + strconv.Itoa(n) }, describeBare},
		{JSONPlaceholder, func(n int) string { return "/albums?_limit=25&_start=" + strconv.Itoa(25*(n-1)) }, describeBare},
		{JSONPlaceholder, func(n int) string { return "/albums?_limit=25&_sort=id&id_gte=" + strconv.Itoa(25*(n-1)+1) }, describeBare},
	}
	tests := map[string][4][3]string{ // by page 1, 2, 9
		"":                   {{"25 from 1 next 2", "25 from 26 next 3", "25 from 201 next 10"}, {"25 from 1 next 2", "25 from 26 next 3", "0"}, {"25 from 1", "25 from 26", "0"}, {"25 from 1", "25 from 26", "0"}},
		"empty_list=2":       {{"25 from 1 next 2", "0 next 3", "0 next 10"}, {"25 from 1 next 2", "0 next 3", "0"}, {"25 from 1", "0", "0"}, {"25 from 1", "0", "0"}},
		"null_list=2":        {{"25 from 1 next 2", "null next 3", "null next 10"}, {"25 from 1 next 2", "null next 3", "null"}, {"25 from 1", "null", "null"}, {"25 from 1", "null", "null"}},
		"missing_list=2":     {{"25 from 1 next 2", "none next 3", "none next 10"}, {"25 from 1 next 2", "none next 3", "none"}, {"25 from 1", "none", "none"}, {"25 from 1", "none", "none"}},
		"stuck_cursor=2":     {{"25 from 1 next 2", "25 from 26 next 2", "25 from 201 next 9"}, {"25 from 1 next 2", "25 from 26 next 2", "0"}, {"25 from 1", "25 from 26", "0"}, {"25 from 1", "25 from 26", "0"}},
		"repeat_cursor=2":    {{"25 from 1 next 2", "25 from 26 next 2", "25 from 201 next 2"}, {"25 from 1 next 2", "25 from 26 next 2", "0"}, {"25 from 1", "25 from 26", "0"}, {"25 from 1", "25 from 26", "0"}},
		"no_cursor=2":        {{"25 from 1 next 2", "25 from 26", "25 from 201"}, {"25 from 1 next 2", "25 from 26", "0"}, {"25 from 1", "25 from 26", "0"}, {"25 from 1", "25 from 26", "0"}},
		"clamp=1":            {{"25 from 1 next 2", "25 from 26 next 3", "25 from 201 next 10"}, {"25 from 1 next 2", "25 from 26 next 3", "25 from 76"}, {"25 from 1", "25 from 26", "25 from 76"}, {"25 from 1", "25 from 26", "0"}},
		"ignore_paging=1":    {{"25 from 1 next 2", "25 from 1 next 2", "25 from 1 next 2"}, {"100 from 1", "100 from 1", "100 from 1"}, {"100 from 1", "100 from 1", "100 from 1"}, {"100 from 1", "75 from 26", "0"}},
		"remove=2; rows=2":   {{"25 from 1 next 2", "25 from 28 next 3", "25 from 203 next 10"}, {"25 from 1 next 2", "25 from 28 next 3", "0"}, {"25 from 1", "25 from 28", "0"}, {"25 from 1", "25 from 26", "0"}},
		"insert=2":           {{"25 from 1 next 2", "25 from 25 next 3", "25 from 200 next 10"}, {"25 from 1 next 2", "25 from 25 next 3", "0"}, {"25 from 1", "25 from 25", "0"}, {"25 from 1", "25 from 26", "1 from 1000001"}},
		"append=9; rows=150": {{"25 from 1 next 2", "25 from 26 next 3", "25 from 201 next 10"}, {"25 from 1 next 2", "25 from 26 next 3", "25 from 201 next 10"}, {"25 from 1", "25 from 26", "25 from 201"}, {"25 from 1", "25 from 26", "25 from 201"}},
	}
	for faults, want := range tests {
		for i, p := range pages {
			s := New(Options{})
			var got [3]string
			for j, n := range []int{1, 2, 9} {
				got[j] = p.list(t, ask(t, s, p.system, p.target(n), FaultHeader, faults))
			}
			if got != want[i] {
				t.Errorf("%q, %s:\n%q, want\n%q", faults, p.target(1), got, want[i])
			}
		}
	}
	// Help Scout's last page is 21; past it the last comes again.
	s := New(Options{})
	if got := describeHAL(t, ask(t, s, HelpScout, "/v2/conversations?status=all&sortOrder=asc&page=30", FaultHeader, "clamp=1")); got != "11 from 501" {
		t.Errorf("clamped: %s", got)
	}
}

// describe says how long a list is and which record (counted from 1) begins it.
func describe(raw json.RawMessage, number func(id int) int) string {
	if raw == nil {
		return "none"
	}
	if string(raw) == "null" {
		return "null"
	}
	var list []struct{ ID int }
	if err := json.Unmarshal(raw, &list); err != nil {
		return "none"
	}
	if len(list) == 0 {
		return "0"
	}
	return fmt.Sprintf("%d from %d", len(list), number(list[0].ID))
}

func describeHAL(t *testing.T, r *http.Response) string {
	p := decode[struct {
		Embedded map[string]json.RawMessage       `json:"_embedded"`
		Links    map[string]struct{ Href string } `json:"_links"`
	}](t, r)
	text := describe(p.Embedded["conversations"], func(id int) int { return (id-firstConversation)/7 + 1 })
	if next := p.Links["next"].Href; next != "" {
		u, _ := url.Parse(next)
		text += " next " + u.Query().Get("page")
	}
	return text
}

func describeBare(t *testing.T, r *http.Response) string {
	text := describe(decode[json.RawMessage](t, r), func(id int) int { return id })
	for link := range strings.SplitSeq(r.Header.Get("Link"), ", ") {
		if address, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
			u, _ := url.Parse(strings.TrimPrefix(address, "<"))
			text += " next " + u.Query().Get("_page")
		}
	}
	return text
}

func TestCursorPageFaults(t *testing.T) {
	// Each step is the count, whether there is more, and which page's cursor comes: a letter for
	// each cursor in the order in which they are first seen.
	for faults, want := range map[string]string{
		"":                 "50+A 50+B 50+C 50+D",
		"empty_list=3":     "50+A 50+B 0+C 0+D",
		"null_list=3":      "50+A 50+B 0+C 0+D",
		"missing_list=3":   "50+A 50+B 0+C 0+D",
		"stuck_cursor=3":   "50+A 50+B 50+B 50+B",
		"stuck_cursor=1":   "50+A 50+A 50+A 50+A",
		"repeat_cursor=3":  "50+A 50+B 50+A 50+B",
		"no_cursor=2":      "50+A 50+- 50+A 50+-",
		"ignore_paging=1":  "50+A 50+A 50+A 50+A",
		"insert=2; rows=9": "50+A 50+B 50+C 50+D",
	} {
		s := New(newClock().options())
		seen := map[string]string{"": "-"}
		var got []string
		cursor := ""
		for range 4 {
			p := reviewsOf(t, s, "business_id=b-1200&cursor="+cursor, FaultHeader, faults)
			cursor = p.cursor()
			if seen[cursor] == "" {
				seen[cursor] = string(rune('A' + len(seen) - 1))
			}
			got = append(got, fmt.Sprintf("%d%s%s", len(p.Data), map[bool]string{true: "+", false: "."}[p.Pagination.HasMore], seen[cursor]))
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q: %s, want %s", faults, text, want)
		}
	}
	s := New(Options{})
	if p := reviewsOf(t, s, "business_id=b-3"); p.Pagination.HasMore || p.cursor() != "" {
		t.Errorf("at the end: %+v", p.Pagination)
	}
	p := reviewsOf(t, s, "business_id=b-3", FaultHeader, "cursor_at_end=1")
	if p.Pagination.HasMore || p.cursor() == "" {
		t.Errorf("cursor_at_end: %+v", p.Pagination)
	}
	if p = reviewsOf(t, s, "business_id=b-3&cursor="+p.cursor()); len(p.Data) != 0 || p.Pagination.HasMore {
		t.Errorf("past the end: %+v", p)
	}
	for faults, want := range map[string]string{"empty_list=1": `{"data":[],"meta`, "null_list=1": `{"data":null,"meta`, "missing_list=1": `{"meta`} {
		if b := bodyOf(t, ask(t, s, Pullbay, reviewsPath+"/all?business_id=b-3", FaultHeader, faults)); !strings.HasPrefix(string(b), want) {
			t.Errorf("%s: %s", faults, b)
		}
	}
}
