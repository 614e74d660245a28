package config

import (
	"strings"
	"testing"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

// FuzzConfig: a text is a value, which is the same once it is written as JSON, or an error with a
// place. A setting that is changed in YAML is the only one that changes.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		`{"a": 1, "b": [1.50, null, "\u00e9"]}`, `{"a": 1e999, "a": 2}`, "\xef\xbb\xbf{}", "a: no\nb: 012 # c\n", "? a\n: - b\n", "a: &x [1]\nb: *x\n",
		"a: |\n  b\n  c\n", "{a: 1, b: {c: d}}", "'a': 2026-01-01\n\"b\": 1_0", "a:\n- b\n-  c: d", "%YAML 1.2\n---\na: 1\n...\n",
	} {
		f.Add("c.json", []byte(text))
		f.Add("c.yaml", []byte(text))
		f.Add("c", []byte(text))
	}
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		v, err := decoded(path, data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), nameOf(path)+":") {
				t.Errorf("%q: an error without a place: %v", data, err)
			}
			return
		}
		written := value.Append(nil, v)
		again, err := decoded("c.json", written)
		if err != nil || !value.Equal(again, v) {
			t.Errorf("%q is %s, then %s, %v", data, written, value.Append(nil, again), err)
		}
		if d, ok := v.(*value.Dict); ok && d.Len() > 0 && isYAML(path, data) {
			changeFirst(t, data, d)
		}
	})
}

// changeFirst changes the first setting of a text in YAML.
func changeFirst(t *testing.T, data []byte, d *value.Dict) {
	t.Helper()
	want := d.Clone()
	name := d.Keys()[0]
	want.Set(name, "new: 'text' #1\n")
	text, err := yaml11.Replaced(data, want, []string{name})
	if err != nil {
		t.Fatalf("%q can not be changed: %v", data, err)
	}
	if got, err := decoded("c.yaml", text); err != nil || !value.Equal(got, want) {
		t.Errorf("%q was changed to %q, which is %s, %v; want %s", data, text, value.Append(nil, got), err, value.Append(nil, want))
	}
}
