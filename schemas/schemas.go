// Package schemas holds the JSON schemas of the built-in systems' streams, a folder a system.
package schemas

import (
	"embed"
	"path/filepath"
	"strings"
)

//go:embed */*.json
var files embed.FS

// Read returns the schema that a built-in manifest names by a path such as
// schemas/helpscout/tags.json. The error is fs.ErrNotExist if there is none.
func Read(path string) ([]byte, error) {
	return files.ReadFile(strings.TrimPrefix(filepath.ToSlash(path), "schemas/"))
}
