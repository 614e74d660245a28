package sampleapi

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

type reviewPage struct {
	Data       []json.RawMessage
	Pagination struct {
		NextCursor *string `json:"next_cursor"`
		HasMore    bool    `json:"has_more"`
		Limit      int
		Count      int
	}
	Meta struct {
		TotalResults int    `json:"total_results"`
		PagesFetched int    `json:"pages_fetched"`
		CreditsUsed  int    `json:"credits_used"`
		RequestID    string `json:"request_id"`
	}
	Error struct{ Code, Message, RequestID string }
}

func (p reviewPage) cursor() string {
	if p.Pagination.NextCursor == nil {
		return ""
	}
	return *p.Pagination.NextCursor
}

const reviewsPath = "/v1/app-store/reviews"

func reviewsOf(t *testing.T, s *Server, query string, headers ...string) reviewPage {
	t.Helper()
	return decode[reviewPage](t, ask(t, s, Pullbay, reviewsPath+"?"+query, headers...))
}

func readReviews(t *testing.T, s *Server, query string) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	for cursor := ""; ; {
		p := reviewsOf(t, s, query+"&cursor="+cursor)
		if len(p.Data) != p.Pagination.Count || p.Error.Code != "" {
			t.Fatalf("%+v", p)
		}
		all = append(all, p.Data...)
		if !p.Pagination.HasMore {
			return all
		}
		cursor = p.cursor()
	}
}

func TestPullbayReadsWhole(t *testing.T) {
	s := New(Options{})
	var standard, managed []json.RawMessage
	for _, b := range []string{"b-0", "b-3", "b-1200", "b-25000"} {
		standard = append(standard, readReviews(t, s, "limit=600&business_id="+b)...)
		p := decode[reviewPage](t, ask(t, s, Pullbay, reviewsPath+"/all?timeout=120&business_id="+b))
		if p.Meta.TotalResults != len(p.Data) || !strings.HasPrefix(p.Meta.RequestID, "req_") {
			t.Errorf("%s: %+v", b, p.Meta)
		}
		managed = append(managed, p.Data...)
	}
	equalTruth(t, s, Pullbay, "reviews", standard)
	equalTruth(t, s, Pullbay, "reviews_managed", managed)
}

func TestPullbayFilters(t *testing.T) {
	s := New(Options{})
	type review struct {
		Rating    int
		CreatedAt time.Time `json:"created_at"`
	}
	after := time.Date(2025, 6, 25, 0, 0, 0, 0, time.UTC)
	for query, keep := range map[string]func(review) bool{
		"rating_min=4":                         func(r review) bool { return r.Rating >= 4 },
		"created_after=2025-06-25":             func(r review) bool { return r.CreatedAt.After(after) },
		"created_after=2025-06-25T00:00:00Z&x": func(r review) bool { return r.CreatedAt.After(after) },
		"created_after=2025-06-25&rating_min=5": func(r review) bool {
			return r.CreatedAt.After(after) && r.Rating == 5
		},
	} {
		var want []string
		for _, raw := range readReviews(t, s, "business_id=b-1200") {
			var r review
			if err := json.Unmarshal(raw, &r); err != nil {
				t.Fatal(err)
			}
			if keep(r) {
				want = append(want, string(raw))
			}
		}
		var got []string
		for _, raw := range readReviews(t, s, "business_id=b-1200&"+query) {
			got = append(got, string(raw))
		}
		if !slices.Equal(got, want) || len(got) == 0 || len(got) == 1200 {
			t.Errorf("%s: %d reviews, want %d", query, len(got), len(want))
		}
	}
}

func TestPullbayRefusals(t *testing.T) {
	s := New(Options{})
	cursor := reviewsOf(t, s, "business_id=b-1200").cursor()
	for target, code := range map[string]string{
		"":                                             "invalid_parameter",
		"?business_id=b-3&limit=0":                     "invalid_parameter",
		"?business_id=b-3&rating_min=6":                "invalid_parameter",
		"?business_id=b-3&created_after=1st":           "invalid_parameter",
		"?business_id=b-1200&cursor=x":                 "invalid_parameter",
		"?business_id=b-3&cursor=" + cursor:            "invalid_parameter",
		"?business_id=b-1200&limit=9&cursor=" + cursor: "invalid_parameter",
		"/all?business_id=b-3&timeout=0":               "invalid_parameter",
		"/none":                                        "not_found",
		"?business_id=b-1200&cursor=" + cursor:         "",
		"?cursor=" + cursor + "&business_id=b-1200":    "",
	} {
		p := decode[reviewPage](t, ask(t, s, Pullbay, reviewsPath+target))
		if p.Error.Code != code {
			t.Errorf("%s: %+v, want %q", target, p.Error, code)
		}
	}
	if p := reviewsOf(t, s, "business_id=b-1200&limit=5000"); p.Pagination.Limit != maxLimit || len(p.Data) != maxLimit {
		t.Errorf("%+v", p.Pagination)
	}
	if resp := ask(t, s, Pullbay, "/appstore/reviews?business_id=b-3", "Authorization", "", "X-Api-Key", "sample-key"); resp.StatusCode != 200 {
		t.Errorf("other path and header: status %d", resp.StatusCode)
	}
}

