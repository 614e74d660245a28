// Package file downloads the files that records describe.
package file

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"FileUploader": {Build: manifest.As(buildUploader), Definition: func() any { return uploaderDefinition{} }},
	}
}
