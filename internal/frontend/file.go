package frontend

import (
	"os"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReadFile reads a JSON file that a client hands over. what names it in errors (config, catalog,
// state), which are of kind Config.
func ReadFile(path, what string) (any, error) {
	if path == "" {
		return nil, tap.Errorf(tap.Config, "--%s is missing: give the path of the %s file", what, what)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "read the %s: %w", what, err)
	}
	v, err := value.Decode(data)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%s: not JSON: %w", path, err)
	}
	return v, nil
}

// ReadConfig reads a configuration, which is an object.
func ReadConfig(path string) (*value.Dict, error) {
	v, err := ReadFile(path, "config")
	if err != nil {
		return nil, err
	}
	config, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object", path, value.TypeName(v))
	}
	return config, nil
}
