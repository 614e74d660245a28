package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/frontend"
	"anytap/internal/sampleapi"
)

// TestConnectorsByName searches a connector, uses it, and goes on without the registry.
func TestConnectorsByName(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "cache"))
	server, err := sampleapi.Start(t.Context(), sampleapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("ANYTAP_REGISTRY", server.Registry())
	config := writeJSON(t, "config.json", map[string]any{"base_url": server.URL(sampleapi.JSONPlaceholder)})
	lock := filepath.Join(filepath.Dir(config), "anytap.lock")

	for _, c := range []struct {
		args []string
		code int
		want string // on stdout or stderr
	}{
		{[]string{"connectors", "search", "sample"}, 0, "source-sample-tickets  2.1.0    no (python)"},
		{[]string{"connectors", "search", "sampel-posts"}, 1, "did you mean source-sample-posts?"},
		{[]string{"connectors", "info", "source-sample-posts"}, 0, "users, posts, comments"},
		{[]string{"connectors", "info", "source-sample-tickets"}, 0, "airbyte-source-sample-tickets on PyPI"},
		{[]string{"connectors", "get", "source-sample-posts@0.1.0", "--config", config}, 0, "locked in " + lock},
		{[]string{"discover", "--manifest-path", "source-sample-posts", "--config", config}, 0, `"name":"posts"`},
		{[]string{"connectors", "update", "--lock", lock}, 0, "0.1.0 → 0.2.0"},
		{[]string{"connectors", "update", "--lock", lock}, 0, "no change"},
		{[]string{"read", "--manifest-path", "source-sample-posts", "--config", config}, 0, `"stream":"comments"`},
		{[]string{"check-manifest", "source-sample-posts", "--lock", lock}, 0, "0 problems"},
		{[]string{"connectors", "get", "source-sample-reviews", "--output", filepath.Join(filepath.Dir(config), "reviews")}, 0, "manifest.yaml"},
		{[]string{"spec", "--manifest-path", "source-sample-pots", "--config", config}, 1, "did you mean source-sample-posts?"},
		{[]string{"spec", "--manifest-path", "sample-posts"}, 1, "names of connectors begin with source-"},
		{[]string{"connectors", "update", "--offline"}, frontend.ExitUsage, "leave out --offline"},
		{[]string{"connectors", "serach"}, frontend.ExitUsage, `"serach"`},
	} {
		if o := invoke(t, c.args...); o.code != c.code || !strings.Contains(string(o.out)+string(o.logs), c.want) {
			t.Errorf("%q: exit code %d, want %d and %q\n%s%s", c.args, o.code, c.code, c.want, o.out, o.logs)
		}
	}
	server.Close()
	o := invoke(t, "spec", "--manifest-path", "source-sample-posts", "--config", config).mustSucceed(t)
	if !strings.Contains(string(o.out), "base_url") {
		t.Errorf("without a registry: %s", o.out)
	}
	if text, err := os.ReadFile(filepath.Join(filepath.Dir(config), "reviews", "manifest.yaml")); err != nil || !strings.Contains(string(text), "reviews") {
		t.Errorf("the files that were put into a folder: %v", err)
	}
	names := invoke(t, "__completeNoDesc", "connectors", "get", "")
	if !strings.Contains(string(names.out), "source-sample-posts") {
		t.Errorf("completions: %s", names.out)
	}
}

// TestOneLockForATemporaryConfiguration has a configuration that a client made for this run: what
// is locked stands in the current folder.
func TestOneLockForATemporaryConfiguration(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "cache"))
	temporary, project := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Chdir(project)
	server, err := sampleapi.Start(t.Context(), sampleapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	config := filepath.Join(temporary, "tmp1234.json")
	if err := os.WriteFile(config, []byte(`{"base_url": "http://127.0.0.1:1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	invoke(t, "discover", "--manifest-path", "source-sample-posts", "--config", config, "--registry", server.Registry()).mustSucceed(t)
	if _, err := os.Stat(filepath.Join(project, "anytap.lock")); err != nil {
		t.Errorf("the current folder has no lock file: %v", err)
	}
}
