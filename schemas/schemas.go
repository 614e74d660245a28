// Package schemas is the JSON schemas of the built-in streams, one folder a system.
package schemas

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed */*.json
var files embed.FS

// Read gives the schema that a built-in manifest names by a path such as schemas/helpscout/tags.json.
func Read(path string) ([]byte, error) {
	text, err := files.ReadFile(strings.TrimPrefix(strings.TrimPrefix(path, "./"), "schemas/"))
	if err != nil {
		return nil, fmt.Errorf("no built-in schema %s", path)
	}
	return text, nil
}
