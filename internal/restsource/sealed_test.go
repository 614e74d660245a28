package restsource_test

import (
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
)

// TestKeysInStates reads an API that repeats the key in all addresses and tokens that it hands out.
// The state never holds it, and a key that was renewed meanwhile is put in its place.
func TestKeysInStates(t *testing.T) {
	for name, pagination := range map[string]string{
		"addresses":             `{"type": "next_url", "cursor_path": "@next", "change_path": "@odata.deltaLink"}`,
		"an address with param": `{"type": "next_url", "cursor_path": "@next", "change_path": "nextSync", "change_param": "token"}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeed()
			f.change("a", "b", "c", "d", "e")
			key := "canary/old+key"
			rig := func(key string) *rig {
				return newRig(t, &f.tables, `{"base_url": "https://api.test", "auth": {"type": "api_key", "in": "query", "name": "key", "key": "`+key+`"},
					"streams": [{"name": "rows", "path": "/rows", "records_path": "value", "primary_key": "id", "schema": {"type": "object"}, "pagination": `+pagination+`}]}`)
			}
			escaped := func() string { return strings.NewReplacer("/", "%2F", "+", "%2B").Replace(key) }
			reply := func(n int, r resttest.Request) resttest.Answer {
				if strings.Count(r.URL, "key="+escaped()) != 1 || strings.Count(r.URL, "key=") != 1 {
					return resttest.Answer{Status: 401, Body: `{"error": "another key"}`}
				}
				answer := f.answer(n, r)
				answer.Body = strings.ReplaceAll(answer.Body, "https://api.test/rows?", "https://api.test/rows?key="+escaped()+"&")
				return answer
			}
			g := rig(key)
			g.reply, g.limit = reply, 2
			g.mustRead("a b")
			read := func(want string) {
				t.Helper()
				if strings.Contains(g.state["rows"], key) || strings.Contains(g.state["rows"], escaped()) {
					t.Fatalf("the state holds the key: %s", g.state["rows"])
				}
				kept := g.state
				key = "canary renewed " + want[:1]
				key = strings.ReplaceAll(key, " ", "-")
				g = rig(key)
				g.reply, g.state = reply, kept
				g.mustRead(want)
			}
			read("c d e")
			f.change("b", "f", "g")
			read("b f g")
			f.change("a")
			read("a")
			if strings.Contains(g.log.String(), "canary") {
				t.Errorf("the log holds a key: %s", g.log.String())
			}
		})
	}
}
