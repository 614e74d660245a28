package taptest

import (
	"os"
	"path/filepath"
	"testing"
)

// File writes a file that lasts as long as the test, and returns its path. An empty text makes no file and an empty path.
func File(t *testing.T, name, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
