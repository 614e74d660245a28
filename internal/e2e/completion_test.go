package e2e

import (
	"anytap/internal/frontend"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCompletions asks for completions as the shells' scripts do.
func TestCompletions(t *testing.T) {
	const noFiles, endings = ":4", ":8" // what the shell adds
	for words, want := range map[string][]string{
		"re":                {"read", noFiles},
		"check":             {"check", "check-manifest", noFiles},
		"read ":             {noFiles},
		"--pro":             {"--properties", "--protocol", noFiles},
		"--protocol ":       {"singer", "airbyte", noFiles},
		"read --protocol ":  {"singer", "airbyte", noFiles},
		"--about --format ": {"text", "json", "markdown", "config", "meltano", noFiles},
		"read --config ":    {"json", "yaml", "yml", endings},
		"--manifest-path ":  {"yaml", "yml", endings},
		"check-manifest ":   {"yaml", "yml", endings},
		"demo ":             {"helpscout", "jsonplaceholder", "pullbay", noFiles},
		"completion z":      {"zsh", noFiles},
		"preview ":          {noFiles},
		"state re":          {"reset", noFiles},
		"state show ":       {"json", endings},
		"run --state-file ": {"json", endings},
	} {
		o := invoke(t, append([]string{"__completeNoDesc"}, strings.Split(words, " ")...)...).mustSucceed(t)
		if got := strings.Fields(string(o.out)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

// TestCompletionScripts runs each script in its shell, if the shell is installed.
func TestCompletionScripts(t *testing.T) {
	for shell, args := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}, "powershell": nil} {
		t.Run(shell, func(t *testing.T) {
			o := invoke(t, "completion", shell).mustSucceed(t)
			if !strings.Contains(string(o.out), "anytap") || len(o.logs) > 0 {
				t.Fatalf("%d bytes, and on stderr:\n%s", len(o.out), o.logs)
			}
			path, err := exec.LookPath(shell)
			if err != nil || args == nil {
				t.Skip("the shell is not on this machine")
			}
			script := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(script, o.out, 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(path, append(args, script)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
	for _, args := range [][]string{{"completion", "tcsh"}, {"completion"}} {
		if o := invoke(t, args...); o.code != frontend.ExitUsage || len(o.out) > 0 {
			t.Errorf("%q: exit code %d and %d bytes, want %d and none", args, o.code, len(o.out), frontend.ExitUsage)
		}
	}
}
