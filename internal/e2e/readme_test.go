package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"anytap/internal/sampleapi"
)

// readmeCommands are the lines of the README's shell blocks.
func readmeCommands(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(data), -1) {
		for line := range strings.Lines(block[1]) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) == 0 {
		t.Fatal("the README has no commands")
	}
	return lines
}

// TestReadmeCommands runs every command of the README, in order, in a folder with the files that it
// mentions. It skips the commands of programs that are not installed, each with a message.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program twice")
	}
	t.Parallel()
	home := readmeFolder(t)
	for _, line := range readmeCommands(t) {
		t.Run(line, func(t *testing.T) { home.run(t, line) })
	}
}

// commandFolder is where a user calls commands: a working folder and one of programs.
type commandFolder struct {
	dir, bin, repository string
	cache                string // the user's cache folder
	registry             string
	sample               *strings.Replacer // puts a sample connector in place of a real one
}

func readmeFolder(t *testing.T) commandFolder {
	t.Helper()
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	repository, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	f := commandFolder{dir: t.TempDir(), bin: t.TempDir(), cache: t.TempDir(), repository: repository, registry: s.server.Registry()}
	f.sample = strings.NewReplacer("search poke", "search sample", "search github", "search sample", "preview pokemon", "preview posts",
		"init source-pokeapi", "init source-sample-posts --set base_url="+s.server.URL(sampleapi.JSONPlaceholder), "source-pokeapi", "source-sample-posts")
	catalog := map[string]any{"streams": []any{map[string]any{"stream": map[string]any{"name": "posts"}, "sync_mode": "full_refresh", "destination_sync_mode": "append"}}}
	for name, text := range map[string]string{
		"config.json": encode(t, s.config), "configured_catalog.json": encode(t, catalog), "manifest.yaml": smallManifest, "airbyte_state.json": "[]",
	} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Like all targets, this one prints the state that it has stored.
	target := "#!/bin/sh\nsed -n 's/^{\"type\":\"STATE\",\"value\":\\(.*\\)}$/\\1/p' | tail -n 1\n"
	if err := os.WriteFile(filepath.Join(f.bin, "target-jsonl"), []byte(target), 0o755); err != nil {
		t.Fatal(err)
	}
	return f
}

// commandTime is how long a command of the README may take. Those of go may have to build
// everything.
const commandTime = 2 * time.Minute

func (f commandFolder) run(t *testing.T, line string) {
	t.Helper()
	line = f.sample.Replace(line)
	program, rest, _ := strings.Cut(line, " ")
	dir := f.dir
	switch program {
	case "meltano":
		t.Skip("meltano needs a project with a target: .ci/meltano-plugins runs it")
	case "docker":
		if exec.Command(program, "info").Run() != nil {
			t.Skip("docker does not run on this machine: TestImage checks what it would make")
		}
		if strings.HasPrefix(rest, "build ") {
			dir = f.repository
		}
		line = strings.Replace(line, "docker run ", "docker run --network host ", 1) // for the sample API
	case "make":
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("make is not on this machine")
		}
		line, dir = strings.Replace(line, "make", "make -n", 1), f.repository // make test runs this test
	case "go":
		dir = f.repository
	case "cd":
		t.Skip("TestEngagementReport runs it: make example")
	}
	ctx, cancel := context.WithTimeout(t.Context(), commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "set -e; "+line)
	cmd.WaitDelay = time.Second
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+f.bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "GOBIN="+f.bin, "GOFLAGS=",
		"XDG_CACHE_HOME="+f.cache, "ANYTAP_REGISTRY="+f.registry)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	if redirects := strings.Contains(line, " > "); !redirects && len(out) == 0 && program != "go" {
		t.Error("it printed nothing")
	}
	for _, file := range regexp.MustCompile(`> (\S+)$`).FindAllStringSubmatch(line, -1) {
		if info, err := os.Stat(filepath.Join(dir, file[1])); err != nil || info.Size() < 3 {
			t.Errorf("%s is missing or empty: %v", file[1], err)
		}
	}
}
