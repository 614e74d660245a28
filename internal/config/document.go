package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// object reads the text of a configuration, which is an object in JSON or YAML that has no member
// twice. Errors are of kind Config, and have the line and column.
func object(path string, data []byte) (*value.Dict, error) {
	v, err := decoded(path, data)
	if err == nil && !isYAML(path, data) {
		if err = checkTwice(withoutMark(data)); err != nil {
			err = fmt.Errorf("%s:%w", nameOf(path), err)
		}
	}
	if err != nil {
		return nil, tap.Errorf(tap.Config, "%w", err)
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "%s: holds %s, expected an object", nameOf(path), value.Describe(v))
	}
	return d, nil
}

// decoded reads a text in the form that its file's name says. Other names do not matter: a text
// that is no JSON is YAML, unless it begins as only JSON does.
func decoded(path string, data []byte) (any, error) {
	if isYAML(path, data) {
		if text := bytes.TrimSpace(withoutMark(data)); len(text) > 0 && text[0] == '<' {
			return nil, fmt.Errorf("%s:1:1: found a web page or XML, expected YAML; save the file itself, not the page that shows it", nameOf(path))
		}
		root, err := yaml11.ReadCore(data)
		if faults, ok := errors.AsType[yaml11.Errors](err); ok {
			err = faults[0]
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%w", nameOf(path), err)
		}
		return root.Plain(), nil
	}
	data = withoutMark(data)
	v, err := value.Decode(data)
	if err == nil {
		return v, nil
	}
	if fault := jsonFault(data); fault != nil {
		return nil, fmt.Errorf("%s:%w", nameOf(path), fault)
	}
	return nil, fmt.Errorf("%s: not JSON: %w", nameOf(path), err)
}

// withoutMark is a text without the byte order mark of some editors.
func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

// isYAML reports whether a document is written in YAML: its name ends so, or it is neither called
// .json nor begins as an object or a list of JSON.
func isYAML(path string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	text := bytes.TrimSpace(withoutMark(data))
	return len(text) > 0 && text[0] != '{' && text[0] != '['
}

// jsonFault finds the fault of a text that is no JSON. Its errors begin with the line and column.
func jsonFault(data []byte) error {
	var all json.RawMessage
	err := json.Unmarshal(data, &all)
	if err == nil {
		return nil
	}
	offset := int64(len(data))
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(syntax.Offset-1, 0)
	}
	text := bytes.TrimSpace(data)
	switch {
	case len(text) == 0:
		return faultAt(data, offset, "the file is empty, expected JSON")
	case text[0] == '<':
		return faultAt(data, offset, "not JSON: found a web page or XML; save the file itself, not the page that shows it")
	case seemsYAML(data):
		return faultAt(data, offset, "not JSON but YAML: give the file a name that ends in .yaml")
	case strings.HasPrefix(err.Error(), "unexpected end"):
		return faultAt(data, int64(len(data)), "not JSON: the text ends too early; it was cut, or a bracket or a quote is not closed")
	}
	found, _ := utf8.DecodeRune(data[offset:])
	return faultAt(data, offset, "not JSON: found %q, expected %s", found, expected(err.Error(), found))
}

// expected is what should stand in the place of what is wrong, by the words of the library.
func expected(fault string, found rune) string {
	if found == '}' && strings.Contains(fault, "object key string") {
		return "a name in double quotes, as a comma stands before"
	}
	for _, known := range []struct{ words, text string }{
		{"beginning of value", "a value: a text in double quotes, a number, true, false, null, [ or {"},
		{"object key string", "a name in double quotes"},
		{"after object key:value pair", "a comma or }"},
		{"after object key", "a colon behind the name"},
		{"after array element", "a comma or ]"},
		{"after top-level value", "the end: the file holds more than one value; of several lines keep the last"},
		{"in string literal", "a line break or another control character to be escaped (\\n)"},
		{"in string escape", `one of \" \\ \/ \b \f \n \r \t \u behind the backslash`},
		{"hexadecimal", "four hexadecimal digits behind \\u"},
		{"numeric", "a digit"},
		{"exponent", "a digit"},
		{"decimal point", "a digit"},
	} {
		if strings.Contains(fault, known.words) {
			return known.text
		}
	}
	return "true, false or null, or a text in double quotes"
}

// seemsYAML reports whether a text that is no JSON can be read as a map of YAML.
func seemsYAML(data []byte) bool {
	if text := bytes.TrimSpace(data); text[0] == '{' || text[0] == '[' {
		return false
	}
	root, err := yaml11.ReadCore(data)
	if err != nil {
		return false
	}
	_, ok := root.Plain().(*value.Dict)
	return ok
}

// checkTwice finds a member that stands twice in its object, in a valid text. Its errors begin with
// the line and column.
func checkTwice(data []byte) error {
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
				return faultAt(data, d.InputOffset()-1, "%q stands a second time in its object", name)
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

// faultAt is an error at a place of the text.
func faultAt(data []byte, offset int64, format string, args ...any) error {
	before := data[:min(offset, int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Errorf("%d:%d: %s", line, column, fmt.Sprintf(format, args...))
}

// withChanged is the text of a configuration file in which some settings have other values. YAML
// keeps its comments.
func withChanged(path string, text []byte, values *value.Dict, names []string) ([]byte, error) {
	if isYAML(path, text) {
		return yaml11.Replaced(text, values, names)
	}
	return append(value.Append(nil, values), '\n'), nil
}
