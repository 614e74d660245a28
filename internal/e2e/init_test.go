package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
)

// TestInit writes configurations and reads with them.
func TestInit(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "cache"))
	server, err := sampleapi.Start(t.Context(), sampleapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("ANYTAP_REGISTRY", server.Registry())
	posts, pullbay := server.URL(sampleapi.JSONPlaceholder), server.URL(sampleapi.Pullbay)
	reviews := pullbay + "/v1/app-store/reviews?business_id=b-1200"
	key := "Authorization: Bearer " + server.Credentials(sampleapi.Pullbay).APIKey
	settings := []string{"--set", "base_url=" + pullbay, "--set", `business_ids=["b-3"]`}

	for name, c := range map[string]struct {
		args     []string
		code     int
		said     string // on stderr
		written  string // in the configuration; empty: none is written
		manifest string
		records  int // of a read
	}{
		"connector":           {append([]string{"source-sample-reviews", "--set", "api_key=sample-key"}, settings...), 0, "The check succeeded", "api_key: ${API_KEY}", "source-sample-reviews", 3},
		"settings missing":    {append([]string{"source-sample-reviews"}, settings...), frontend.ExitUsage, "--set api_key=…", "", "", 0},
		"wrong key":           {append([]string{"source-sample-reviews", "--set", "api_key=nonsense123"}, settings...), 1, "the check failed, and nothing was written", "", "", 0},
		"not tried":           {append([]string{"source-sample-reviews", "--no-check", "--set", "api_key=nonsense123"}, settings...), 0, "Wrote", "api_key: ${API_KEY}", "", 0},
		"built-in system":     {append([]string{"pullbay", "--set", "api_key=sample-key"}, settings...), 0, "The check succeeded", "source: pullbay", "", 3},
		"no address":          {[]string{"rest"}, frontend.ExitUsage, "give the address of a list", "", "", 0},
		"unknown connector":   {[]string{"source-sample-post"}, 1, "did you mean source-sample-posts?", "", "", 0},
		"address":             {[]string{posts + "/posts"}, 0, "primary key:      id", "primary_key: id", "", 100},
		"pages of a size":     {[]string{posts + "/posts?_limit=10"}, 0, `"size_param":"_limit"`, "page_size: 10", "", 100},
		"line for curl":       {[]string{"curl", reviews, "-H", key, "-s", "--compressed"}, 0, "records:          at data", "token: ${API_TOKEN}", "", 1200},
		"without credentials": {[]string{reviews}, 1, "401", "", "", 0},
		"no API":              {[]string{"http://127.0.0.1:1/x"}, 1, "refused", "", "", 0},
		"curl in quotes":      {[]string{"curl " + reviews}, frontend.ExitUsage, "without quotes", "", "", 0},
		"snippet":             {append([]string{"source-sample-reviews", "--snippet", "meltano", "--set", "api_key=sample-key"}, settings...), 0, "Wrote", "api_key: ${API_KEY}", "source-sample-reviews", 3},
	} {
		t.Run(name, func(t *testing.T) {
			config := filepath.Join(t.TempDir(), "config.yaml")
			o := invoke(t, append([]string{"init", "--config", config}, c.args...)...)
			if o.code != c.code || !strings.Contains(string(o.logs), c.said) {
				t.Fatalf("exit code %d, want %d and %q\n%s", o.code, c.code, c.said, o.logs)
			}
			text, err := os.ReadFile(config)
			if c.written == "" {
				if err == nil {
					t.Errorf("a configuration was written:\n%s", text)
				}
				return
			}
			if !strings.Contains(strings.ReplaceAll(string(text), "'", ""), c.written) || strings.Contains(string(text), "sample-key") {
				t.Errorf("want %q and no key in\n%s", c.written, text)
			}
			if c.records == 0 {
				return
			}
			args := []string{"read", "--config", config}
			if c.manifest != "" {
				args = append(args, "--manifest-path", c.manifest)
			}
			read := invoke(t, args...).mustSucceed(t)
			if n := len(ids(t, parseLines(t, read.out))); n != c.records {
				t.Errorf("%d records, want %d", n, c.records)
			}
			if o := invoke(t, append([]string{"init", "--config", config}, c.args...)...); o.code != 1 || !strings.Contains(string(o.logs), "--force") {
				t.Errorf("a second time: exit code %d\n%s", o.code, o.logs)
			}
		})
	}
}
