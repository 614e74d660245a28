package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/golden"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// readConfig reads a configuration of one file.
func readConfig(path string) (*value.Dict, error) {
	c, err := (&Given{Files: []string{path}}).Read(nil)
	if err != nil {
		return nil, err
	}
	return c.Values, nil
}

func TestReadConfig(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, text, want, err string }{
		"JSON":                     {"c.json", `{"a": 1}`, `{"a":1}`, ""},
		"JSON of another name":     {"c", ` {"a": 1}`, `{"a":1}`, ""},
		"JSON with a mark":         {"c.json", "\xef\xbb\xbf{\"a\": 1}", `{"a":1}`, ""},
		"YAML":                     {"c.yaml", "a: 1\nb: no\n", `{"a":1,"b":"no"}`, ""},
		"YAML of another name":     {"c.conf", "# comment\na: 1\n", `{"a":1}`, ""},
		"JSON called YAML":         {"c.yml", `{"a": 1}`, `{"a":1}`, ""},
		"YAML in flow style":       {"c.yml", `{a: 1}`, `{"a":1}`, ""},
		"YAML called JSON":         {"c.json", "a: 1\nb: {c: 2}\n", "", "c.json:1:1: not JSON but YAML: give the file a name that ends in .yaml"},
		"no JSON":                  {"c.json", "{\"a\": 1,\n  b: 2}", "", "c.json:2:3: not JSON: found 'b', expected a name in double quotes"},
		"JSON that ends":           {"c.json", "{\"a\": 1", "", "c.json:1:8: not JSON: the text ends too early"},
		"an empty file":            {"c.json", "", "", "c.json:1:1: the file is empty, expected JSON"},
		"more than one value":      {"c.json", "{}\n{}", "", "c.json:2:1: not JSON: found '{', expected the end"},
		"a member twice":           {"c.json", "{\"é\": {\"b\": 1,\n \"c\": [{\"x\": {}}, {\"x\": 1}], \"b\": 2}}", "", `c.json:2:32: "b" stands a second time`},
		"the same name in two":     {"c.json", `{"a": {"a": 1}, "b": {"a": 1}}`, `{"a":{"a":1},"b":{"a":1}}`, ""},
		"no YAML":                  {"c.yaml", "a: 1\nb: [1\n", "", "c.yaml:2:1: did not find"},
		"a member of YAML twice":   {"c.yaml", "a: 1\nb:\n  c: 1\n  c: 2\n", "", `c.yaml:4:3: "c" stands a second time`},
		"a list":                   {"c.json", `[1]`, "", "c.json: holds a list, expected an object"},
		"a text":                   {"c.yaml", `hello`, "", "c.yaml: holds a text, expected an object"},
		"YAML in a file for JSON":  {"c.json", "a: 1", "", "c.json:1:1: not JSON but YAML"},
		"what is no text of UTF-8": {"c.json", "{\"a\": \"\xff\"}", "{\"a\":\"\ufffd\"}", ""},
	} {
		path := golden.TempFile(t, test.file, test.text)
		config, err := readConfig(path)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config {
				t.Errorf("%s: error is %v, want %q", name, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := string(value.Append(nil, config)); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	if _, err := readConfig(filepath.Join(t.TempDir(), "none.json")); err == nil || !os.IsNotExist(unwrapped(err)) {
		t.Errorf("a missing file gives %v", err)
	}
}

// unwrapped is the innermost error.
func unwrapped(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok || u.Unwrap() == nil {
			return err
		}
		err = u.Unwrap()
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	values := value.DictOf("a", int64(1), "token", "new")
	for name, test := range map[string]struct{ file, text, want string }{
		"JSON": {"c.json", `{"a": 1, "token": "old"}`, "{\"a\":1,\"token\":\"new\"}\n"},
		"YAML": {"c.yaml", "# mine\na: 1\ntoken: old # no\n", "# mine\na: 1\ntoken: new # no\n"},
	} {
		got, err := withChanged(test.file, []byte(test.text), values, []string{"token"})
		if err != nil || string(got) != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, test.want)
		}
	}
}
