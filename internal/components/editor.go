package components

import (
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// EditorSchema is a JSON Schema by which editors complete and check manifests.
func EditorSchema() *value.Dict { return manifest.EditorSchema(Table()) }
