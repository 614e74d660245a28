//go:build unix

package config

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestConfigByPipe reads a configuration that comes by a pipe, as --config <(…) does. Two look at
// it, and it can be read once.
func TestConfigByPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "63")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go os.WriteFile(path, []byte("a: 1\n"), 0o600) //nolint:errcheck // a failure is seen below
	given := &Given{Files: []string{path}}
	for range 2 {
		config, err := given.Written()
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := config.Get("a"); v != int64(1) {
			t.Errorf("a is %v", v)
		}
	}
	for path, what := range map[string]string{"/dev/zero": "state", "/": "catalog"} {
		if v, err := ReadFile(path, what); err == nil {
			t.Errorf("%s as %s: %v", path, what, v)
		}
	}
}
