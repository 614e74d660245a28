package registry

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFailuresThatPassAreTriedAgain(t *testing.T) {
	const path = "/metadata/airbyte/source-poke/0.2.0/manifest.yaml"
	for name, c := range map[string]struct {
		first http.HandlerFunc // answers the first two requests
		tries int
		fault string
	}{
		"unavailable": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, 3, ""},
		"too many":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, 3, ""},
		"reset":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 3, ""},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("check: {}"))
		}, 3, ""},
		"refused":          {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, 1, "403 Forbidden"},
		"a page of HTML":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, 1, "no manifest"},
		"larger than ever": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, mostOfManifest+1)) }, 1, "the most that is read"},
		"to a file": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, 1, "it leads to file:"},
		"in a circle": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, 6, "sixth in a row"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			calls := 0
			s.handlers[path] = func(w http.ResponseWriter, r *http.Request) {
				if calls++; calls <= 2 || c.fault != "" {
					c.first(w, r)
					return
				}
				_, _ = w.Write([]byte(manifestOf("second")))
			}
			_, text, err := s.find(s.open(), "source-poke@0.2.0")
			if c.fault == "" && (err != nil || text != manifestOf("second")) || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("%q %v, want %s", text, err, c.fault)
			}
			if calls != c.tries {
				t.Errorf("%d requests, want %d", calls, c.tries)
			}
		})
	}
}

func TestRedirectsStayWithTLS(t *testing.T) {
	request := func(address string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"https://a.example", "https://b.example", true},
		{"http://a.example", "https://b.example", true},
		{"http://a.example", "http://b.example", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "file:///etc/passwd", false},
		{"https://a.example", "ftp://a.example", false},
	} {
		if err := followRedirect(request(c.to), []*http.Request{request(c.from)}); (err == nil) != c.allowed || err != nil && !errors.Is(err, errRedirect) {
			t.Errorf("from %s to %s: %v", c.from, c.to, err)
		}
	}
}

func TestParseList(t *testing.T) {
	const good = `{"name": "A", "dockerRepository": "airbyte/source-a", "dockerImageTag": "1.0.0", "language": "manifest-only"}`
	for name, c := range map[string]struct {
		text  string
		names []string
		fault string
	}{
		"sources first":       {`{"sources": [` + good + `], "destinations": [1, {}]}`, []string{"source-a"}, ""},
		"sources last":        {`{"a": {"b": [1]}, "c": "d", "destinations": [{"x": [1]}], "sources": [` + good + `]}`, []string{"source-a"}, ""},
		"none":                {`{"sources": []}`, nil, ""},
		"twice":               {`{"sources": [` + good + `,` + good + `]}`, []string{"source-a"}, ""},
		"gone":                {`{"sources": [` + strings.Replace(good, "{", `{"tombstone": true, `, 1) + `]}`, nil, ""},
		"a path":              {`{"sources": [` + strings.Replace(good, "source-a", "../../source-a", 1) + `]}`, nil, ""},
		"another vendor":      {`{"sources": [` + strings.Replace(good, "airbyte/", "other/", 1) + `]}`, nil, ""},
		"a path in a version": {`{"sources": [` + strings.Replace(good, "1.0.0", "../../x", 1) + `]}`, nil, ""},
		"other types":         {`{"sources": [1, null, {"dockerRepository": 1}, ` + strings.Replace(good, "{", `{"tags": 5, "generated": "x", `, 1) + `]}`, []string{"source-a"}, ""},
		"cut":                 {`{"sources": [` + good, nil, "unexpected"},
		"cut behind it":       {`{"sources": [` + good + `]`, nil, "unexpected"},
		"no sources":          {`{"destinations": []}`, nil, "no sources"},
		"a page of HTML":      {`<html>`, nil, "no list"},
		"a list":              {`[]`, nil, "no list"},
		"an object":           {`{"sources": {}}`, nil, "expected ["},
	} {
		list, err := parseList(strings.NewReader(c.text))
		var names []string
		for _, l := range list {
			names = append(names, l.Name)
		}
		if (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) || err == nil && !slices.Equal(names, c.names) {
			t.Errorf("%s: %q %v, want %q %s", name, names, err, c.names, c.fault)
		}
	}
}

