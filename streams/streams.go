// Package streams holds the built-in systems: an Airbyte low-code manifest each.
package streams

import "embed"

//go:embed *.yaml
var files embed.FS

// Manifest returns the text of a system's manifest, and the name of its file for messages. ok is
// false if there is no such system.
func Manifest(system string) (file string, text []byte, ok bool) {
	name := system + ".yaml"
	text, err := files.ReadFile(name)
	if err != nil {
		return "", nil, false
	}
	return "streams/" + name, text, true
}
