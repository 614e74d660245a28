package frontend

import (
	"os"
	"sync"

	"anytap/internal/files"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReadFile reads a JSON file that a client hands over. what names it in errors (catalog, state),
// which are of kind Config.
func ReadFile(path, what string) (any, error) {
	data, err := readText(path, what, func(path string) ([]byte, error) { return files.Read(path, files.Data) })
	if err != nil {
		return nil, err
	}
	v, err := value.Decode(data)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%s: not JSON: %w", path, err)
	}
	return v, nil
}

// piped are the texts of configurations that came by a pipe, by their paths. A pipe can be read
// once, and a configuration is looked at by who chooses the connector and by who runs it.
var piped sync.Map

// ConfigText reads the text of a configuration file or pipe. It can be called again.
func ConfigText(path string) ([]byte, error) {
	if text, ok := piped.Load(path); ok {
		return text.([]byte), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	text, err := files.Read(path, files.Document)
	if err == nil && files.IsPipe(info) {
		piped.Store(path, text)
	}
	return text, err
}

// readText reads a file by one of the ways above; what names the flag that gives its path.
func readText(path, what string, read func(string) ([]byte, error)) ([]byte, error) {
	if path == "" {
		return nil, tap.Errorf(tap.Config, "--%s is missing: give the path of the %s file", what, what)
	}
	data, err := read(path)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "read the %s: %w", what, err)
	}
	return data, nil
}
