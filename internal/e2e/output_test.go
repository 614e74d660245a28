package e2e

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"anytap/internal/sampleapi"
)

// TestOutputThatCanNotBeWritten calls each verb with a stdout that is closed, full or thrown away.
// What is lost against the user's will is an error that stderr tells.
func TestOutputThatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil || runtime.GOOS != "linux" {
		t.Skip("there is no /dev/full")
	}
	s := startSample(t, sampleapi.JSONPlaceholder, sampleapi.Options{}, nil)
	config := s.file(t)
	for name, args := range map[string][]string{
		"read":            {"read", "--config", config},
		"sync":            {"--config", config},
		"check":           {"check", "--config", config},
		"test":            {"--config", config, "--test"},
		"discover":        {"discover", "--config", config},
		"singer discover": {"--config", config, "--discover"},
		"spec":            {"spec"},
		"about":           {"--about"},
		"version":         {"--version"},
		"help":            {"--help"},
		"help of a verb":  {"help", "read"},
		"completion":      {"completion", "bash"},
	} {
		for where, want := range map[string]struct {
			code int
			says string
		}{">&-": {1, "CRITICAL stdout is closed"}, ">/dev/full": {1, "no space left on device"}, ">/dev/null": {0, ""}} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				var logs strings.Builder
				cmd := exec.Command("sh", append([]string{"-c", `exec anytap "$@" ` + where, "sh"}, args...)...)
				cmd.Stderr = &logs
				_ = cmd.Run() // its exit code is checked below
				if code := cmd.ProcessState.ExitCode(); code != want.code || !strings.Contains(logs.String(), want.says) {
					t.Errorf("exit code %d, want %d and %q\n%s", code, want.code, want.says, logs.String())
				}
			})
		}
	}
}
