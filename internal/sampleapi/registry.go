package sampleapi

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed registry
var registryFiles embed.FS

// registryPath is where the files of the sample registry begin, as they do in Airbyte's.
const registryPath = "/files"

// registryHandler serves a registry of connectors, laid out as Airbyte's: two that read the sample
// APIs, the first in two versions, and one that is no manifest.
func registryHandler() http.Handler {
	files, err := fs.Sub(registryFiles, "registry")
	if err != nil {
		panic(err) // the name above is wrong
	}
	return http.StripPrefix(registryPath, http.FileServerFS(files))
}
