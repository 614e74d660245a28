package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
)

// restOf turns a sample into a source "rest" with one stream.
func restOf(s *sample, auth, stream map[string]any) *sample {
	config := map[string]any{"source": "rest", "base_url": s.config["base_url"], "streams": []any{stream}}
	if auth != nil {
		config["auth"] = auth
	}
	return &sample{s.server, s.system, config}
}

// TestRestSourceReadsTheSamples reads each system by the source "rest", in each way of paging that
// it has.
func TestRestSourceReadsTheSamples(t *testing.T) {
	t.Parallel()
	pagination := func(kind string, more map[string]any) map[string]any {
		p := map[string]any{"type": kind, "page_size": 20}
		for name, v := range more {
			p[name] = v
		}
		return p
	}
	posts := func(p map[string]any) map[string]any {
		return map[string]any{"name": "posts", "path": "/posts", "primary_key": []string{"id"}, "pagination": p}
	}
	key := sampleapi.New(sampleapi.Options{}).Credentials(sampleapi.Pullbay).APIKey
	reviews := map[string]any{
		"name": "reviews", "path": "/v1/app-store/reviews", "primary_key": []string{"id"}, "params": map[string]any{"business_id": "b-2"},
		"pagination": pagination("cursor", map[string]any{"param": "cursor", "size_param": "limit", "cursor_path": "pagination.next_cursor", "has_more_path": "pagination.has_more"}),
	}
	for name, test := range map[string]struct {
		target faultTarget
		faults sampleapi.Faults
		auth   map[string]any
		stream map[string]any
	}{
		"page":              {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, nil, posts(pagination("page", map[string]any{"param": "_page", "size_param": "_limit"}))},
		"offset":            {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, nil, posts(pagination("offset", map[string]any{"param": "_start", "size_param": "_limit"}))},
		"link header":       {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, nil, map[string]any{"name": "posts", "path": "/posts", "primary_key": []string{"id"}, "params": map[string]any{"_page": 1, "_limit": 20}, "pagination": map[string]any{"type": "link_header"}}},
		"none":              {faultTargets()["jsonplaceholder"], sampleapi.Faults{}, nil, posts(map[string]any{"type": "none"})},
		"json-server 1.x":   {faultTargets()["jsonplaceholder"], sampleapi.Faults{JSONServer1: true}, nil, posts(pagination("page", map[string]any{"param": "_page", "size_param": "_per_page", "total_path": "items"}))},
		"next in body":      {faultTargets()["jsonplaceholder"], sampleapi.Faults{JSONServer1: true}, nil, posts(pagination("cursor", map[string]any{"param": "_page", "size_param": "_per_page", "cursor_path": "next"}))},
		"cursor and bearer": {faultTargets()["pullbay"], sampleapi.Faults{}, map[string]any{"type": "bearer", "token": key}, reviews},
		"key in a header":   {faultTargets()["pullbay"], sampleapi.Faults{CursorAtEnd: true}, map[string]any{"type": "api_key", "key": key, "name": "X-Api-Key"}, reviews},
		"next URL and OAuth": {faultTargets()["helpscout"], sampleapi.Faults{}, map[string]any{"type": "oauth2", "token_url": "TOKEN", "client_id": "sample-client", "client_secret": "sample-secret"},
			map[string]any{"name": "customers", "path": "/v2/customers", "primary_key": []string{"id"}, "records_path": "_embedded.customers", "pagination": map[string]any{"type": "next_url", "cursor_path": "_links.next.href"}}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := test.target.start(t, test.faults, sampleapi.Options{})
				if test.auth["type"] == "oauth2" {
					test.auth["token_url"] = s.server.URL(s.system) + "/v2/oauth2/token"
				}
				sample := restOf(s, test.auth, test.stream)
				o := sample.read(t, protocol, selection{}).mustSucceed(t)
				want := truth(t, s.server.Server, s.system, test.target.truth)
				if test.target.system == sampleapi.Pullbay {
					want = onlyPartition(want, "b-2")
				}
				mustHave(t, o.lines, want)
			})
		}
	}
}

// onlyPartition keeps the records of one partition, without its name: the source "rest" has no
// partitions.
func onlyPartition(all map[string]string, partition string) map[string]string {
	kept := map[string]string{}
	for id, content := range all {
		if rest, ok := strings.CutPrefix(id, "reviews "+partition+"/"); ok {
			kept[identity("reviews", noField, rest)] = content
		}
	}
	return kept
}

// TestRestSourceResumesAfterAnyLine is TestResumeAfterAnyLine for the ways of paging that no
// built-in system has.
func TestRestSourceResumesAfterAnyLine(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]map[string]any{
		"link header": {"name": "posts", "path": "/posts", "primary_key": []string{"id"}, "params": map[string]any{"_page": 1, "_limit": 11}, "pagination": map[string]any{"type": "link_header"}},
		"no key":      {"name": "posts", "path": "/posts", "pagination": map[string]any{"type": "page", "param": "_page", "size_param": "_limit", "page_size": 11}},
		"one page":    {"name": "posts", "path": "/posts", "primary_key": []string{"id"}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				s := faultTargets()["jsonplaceholder"].start(t, sampleapi.Faults{}, sampleapi.Options{})
				s = restOf(s, nil, stream).with(map[string]any{"checkpoint_records": 4})
				walkKills(t, s, protocol, selection{streams: []string{"posts"}})
			})
		}
	}
}

