package config

import (
	"bytes"
	"os"

	"anytap/internal/files"
)

// room is how many bytes a configuration may grow by its new tokens.
const room = 16 << 10

// reserve makes sure that a file can be replaced by a text that is up to room longer: by replacing
// it with what it holds, and by writing a file of that size. What is behind a link is replaced, not
// the link.
func reserve(path string) (*files.Place, error) {
	p, err := files.NewPlace(path)
	if err != nil {
		return nil, err
	}
	present, err := os.ReadFile(p.Target())
	if err != nil {
		p.Drop()
		return nil, err
	}
	if err := p.Replace(present); err != nil {
		return nil, err
	}
	if p, err = files.NewPlace(path); err != nil {
		return nil, err
	}
	if err := p.Hold(bytes.Repeat([]byte{'\n'}, len(present)+room)); err != nil {
		p.Drop()
		return nil, err
	}
	return p, nil
}
