// Package streams is the built-in systems as data: one Airbyte low-code manifest each.
package streams

import "embed"

//go:embed *.yaml
var files embed.FS

// Systems are the built-in systems by the name that a configuration's "source" gives, and their manifests.
var Systems = map[string]string{
	"helpscout":       "helpscout.yaml",
	"jsonplaceholder": "jsonplaceholder.yaml",
	"pullbay":         "pullbay.yaml",
}

// Manifest is the text of a built-in system's manifest, and its file's name for messages; ok is false for another system.
func Manifest(system string) (file string, text []byte, ok bool) {
	name, ok := Systems[system]
	if !ok {
		return "", nil, false
	}
	text, err := files.ReadFile(name)
	if err != nil {
		return "", nil, false
	}
	return "streams/" + name, text, true
}
