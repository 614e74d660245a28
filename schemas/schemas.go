// Package schemas is the JSON schemas of the built-in streams, one folder a system.
package schemas

import (
	"embed"
	"path/filepath"
	"strings"
)

//go:embed */*.json
var files embed.FS

// Read gives the schema that a built-in manifest names by a path such as schemas/helpscout/tags.json. A path that names
// none gives fs.ErrNotExist.
func Read(path string) ([]byte, error) {
	return files.ReadFile(strings.TrimPrefix(filepath.ToSlash(path), "schemas/"))
}
