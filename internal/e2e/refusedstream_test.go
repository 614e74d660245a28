package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// statusAPI answers /ok/… with one record, and any other path with the status that it begins with.
func statusAPI(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		switch status, err := strconv.Atoi(first); {
		case err == nil:
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, `{"detail": "not for you"}`)
		case first == "wrong":
			_, _ = fmt.Fprint(w, `{"detail": "no list"}`)
		default:
			_, _ = fmt.Fprint(w, `[{"id": 1}]`)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// TestCheckGoesByTheStreamsThatAnswer holds that a stream which is refused for itself does not make
// a check fail while another one answers, in both protocols, and that it is named.
func TestCheckGoesByTheStreamsThatAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		paths  []string
		passes bool
		named  []string // streams that the output must name
	}{
		"all answer":                       {[]string{"ok/a", "ok/b"}, true, nil},
		"one lacks the permission":         {[]string{"ok/a", "403/b"}, true, []string{"b"}},
		"the first lacks the permission":   {[]string{"403/a", "ok/b"}, true, []string{"a"}},
		"one is not there":                 {[]string{"ok/a", "404/b"}, true, []string{"b"}},
		"one can not be had this way":      {[]string{"ok/a", "422/b"}, true, []string{"b"}},
		"one was removed":                  {[]string{"ok/a", "410/b"}, true, []string{"b"}},
		"all but one":                      {[]string{"403/a", "ok/b", "404/c"}, true, []string{"a", "c"}},
		"none answers":                     {[]string{"403/a", "404/b"}, false, []string{"a", "b"}},
		"the only one":                     {[]string{"403/a"}, false, []string{"a"}},
		"the credentials are wrong":        {[]string{"ok/a", "401/b"}, false, []string{"b"}},
		"one is configured wrongly":        {[]string{"ok/a", "wrong/b"}, false, []string{"b"}},
		"one is refused, and one is wrong": {[]string{"ok/a", "403/b", "wrong/c"}, false, []string{"b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := statusAPI(t)
			var streams []any
			for _, path := range test.paths {
				_, stream, _ := strings.Cut(path, "/")
				streams = append(streams, map[string]any{"name": "stream-" + stream, "path": "/" + path, "primary_key": "id", "pagination": map[string]any{"type": "none"}})
			}
			config := writeJSON(t, "config.json", map[string]any{"source": "rest", "base_url": api.URL, "max_retries": 0, "streams": streams})
			for call, args := range map[string][]string{
				"check": {"check", "--config", config}, "test": {"--config", config, "--test"}, "test of schemas": {"--config", config, "--test=schema"},
			} {
				o := invoke(t, args...)
				passed := o.code == 0
				if call == "check" {
					if o.code != 0 {
						t.Errorf("%s: exit code %d", call, o.code)
					}
					passed = strings.Contains(string(o.out), `"status":"SUCCEEDED"`)
				}
				if passed != test.passes {
					t.Errorf("%s: passes is %t, want %t\n%s", call, passed, test.passes, o.talk())
				}
				for _, stream := range test.named {
					if !strings.Contains(o.talk(), "stream-"+stream) {
						t.Errorf("%s: nothing names the stream %s\n%s", call, stream, o.talk())
					}
				}
				if n := o.warnings(); test.passes && n != len(test.named) {
					t.Errorf("%s: %d warnings, want %d\n%s", call, n, len(test.named), o.talk())
				}
			}
		})
	}
}
