package e2e

import (
	"maps"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestDryRunsSendNothing: at the address that is configured nobody listens.
func TestDryRunsSendNothing(t *testing.T) {
	t.Parallel()
	const nowhere = "http://127.0.0.1:1"
	for name, test := range map[string]struct {
		config map[string]any
		state  string
		args   []string
		code   int
		want   []string
	}{
		"a list": {map[string]any{"source": "jsonplaceholder"}, "", []string{"--streams", "posts"}, 0, []string{
			"posts\n    mode:     incremental, by id\n    state:    no state: from its beginning\n    request:  GET " + nowhere + "/posts?", "              Accept: ", "User-Agent: "}},
		"all streams":                 {map[string]any{"source": "jsonplaceholder"}, "", nil, 0, []string{"users\n", "posts\n", "todos\n"}},
		"a login":                     {map[string]any{"source": "helpscout", "client_id": "canary-id", "client_secret": "s3cr3t-canary"}, "", []string{"--streams", "conversations"}, 0, []string{"login:    POST " + nowhere + "/v2/oauth2/token", "request:  GET " + nowhere + "/v2/conversations?"}},
		"a child":                     {map[string]any{"source": "helpscout", "client_id": "canary-id", "client_secret": "s3cr3t-canary"}, "", []string{"--streams", "conversation_threads"}, 0, []string{"slices:   one or more for each record of conversations, which is asked first"}},
		"partitions":                  {map[string]any{"source": "pullbay", "api_key": "s3cr3t-canary", "business_ids": []string{"b-1", "b-2", "b-3"}}, "", nil, 0, []string{`slices:   3: {"business_id":"b-1"} … {"business_id":"b-3"}`, "business_id=b-1", "Authorization: ****"}},
		"a position of another query": {map[string]any{"source": "jsonplaceholder"}, `{"bookmarks":{"posts":{"page":7,"last_id":600,"anytap":{"format":1,"source":"jsonplaceholder","stream":"posts"}}}}`, []string{"--streams", "posts"}, 0, []string{"goes on from unfinished: on page 7, after record 600", "it belongs to another query"}},
		"full refresh":                {map[string]any{"source": "jsonplaceholder"}, `{"bookmarks":{"posts":{"page":7,"last_id":600,"anytap":{"format":1,"source":"jsonplaceholder","stream":"posts"}}}}`, []string{"--streams", "posts", "--full-refresh"}, 0, []string{"the state is ignored: --full-refresh", "no state: from its beginning", "_page=1"}},
		"since": {map[string]any{"source": "rest", "auth": map[string]any{"type": "bearer", "token": "s3cr3t-canary"}, "streams": []any{
			map[string]any{"name": "orders", "path": "/orders", "replication_key": "at", "replication_param": "since"}}}, "", []string{"--since", "2026-01-31"}, 0,
			[]string{"mode:     incremental, by at", "no state: from 2026-01-31T00:00:00Z", "since=2026-01-31T00%3A00%3A00Z", "Authorization: ****"}},
		"a body":    {map[string]any{"source": "rest", "streams": []any{map[string]any{"name": "q", "path": "/q", "method": "POST", "body": map[string]any{"query": "{ a }"}}}}, "", nil, 0, []string{"request:  POST " + nowhere + "/q", `{"query": "{ a }"}`}},
		"a mistake": {map[string]any{"source": "jsonplaceholder"}, "", []string{"--streams", "postz"}, 1, []string{"did you mean posts?"}},
	} {
		for _, form := range [][]string{{}, {"read"}} {
			if len(form) > 0 && test.state != "" {
				continue // that is Singer's form
			}
			t.Run(name+" "+strings.Join(form, ""), func(t *testing.T) {
				t.Parallel()
				config := maps.Clone(test.config)
				config["base_url"] = nowhere
				args := append(append([]string{}, form...), "--dry-run", "--config", writeJSON(t, "config.json", config))
				if test.state != "" {
					args = append(args, "--state", golden.TempFile(t, "state.json", test.state))
				}
				o := invoke(t, append(args, test.args...)...)
				all := string(o.logs) + string(o.out)
				for _, want := range test.want {
					if !strings.Contains(all, want) && !strings.Contains(strings.ReplaceAll(all, `\"`, `"`), want) {
						t.Errorf("no %q in\n%s", want, all)
					}
				}
				if o.code != test.code {
					t.Errorf("exit code %d, want %d\n%s", o.code, test.code, all)
				}
				if strings.Contains(all, "s3cr3t") {
					t.Errorf("a secret is shown:\n%s", all)
				}
				if strings.Contains(string(o.out), "RECORD") || strings.Contains(string(o.out), "STATE") {
					t.Errorf("messages of a read:\n%s", o.out)
				}
			})
		}
	}
}

// TestDryRunShowsWhereARunGoesOn: the request is the one that the next run begins with.
func TestDryRunShowsWhereARunGoesOn(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, map[string]any{"page_size": 10})
	config := s.file(t)
	first := invoke(t, "--config", config, "--streams", "posts", "--limit", "25")
	_, state := lastState(t, "singer", parseLines(t, first.out))
	o := invoke(t, "--config", config, "--streams", "posts", "--state", state, "--dry-run")
	for _, want := range []string{"goes on from unfinished: on page 3, after record 25", "_page=3"} {
		if !strings.Contains(string(o.logs), want) {
			t.Errorf("no %q in\n%s", want, o.logs)
		}
	}
}
