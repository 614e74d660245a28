package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// FuzzConfig: what is wrong with a configuration is told by its name; a right one has streams that
// can be opened. No request is sent.
func FuzzConfig(f *testing.F) {
	spec, err := os.ReadFile("../../spec.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		`{"source": "jsonplaceholder"}`, `{"source": "helpscout", "client_id": "a", "client_secret": "b", "max_runtime": "1h"}`, `{"source": "pullbay", "api_key": "k", "rate_limit": 1e999}`,
		`{"source": "rest", "base_url": "http://127.0.0.1:1", "streams": [{"name": "a", "path": "/a"}]}`,
		`{"source": "rest", "base_url": "http://127.0.0.1:1", "auth": {"type": "oauth2", "token_url": "/t", "client_id": "c", "client_secret": "s", "refresh_token": "r"}, "streams": [{"name": "a", "path": "/{{ x }}",
		  "pagination": {"type": "cursor", "cursor_path": "a.b", "param": "c"}, "replication_key": "at", "replication_param": "since", "replication_format": "%Y", "start_value": "2026-01-01", "end_param": "u", "window_days": 3}]}`,
		`{"source": "rest", "base_url": "http://127.0.0.1:1", "defaults": {"pagination": {"type": "page", "page_size": 2}, "responses": [{"status": 404, "action": "end"}]}, "streams": [{"name": "a", "path": "/a", "records_path": "a[0]",
		  "include": [{"name": "b", "path": "/a/{id}/b"}], "body": {"x": null}, "method": "POST"}, {"name": "c", "path": "/c/{v}", "values": {"v": [1, "x"]}}]}`,
	} {
		f.Add(text)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		config, ok := v.(*value.Dict)
		if err != nil || !ok || len(text) > 1<<12 {
			return
		}
		if _, kept := config.Get("cache"); kept {
			return // it names a folder
		}
		source, err := Program{Spec: spec}.BuiltIn().Open(stopped, config, tap.Environment{ConfigFile: "config.json", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "config.json: ") || tap.KindOf(err) != tap.Config {
				t.Errorf("%s: an error of kind %s without a place: %v", text, tap.KindOf(err), err)
			}
			return
		}
		if source.Close != nil {
			defer source.Close()
		}
		streams, err := source.Streams(stopped)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", text, err)
		}
		for _, s := range streams {
			if _, err := s.Open(tap.StartingPoint{}); err != nil {
				t.Errorf("%s: stream %s: %v", text, s.Name, err)
			}
		}
	})
}
