package frontend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ReadConfig reads a configuration, which is an object in JSON or YAML. Errors are of kind Config;
// those of the text have its line and column.
func ReadConfig(path string) (*value.Dict, error) {
	data, err := readText(path, "config", ConfigText)
	if err != nil {
		return nil, err
	}
	v, err := configValue(path, data)
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%w", err)
	}
	config, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected an object", path, value.TypeName(v))
	}
	return config, nil
}

// configValue reads a text in the form that its file's name says. Other names do not matter: a text
// that is no JSON is YAML, unless it begins as only JSON does.
func configValue(path string, data []byte) (any, error) {
	if IsYAML(path, data) {
		root, err := yaml11.ReadCore(data)
		var faults yaml11.Errors
		if errors.As(err, &faults) {
			err = faults[0]
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%w", path, err)
		}
		return root.Plain(), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := checkJSON(data); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	v, err := value.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: not JSON: %w", path, err)
	}
	return v, nil
}

// IsYAML reports whether a configuration is written in YAML: its name ends so, or it is neither
// called .json nor begins as an object of JSON.
func IsYAML(path string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	return len(text) > 0 && text[0] != '{' && text[0] != '['
}

// checkJSON finds the fault of a JSON text, or a member that stands twice. Its errors begin with
// the line and column.
func checkJSON(data []byte) error {
	var all json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		offset := int64(len(data))
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = max(syntax.Offset-1, 0)
		}
		return jsonFault(data, offset, "not JSON: "+err.Error())
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return twice(data, d)
}

// twice finds a member that stands twice in its object, in the next value of a valid text.
func twice(data []byte, d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	isObject := token == json.Delim('{')
	if !isObject && token != json.Delim('[') {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if isObject {
			token, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := token.(string)
			if seen[name] {
				return jsonFault(data, d.InputOffset()-1, fmt.Sprintf("%q stands a second time in its object", name))
			}
			seen[name] = true
		}
		if err := twice(data, d); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// jsonFault is an error at a place of the text.
func jsonFault(data []byte, offset int64, text string) error {
	before := data[:min(offset, int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Errorf("%d:%d: %s", line, column, text)
}

// Changed returns the text of a configuration file in which some settings have other values. YAML
// keeps its comments.
func Changed(path string, values *value.Dict, names []string) ([]byte, error) {
	data, err := ConfigText(path)
	if err == nil && IsYAML(path, data) {
		return yaml11.Replaced(data, values, names)
	}
	return append(value.Append(nil, values), '\n'), nil
}
