package taptest

import (
	"testing"

	"anytap/internal/golden"
)

// File writes a file that lasts as long as the test, and returns its path. An empty text makes no
// file and an empty path.
func File(t *testing.T, name, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	return golden.TempFile(t, name, text)
}
