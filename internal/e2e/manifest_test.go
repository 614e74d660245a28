package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/sampleapi"
)

// TestManifestReadsTheSame prints the manifest of configurations, and compares what it reads with
// what they do: records, schemas and states.
func TestManifestReadsTheSame(t *testing.T) {
	t.Parallel()
	posts := func(pagination map[string]any) map[string]any {
		return map[string]any{"name": "posts", "path": "/posts", "primary_key": "id", "params": map[string]any{"_sort": "id"}, "pagination": pagination}
	}
	rest := func(s *sample) *sample {
		defaults := map[string]any{"params": map[string]any{"_sort": "id"}, "primary_key": []string{"id"}}
		out := restOf(s, map[string]any{"type": "bearer", "token": "s3cret-token"}, posts(map[string]any{"type": "page", "param": "_page", "size_param": "_limit", "page_size": 30}))
		out.config["streams"] = append(out.config["streams"].([]any), map[string]any{"name": "todos", "path": "/todos", "pagination": map[string]any{"type": "offset", "param": "_start", "size_param": "_limit"}})
		out.config["defaults"] = defaults
		return out
	}
	for name, test := range map[string]struct {
		system   sampleapi.System
		settings map[string]any
		change   func(*sample) *sample
	}{
		"jsonplaceholder":        {sampleapi.JSONPlaceholder, map[string]any{"max_retries": 1}, nil},
		"jsonplaceholder, other": {sampleapi.JSONPlaceholder, map[string]any{"pagination": "cursor", "page_size": 17}, nil},
		"helpscout":              {sampleapi.HelpScout, nil, nil},
		"pullbay":                {sampleapi.Pullbay, map[string]any{"limit": 30}, nil},
		"rest":                   {sampleapi.JSONPlaceholder, nil, rest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, test.system, sampleapi.Options{Businesses: []sampleapi.Business{{ID: "b-1", Reviews: 70}}}, test.settings)
			if test.change != nil {
				s = test.change(s)
			}
			config := s.file(t)
			printed := invoke(t, "manifest", "--config", config).mustSucceed(t)
			if text := string(printed.out); strings.Contains(text, "s3cret") || strings.Contains(text, "sample-secret") {
				t.Error("a secret stands in the manifest")
			}
			manifest := golden.TempFile(t, "manifest.yaml", string(printed.out))
			if o := invoke(t, "check-manifest", manifest); o.code != 0 {
				t.Errorf("the manifest has problems: %s\n%s", o.logs, printed.out)
			}
			want := messagesOf(invoke(t, "--config", config).mustSucceed(t))
			got := messagesOf(invoke(t, "--manifest-path", manifest, "--config", config).mustSucceed(t))
			if len(want) < 3 || !slices.Equal(got, want) {
				t.Errorf("%d messages, want %d", len(got), len(want))
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Fatalf("got  %s\nwant %s", got[i], want[i])
					}
				}
			}
		})
	}
}

// messagesOf are the lines of a Singer tap in order, without the times at which they were made.
func messagesOf(o outcome) []string {
	lines := strings.Split(regexp.MustCompile(`"(time_extracted|issued_at)":"[^"]*"`).ReplaceAllString(string(o.out), ""), "\n")
	slices.Sort(lines)
	return slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, `"type":"STATE"`) })
}

// TestManifestOfAYAMLConfiguration writes the configuration in YAML, and reads with it too.
func TestManifestOfAYAMLConfiguration(t *testing.T) {
	t.Parallel()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	text := "# posts\nsource: rest\nbase_url: " + s.config["base_url"].(string) + `
rate_limit: {requests: 10000, per: 1}
streams:
  - name: posts
    path: /posts
    primary_key: id
    pagination: {type: page, param: _page, size_param: _limit, page_size: 30}
`
	config := golden.TempFile(t, "config.yaml", text)
	o := invoke(t, "--config", config).mustSucceed(t)
	if n := strings.Count(string(o.out), `"type":"RECORD"`); n != 100 {
		t.Errorf("%d records, want 100\n%s", n, o.logs)
	}
	printed := string(invoke(t, "manifest", "--config", config).mustSucceed(t).out)
	for _, want := range []string{"streams:\n  - type: DeclarativeStream\n    name: posts\n", "primary_key: [id]"} {
		if !strings.Contains(printed, want) {
			t.Errorf("the manifest lacks %q:\n%s", want, printed)
		}
	}
	invoke(t, "manifest").mustSay(t, "manifest needs --config")
	wrong := golden.TempFile(t, "wrong.yaml", strings.Replace(text, "primary_key", "primry_key", 1))
	invoke(t, "manifest", "--config", wrong).mustSay(t, "streams[0].primry_key: there is no such setting; did you mean primary_key?")
	if _, err := os.Stat(config); err != nil {
		t.Fatal(err)
	}
}

// TestTestFindsWhatIsWrong wants check and --test to find on one page what a read would fail with.
func TestTestFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stream map[string]any
		want   string
	}{
		"a key":             {map[string]any{"primary_key": "uuid"}, "a record has no uuid, which primary_key names; it has userId, id, title"},
		"a replication key": {map[string]any{"replication_key": "modified"}, "replication_key is modified, but no record has it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
			stream := map[string]any{"name": "posts", "path": "/posts", "primary_key": "id", "pagination": map[string]any{"type": "page", "param": "_page", "size_param": "_limit", "page_size": 10}}
			for setting, v := range test.stream {
				stream[setting] = v
			}
			good := map[string]any{"name": "users", "path": "/users", "primary_key": "id", "pagination": map[string]any{"type": "none"}}
			s = restOf(s, nil, good)
			s.config["streams"] = append(s.config["streams"].([]any), stream)
			config := s.file(t)
			check := invoke(t, "check", "--config", config)
			check.mustSay(t, test.want, `"status":"FAILED"`)
			tested := invoke(t, "--config", config, "--test")
			tested.mustSay(t, test.want)
			if n := strings.Count(string(tested.out), `"type":"RECORD"`); tested.code != 1 || n != 1 && n != 2 {
				t.Errorf("--test: exit code %d and %d records, want 1 and those of the stream that is right", tested.code, n)
			}
			if strings.Contains(string(tested.out), `"type":"STATE"`) {
				t.Error("--test wrote a state, which stands for more than its records")
			}
		})
	}
}