func TestCursorsExpire(t *testing.T) {
	c := newClock()
	s := New(c.options())
	next := "business_id=b-1200&cursor=" + reviewsOf(t, s, "business_id=b-1200").cursor()
	_ = c.Sleep(t.Context(), 24*time.Hour-time.Second)
	if p := reviewsOf(t, s, next); p.Error.Code != "" {
		t.Errorf("a second early: %+v", p.Error)
	}
	_ = c.Sleep(t.Context(), time.Second)
	resp := ask(t, s, Pullbay, reviewsPath+"?"+next)
	if p := decode[reviewPage](t, resp); p.Error.Code != "cursor_expired" || p.Error.Message != "Cursor expired" || resp.StatusCode != 400 {
		t.Errorf("on time: %+v", p.Error)
	}
}

func TestCursorFaultsStrikeOnce(t *testing.T) {
	for faults, code := range map[string]string{"expired_cursor=3": "cursor_expired", "foreign_cursor=3": "invalid_parameter"} {
		s := New(Options{})
		var codes []string
		cursor := ""
		for range 4 {
			p := reviewsOf(t, s, "business_id=b-1200&cursor="+cursor, FaultHeader, faults)
			codes = append(codes, p.Error.Code)
			if p.Error.Code == "" {
				cursor = p.cursor()
			}
		}
		if !slices.Equal(codes, []string{"", "", code, ""}) {
			t.Errorf("%s: %q", faults, codes)
		}
	}
}

func TestCredits(t *testing.T) {
	for charge, want := range map[Charge][2]int{ChargeAsDocumented: {50, 24}, ChargeItems: {50, 1200}, ChargeRequests: {1, 24}} {
		s := New(Options{Charge: charge})
		reviewsOf(t, s, "business_id=b-1200")
		standard := s.Stats(Pullbay).Credits
		p := decode[reviewPage](t, ask(t, s, Pullbay, reviewsPath+"/all?business_id=b-1200"))
		if standard != want[0] || p.Meta.CreditsUsed != want[1] || s.Stats(Pullbay).Credits != want[0]+want[1] || p.Meta.PagesFetched != 24 {
			t.Errorf("%q: %d, %+v", charge, standard, p.Meta)
		}
	}
	s := New(Options{Credits: 60})
	for i, status := range []int{200, 200, 402, 402} {
		target := reviewsPath + map[bool]string{true: "/all", false: ""}[i == 3] + "?business_id=b-1200"
		if resp := ask(t, s, Pullbay, target); resp.StatusCode != status {
			t.Errorf("request %d: status %d, want %d", i, resp.StatusCode, status)
		}
	}
}

// TestManagedAnswerStreams reads an answer of 80 MB from a business of any size.
func TestManagedAnswerStreams(t *testing.T) {
	r := start(t, Options{Businesses: []Business{{"large", 200_000}}})
	req, err := http.NewRequest(http.MethodGet, r.URL(Pullbay)+reviewsPath+"/all?business_id=large", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sample-key")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	runtime.ReadMemStats(&after)
	if err != nil || n < 70<<20 {
		t.Errorf("%d bytes, error %v", n, err)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

func FuzzCursor(f *testing.F) {
	s := New(Options{})
	f.Add("AAAA")
	f.Add(s.sites[Pullbay].api.(*pullbay).issue(reviewQuery{}, cursor{page: 2, key: 50}))
	f.Fuzz(func(t *testing.T, text string) {
		p := reviewsOf(t, s, "business_id=b-3&cursor="+url.QueryEscape(text))
		if text != "" && p.Error.Code != "invalid_parameter" {
			t.Errorf("%q: %+v", text, p)
		}
	})
}
