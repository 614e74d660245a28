package frontend

import (
	"os"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReadFile reads a JSON file that a client hands over. what names it in errors (catalog, state),
// which are of kind Config.
func ReadFile(path, what string) (any, error) {
	data, err := readText(path, what)
	if err != nil {
		return nil, err
	}
	v, err := value.Decode(data)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%s: not JSON: %w", path, err)
	}
	return v, nil
}

func readText(path, what string) ([]byte, error) {
	if path == "" {
		return nil, tap.Errorf(tap.Config, "--%s is missing: give the path of the %s file", what, what)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "read the %s: %w", what, err)
	}
	return data, nil
}
