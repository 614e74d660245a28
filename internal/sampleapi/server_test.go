package sampleapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anytap/internal/golden"
)

// clock is a time that moves only when told, or when somebody sleeps.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2025, 7, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return nil
}

func (c *clock) options() Options { return Options{Now: c.Now, Sleep: c.Sleep} }

// ask sends a request with credentials straight to a system's handler. The target may be absolute,
// as links are. Headers come in pairs.
func ask(t *testing.T, s *Server, system System, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	switch {
	case slices.Contains(headers, "Authorization"):
	case system == HelpScout:
		r.Header.Set("Authorization", "Bearer "+grant(t, s, "grant_type", "client_credentials").AccessToken)
	case system == Pullbay:
		r.Header.Set("Authorization", "Bearer "+s.Credentials(Pullbay).APIKey)
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	w := httptest.NewRecorder()
	s.sites[system].ServeHTTP(w, r)
	return w.Result()
}

type granted struct {
	Status       int
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	Error        string
}

// grant asks the token endpoint with the client's credentials and the form's pairs.
func grant(t *testing.T, s *Server, form ...string) granted {
	t.Helper()
	c := s.Credentials(HelpScout)
	values := url.Values{"client_id": {c.ClientID}, "client_secret": {c.ClientSecret}}
	for pair := range slices.Chunk(form, 2) {
		values.Set(pair[0], pair[1])
	}
	r := httptest.NewRequest(http.MethodPost, tokenPath, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.HelpScout().ServeHTTP(w, r)
	g := granted{Status: w.Code}
	if err := json.Unmarshal(w.Body.Bytes(), &g); err != nil {
		t.Fatalf("token answer %q: %v", w.Body, err)
	}
	return g
}

func bodyOf(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode[T any](t *testing.T, r *http.Response) T {
	t.Helper()
	var v T
	b := bodyOf(t, r)
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("status %d, body %.200q: %v", r.StatusCode, b, err)
	}
	return v
}

// equalTruth compares records, in any order of whitespace, with the truth.
func equalTruth(t *testing.T, s *Server, system System, stream string, got []json.RawMessage) {
	t.Helper()
	var want []string
	for r := range s.Truth(system, stream) {
		want = append(want, string(r.JSON))
	}
	if len(got) != len(want) {
		t.Fatalf("%s %s: %d records, want %d", system, stream, len(got), len(want))
	}
	seen := map[string]bool{}
	for _, raw := range got {
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			t.Fatal(err)
		}
		seen[b.String()] = true
	}
	for _, w := range want {
		if !seen[w] {
			t.Fatalf("%s %s: missing %.120s", system, stream, w)
		}
	}
}

func TestGoldenAnswers(t *testing.T) {
	tests := map[string]struct {
		system  System
		target  string
		headers []string
	}{
		"helpscout_conversations":      {HelpScout, "/v2/conversations?status=all&number=3,6&sortField=createdAt&sortOrder=asc&embed=threads", nil},
		"helpscout_empty":              {HelpScout, "/v2/conversations?status=spam&tag=none", nil},
		"helpscout_invalid":            {HelpScout, "/v2/conversations?modifiedSince=2024-01-01T00:00:00.000Z", nil},
		"helpscout_limited":            {HelpScout, "/v2/users", []string{FaultHeader, "throttle=1; retry_after=7s"}},
		"helpscout_mailboxes":          {HelpScout, "/v2/mailboxes", nil},
		"helpscout_unauthorized":       {HelpScout, "/v2/users", []string{"Authorization", "Bearer made-up"}},
		"jsonplaceholder_missing":      {JSONPlaceholder, "/posts/101", nil},
		"jsonplaceholder_page":         {JSONPlaceholder, "/users?_page=2&_limit=2", nil},
		"jsonplaceholder_past_the_end": {JSONPlaceholder, "/users?_page=9&_limit=2", nil},
		"jsonplaceholder_v1":           {JSONPlaceholder, "/todos?_page=2&_per_page=2", []string{FaultHeader, "json_server=1"}},
		"pullbay_managed":              {Pullbay, "/v1/app-store/reviews/all?business_id=b-3&timeout=120", nil},
		"pullbay_standard":             {Pullbay, "/v1/app-store/reviews?business_id=b-3&limit=2", nil},
		"pullbay_unauthorized":         {Pullbay, "/v1/app-store/reviews?business_id=b-3", []string{"Authorization", "Bearer x"}},
		"pullbay_unknown_business":     {Pullbay, "/v1/app-store/reviews?business_id=b-4", nil},
		"pullbay_rate_limited":         {Pullbay, "/v1/app-store/reviews?business_id=b-3", []string{FaultHeader, "throttle=1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			resp := ask(t, New(newClock().options()), test.system, test.target, test.headers...)
			var b bytes.Buffer
			fmt.Fprintf(&b, "%s\n", resp.Status)
			if err := resp.Header.Write(&b); err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(b.String(), "\r\n", "\n") + "\n" + string(bodyOf(t, resp)) + "\n"
			golden.Check(t, name+".golden", []byte(got))
		})
	}
}

func TestTruthIsDeterministic(t *testing.T) {
	counts := map[string]int{
		"helpscout conversations": 511, "helpscout mailboxes": 3, "helpscout customers": 173, "helpscout users": 12,
		"helpscout tags": 14, "helpscout teams": 3, "helpscout workflows": 6,
		"jsonplaceholder users": 10, "jsonplaceholder posts": 100, "jsonplaceholder comments": 500,
		"jsonplaceholder albums": 100, "jsonplaceholder photos": 5000, "jsonplaceholder todos": 200,
		"pullbay reviews": 26203, "pullbay reviews_managed": 26203,
	}
	a, b, other := New(Options{}), New(Options{Seed: 1}), New(Options{Seed: 2})
	for _, system := range Systems() {
		for _, stream := range a.Streams(system) {
			ids, differs, n := map[string]bool{}, false, 0
			next := pull(other, system, stream)
			again := pull(b, system, stream)
			for r := range a.Truth(system, stream) {
				n++
				ids[r.ID] = true
				if !json.Valid(r.JSON) {
					t.Fatalf("%s %s: invalid record %s", system, stream, r.JSON)
				}
				if twin := again(); string(twin.JSON) != string(r.JSON) || twin.ID != r.ID {
					t.Fatalf("%s %s: the same seed gave %s and %s", system, stream, r.JSON, twin.JSON)
				}
				differs = differs || string(next().JSON) != string(r.JSON)
			}
			if len(ids) != n || !differs && stream != "mailboxes" {
				t.Errorf("%s %s: %d ids of %d records, other seed differs: %t", system, stream, len(ids), n, differs)
			}
			if want, ok := counts[string(system)+" "+stream]; ok && want != n {
				t.Errorf("%s %s: %d records, want %d", system, stream, n, want)
			}
		}
	}
}

func pull(s *Server, system System, stream string) func() Record {
	var list []Record
	for r := range s.Truth(system, stream) {
		list = append(list, r)
	}
	at := -1
	return func() Record {
		if at++; at < len(list) {
			return list[at]
		}
		return Record{}
	}
}

func TestDataHoldWhatBreaksCarelessReaders(t *testing.T) {
	var all bytes.Buffer
	s := New(Options{})
	for _, system := range Systems() {
		for _, stream := range s.Streams(system) {
			for r := range s.Truth(system, stream) {
				all.Write(r.JSON)
			}
		}
	}
	for _, want := range []string{`\n`, `\t`, `\"`, `\\`, `\/`, `\u00e9`, `\ud83d\ude80`, "🚀", "東京", ":null", "</p>", `"action":[]`, `"action":{`} {
		if !bytes.Contains(all.Bytes(), []byte(want)) {
			t.Errorf("no record holds %s", want)
		}
	}
}

func TestStartServesEachSystemAndCloses(t *testing.T) {
	before := time.Now()
	r, err := Start(t.Context(), Options{RequestLog: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if took := time.Since(before); took > 500*time.Millisecond {
		t.Errorf("start took %s", took)
	}
	for _, system := range Systems() {
		resp, err := http.Get(r.URL(system) + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		if b := bodyOf(t, resp); string(b) != `{"status":"ok"}` {
			t.Errorf("%s: health %s", system, b)
		}
		if s := r.Stats(system); s.Requests != 0 {
			t.Errorf("%s: a health check counted", system)
		}
	}
	for _, path := range []string{"/users", "/users/1", "/users?_page=2"} {
		resp, err := http.Get(r.URL(JSONPlaceholder) + path)
		if err != nil {
			t.Fatal(err)
		}
		bodyOf(t, resp)
	}
	stats := r.Stats(JSONPlaceholder)
	if stats.Requests != 3 || stats.ByPath["/users"] != 2 || stats.MaxInFlight != 1 || stats.Bytes == 0 {
		t.Errorf("stats %+v", stats)
	}
	if got := stats.Pages("/users"); !slices.Equal(got, []string{"/users/1", "/users?_page=2"}) {
		t.Errorf("log %v", got)
	}
	r.Close()
	if _, err := http.Get(r.URL(Pullbay) + "/healthz"); err == nil {
		t.Error("still answers after Close")
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Start(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	r.serving.Wait()
}

func TestStartNamesThePortItCannotHave(t *testing.T) {
	r, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u, err := url.Parse(r.URL(HelpScout))
	if err != nil {
		t.Fatal(err)
	}
	var port int
	fmt.Sscan(u.Port(), &port)
	if _, err := Start(t.Context(), Options{Ports: map[System]int{Pullbay: port}}); err == nil || !strings.Contains(err.Error(), "pullbay") {
		t.Errorf("error %v", err)
	}
}

func TestChangesOfData(t *testing.T) {
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := map[string]struct {
		system              System
		list, stream        string
		removed, after, new string // a record to remove, the first after all changes, the last
	}{
		"posts":         {JSONPlaceholder, "posts", "posts", "1", "1000002", "103"},
		"conversations": {HelpScout, "conversations", "conversations", "2100000000", "2099999986", "2100003591"},
		"threads":       {HelpScout, "conversation_threads/2100000007", "conversation_threads", "4200000015000", "", ""},
		"tags":          {HelpScout, "tags", "tags", "9101", "9099", "9117"},
		"reviews":       {Pullbay, "reviews/b-3", "reviews", "25000000000", "25000000002", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := New(Options{Businesses: []Business{{"b-0", 0}, {"b-3", 3}}})
			count := func() (n int, first, last string) {
				for r := range s.Truth(test.system, test.stream) {
					if n++; n == 1 {
						first = r.ID
					}
					last = r.ID
				}
				return n, first, last
			}
			size, _, _ := count()
			for _, err := range []error{
				s.Insert(test.system, test.list, 2), s.Append(test.system, test.list, 3),
				s.Edit(test.system, test.list, at, test.removed), s.Remove(test.system, test.list, test.removed),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			n, first, last := count()
			if n != size+4 || test.after != "" && first != test.after || test.new != "" && last != test.new {
				t.Errorf("%d records after %d, first %s, last %s", n, size, first, last)
			}
			if err := s.Remove(test.system, test.list, test.removed); err == nil {
				t.Error("a removed record can be removed again")
			}
			if err := s.Insert(test.system, test.list+"x", 1); err == nil {
				t.Error("a list that there is not can be changed")
			}
			s.Reset()
			if n, _, _ := count(); n != size {
				t.Errorf("%d records after Reset, want %d", n, size)
			}
		})
	}
}
