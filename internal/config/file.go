package config

import (
	"anytap/internal/files"
	"anytap/internal/tap"
)

// ReadFile reads a file that a client hands over, in JSON or YAML. what names it in errors
// (catalog, state), which are of kind Config.
func ReadFile(path, what string) (any, error) {
	data, err := readText(path, what, files.Data)
	if err != nil {
		return nil, err
	}
	v, err := decoded(path, data)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%w", err)
	}
	return v, nil
}

// readText reads a file to its end; what names the flag that gives its path.
func readText(path, what string, limit int64) ([]byte, error) {
	if path == "" {
		return nil, tap.Errorf(tap.Config, "--%s is missing: give the path of the %s file", what, what)
	}
	data, err := files.Read(path, limit)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "read the %s: %w", what, err)
	}
	return data, nil
}

// nameOf is what messages call a file.
func nameOf(path string) string {
	if path == files.Stdin {
		return "stdin"
	}
	return path
}
