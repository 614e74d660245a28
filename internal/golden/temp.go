package golden

import (
	"os"
	"path/filepath"
	"testing"
)

// TempFile writes a file that only the test has, and gives its path.
func TempFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