// secretAPI takes credentials in each way that there is, and answers with a list of two pages. It
// can repeat in its error what it was sent.
func secretAPI(t *testing.T, ok func(*http.Request) bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !ok(r) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"message":"not allowed: %s %s %s"}`, r.URL.RawQuery, r.Header.Get("Authorization"), r.Header.Get("X-Key"))
			return
		}
		page := r.URL.Query().Get("page")
		next := map[string]string{"": "2", "1": "2"}[page]
		fmt.Fprintf(w, `{"items":[{"id":"%s-a","n":12345678901234567890,"at":null}],"next":%q}`, page, next)
	}))
	t.Cleanup(server.Close)
	return server
}

// TestRestSourceAuthentication reads with each kind of credentials. With wrong ones it checks that
// the error does not hold them.
func TestRestSourceAuthentication(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t/+=&ä"
	for name, test := range map[string]struct {
		auth map[string]any
		ok   func(*http.Request) bool
	}{
		"none":   {nil, func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }},
		"bearer": {map[string]any{"type": "bearer", "token": "s3cr3t-token"}, func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer s3cr3t-token" }},
		"header": {map[string]any{"type": "api_key", "key": "s3cr3t-key", "name": "X-Key"}, func(r *http.Request) bool { return r.Header.Get("X-Key") == "s3cr3t-key" }},
		"query":  {map[string]any{"type": "api_key", "key": secret, "name": "key", "in": "query"}, func(r *http.Request) bool { return r.URL.Query().Get("key") == secret }},
		"basic": {map[string]any{"type": "basic", "username": "me", "password": "s3cr3t-password"}, func(r *http.Request) bool {
			user, password, _ := r.BasicAuth()
			return user == "me" && password == "s3cr3t-password"
		}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				stream := map[string]any{"name": "things", "path": "/things", "primary_key": []string{"id"}, "pagination": map[string]any{"type": "page", "param": "page", "page_size": 1}}
				s := &sample{config: map[string]any{"base_url": secretAPI(t, test.ok).URL}}
				s = restOf(s, test.auth, stream).with(map[string]any{"max_records": 2})
				o := s.read(t, protocol, selection{}).mustSucceed(t)
				if n := len(ids(t, o.lines)); n != 2 || !strings.Contains(string(o.out), "12345678901234567890") {
					t.Errorf("%d records, want 2 with their numbers:\n%s", n, o.out)
				}
				if test.auth == nil {
					return
				}
				s = s.with(map[string]any{"base_url": secretAPI(t, func(*http.Request) bool { return false }).URL})
				refused := s.read(t, protocol, selection{})
				if refused.code != 1 || !strings.Contains(refused.talk(), "401") {
					t.Errorf("exit code %d\n%s", refused.code, refused.talk())
				}
				for _, text := range []string{"s3cr3t", "s3cr3t%2F", "czNjcjN0"} {
					if strings.Contains(string(refused.out)+string(refused.logs), text) {
						t.Errorf("the output holds %q:\n%s", text, refused.talk())
					}
				}
			})
		}
	}
}

// TestRestSourceFollowsAReplicationKey reads what is new by a replication key, and infers the
// schema from a first page.
func TestRestSourceFollowsAReplicationKey(t *testing.T) {
	t.Parallel()
	rows := []string{`{"id":1,"at":"2026-01-01T00:00:00Z","tags":["a"]}`, `{"id":2,"at":"2026-01-05T00:00:00Z","size":1.5}`}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		since := r.URL.Query().Get("since")
		asked = append(asked, since)
		var out []string
		for _, row := range rows {
			if at := row[strings.Index(row, "2026"):][:20]; at >= since {
				out = append(out, row)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(out, ","))
	}))
	t.Cleanup(server.Close)
	s := &sample{config: map[string]any{"source": "rest", "base_url": server.URL, "streams": []any{map[string]any{
		"name": "events", "path": "/events", "primary_key": []string{"id"}, "replication_key": "at", "replication_param": "since", "start_value": "2025-12-01T00:00:00Z",
	}}}}
	for _, protocol := range protocols {
		rows, asked = rows[:2], nil
		sel := selection{streams: []string{"events"}}
		first := s.read(t, protocol, sel).mustSucceed(t)
		if n := len(ids(t, first.lines)); n != 2 || asked[len(asked)-1] != "2025-12-01T00:00:00Z" {
			t.Fatalf("%s: %d records, asked for %q", protocol, n, asked)
		}
		sel.state = first.state(t, protocol)
		rows = append(rows, `{"id":3,"at":"2026-02-01T00:00:00Z"}`)
		second := s.read(t, protocol, sel).mustSucceed(t)
		// The last row comes again: another one may have the same time.
		if got := strings.Join(ids(t, second.lines), ","); got != "events /2,events /3" || asked[len(asked)-1] != "2026-01-05T00:00:00Z" {
			t.Errorf("%s: %s, asked for %q", protocol, got, asked)
		}
		if !strings.Contains(string(second.state(t, protocol)), "state") || !strings.Contains(string(bookmarkOf(t, second)), "2026-02-01T00:00:00Z") {
			t.Errorf("%s: the bookmark is %s", protocol, bookmarkOf(t, second))
		}
	}
	d := invoke(t, "discover", "--config", s.file(t)).mustSucceed(t)
	for _, want := range []string{`"id":`, `"at":`, `"tags":`, `"size":`, `"default_cursor_field":["at"]`, `"source_defined_primary_key":[["id"]]`} {
		if !strings.Contains(string(d.out), want) {
			t.Errorf("the catalog lacks %s: %s", want, d.out)
		}
	}
}