// TestListsCanNotDrawOnTheTerminal has control characters in a title.
func TestListsCanNotDrawOnTheTerminal(t *testing.T) {
	list, err := parseList(strings.NewReader(`{"sources": [{"name": "\u001b[2Jevil\r\n` + strings.Repeat("x", 1000) + `", "dockerRepository": "airbyte/source-a", "dockerImageTag": "1"}]}`))
	if err != nil || len(list) != 1 || strings.ContainsAny(list[0].Title, "\x1b\r\n") || len(list[0].Title) > 310 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestTheListIsKept(t *testing.T) {
	const path = "/registries/v0/oss_registry.json"
	s := newStand(t)
	r := s.open()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r.Now = func() time.Time { return now }
	status := http.StatusOK
	s.handlers[path] = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"one"` && status == http.StatusOK {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"one"`)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(list))
	}
	for _, step := range []struct {
		name     string
		after    time.Duration
		anew     bool
		status   int
		requests int
	}{
		{"first", 0, false, 200, 1},
		{"again", 30 * time.Minute, false, 200, 0},
		{"asked for anew", 0, true, 200, 1},
		{"too old", 2 * time.Hour, false, 200, 1},
		{"the server fails", 2 * time.Hour, false, 500, 3},
	} {
		now, status = now.Add(step.after), step.status
		got, err := r.List(t.Context(), step.anew)
		if asked := s.requests(); err != nil || len(got) != 2 || len(asked) != step.requests {
			t.Errorf("%s: %d sources, %q, %v; want 2 and %d requests", step.name, len(got), asked, err, step.requests)
		}
	}
	if err := os.WriteFile(r.listFile(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := r.List(t.Context(), false); err == nil || len(got) > 0 {
		t.Errorf("a broken list in the cache, and a server that fails: %v %v", got, err)
	}
	if files, _ := filepath.Glob(filepath.Join(r.Cache, "lists", ".new*")); len(files) > 0 {
		t.Errorf("left behind: %q", files)
	}
}

// TestLargeListsAreBounded asks for lists that do not end.
func TestLargeListsAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("moves 64 MiB")
	}
	for name, c := range map[string]struct{ begin, part, fault string }{
		"many": {`{"sources": [{}`, ",{}", "more than 20000 sources"},
		"long": {`{"sources": [{"name": "`, "x", "the most that is read"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			s.handlers["/registries/v0/oss_registry.json"] = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(c.begin))
				for part := []byte(strings.Repeat(c.part, 1<<16)); ; {
					if _, err := w.Write(part); err != nil {
						return
					}
				}
			}
			if _, err := s.open().List(t.Context(), false); err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%v, want %s", err, c.fault)
			}
		})
	}
}

func FuzzParseList(f *testing.F) {
	f.Add(list)
	f.Add(`{"sources": [1, {}], "destinations": {}}`)
	f.Fuzz(func(t *testing.T, text string) {
		list, _ := parseList(strings.NewReader(text))
		for _, l := range list {
			if !isName(l.Name) || !isVersion(l.Version) {
				t.Errorf("%q %q", l.Name, l.Version)
			}
		}
	})
}

func FuzzLock(f *testing.F) {
	text, _ := Lock{{"source-a", "1.10", strings.Repeat("1", 64), strings.Repeat("e", 64)}, {"https://a.example/m?sha256=1", "", strings.Repeat("0", 64), ""}}.text()
	f.Add(string(text))
	f.Add("lock: 1\nconnectors: [{name: source-a, version: 1e5, sha256: 1}]")
	f.Fuzz(func(t *testing.T, text string) {
		lock, err := parseLock([]byte(text))
		if err != nil {
			return
		}
		again, err := lock.text()
		if err != nil {
			t.Fatal(err)
		}
		if same, err := parseLock(again); err != nil || !slices.Equal(lock, same) {
			t.Errorf("%v, written\n%s\nand read %v, %v", lock, again, same, err)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("PK"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = unpack(data) })
}

func FuzzParseReference(f *testing.F) {
	f.Add("source-a@1.0")
	f.Add("https://a.example/m.yaml?b")
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := ParseReference(text)
		if err != nil {
			return
		}
		folder := (&Registry{Cache: "/cache"}).versionFolder(ref.Name, ref.Version)
		if !strings.HasPrefix(folder, "/cache/connectors/") || strings.Contains(folder, "..") {
			t.Errorf("%q is kept in %s", text, folder)
		}
	})
}
