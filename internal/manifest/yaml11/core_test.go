package yaml11_test

import (
	"strings"
	"testing"

	"anytap/internal/manifest/yaml11"
	"anytap/internal/value"
)

func TestReadCore(t *testing.T) {
	t.Parallel()
	const text = `
# a configuration
source: rest
streams: &all
  - name: no
    path: /items
    start_value: 2026-01-31
    page: 10
    time: 12:30
    version: 1.10
    ratio: 0.5
    octal: 0123
    empty:
    flag: true
    big: 123456789012345678901234567890
    "on": off
    1: yes
    quoted: "5"
    text: |
      two
      lines
defaults: {<<: {a: 1}, b: 1e3}
again: *all
`
	root, err := yaml11.ReadCore([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	streams := `[{"name":"no","path":"/items","start_value":"2026-01-31","page":10,"time":"12:30","version":"1.10","ratio":0.5,"octal":"0123","empty":null,"flag":true,` +
		`"big":123456789012345678901234567890,"on":"off","1":"yes","quoted":"5","text":"two\nlines\n"}]`
	want := `{"source":"rest","streams":` + streams + `,"defaults":{"a":1,"b":"1e3"},"again":` + streams + `}`
	if got := string(value.Append(nil, root.Plain())); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadCoreMistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"a key twice":     {"a: 1\nb: 2\na: 3\n", `3:1: "a" stands a second time in its map`},
		"not closed":      {"x: 1\na: [1\nb: 2\n", "2:1: did not find expected ','"},
		"a tab":           {"a:\n\tb: 1\n", "2:1: "},
		"nothing":         {"", "1:1: the file is empty"},
		"two documents":   {"a: 1\n---\nb: 2\n", "1:1: the file holds several YAML documents"},
		"a list as a key": {"[1]: 2\n", "1:1: a list can not be a key"},
	} {
		if _, err := yaml11.ReadCore([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %q", name, err, test.want)
		}
	}
}

// TestWriteIsRead writes awkward values, which Read and ReadCore must give again.
func TestWriteIsRead(t *testing.T) {
	t.Parallel()
	v, err := value.DecodeString(`{"type": "x", "texts": ["", " ", "a: b", "- a", "# a", "no", "Yes", "null", "~", "12", "1_0", "12:30", "0x1f", "2026-01-31", "1e3", ".5", "=", "<<", "*a", "&a", "!a", "%a", "@a", "{{ config['a'] }}", "{% set a = 1 %}",
		"two\nlines\n", "two\n  lines", "\n", "tab\there", "é", "\u0000", "\ud83d\ude00", "'", "\"", "\\", "true", "a #b", "a:", "?", "-"],
		"numbers": [0, -1, 1.5, 1e20, 1.5e-7, 1.0, 12345678901234567890123], "others": [true, false, null, {}, []],
		"yes": 1, "": 2, "a b": {"c": {"d": [[1, [2]], {"e": "f"}]}}, "long": ["` + strings.Repeat("word ", 40) + `", "b"]}`)
	if err != nil {
		t.Fatal(err)
	}
	mustComeBack(t, v)
}

func mustComeBack(t *testing.T, v any) {
	t.Helper()
	text, err := yaml11.Write(v)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func([]byte) (*yaml11.Node, error){"Read": yaml11.Read, "ReadCore": yaml11.ReadCore} {
		root, err := read(text)
		if err != nil {
			t.Fatalf("%s: %v of\n%s", name, err, text)
		}
		if got := root.Plain(); !value.Equal(got, v) && name == "Read" {
			t.Errorf("%s:\ngot  %s\nwant %s\nof\n%s", name, value.Append(nil, got), value.Append(nil, v), text)
		}
	}
}

// FuzzWrite: what is written is read again as it was.
func FuzzWrite(f *testing.F) {
	for _, text := range []string{`{"a": ["b", 1.5, null]}`, `["no", "12:30", "a\nb"]`, `{"": {"x": []}}`, `"1_0"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		if err != nil || len(text) > 1000 {
			return
		}
		if _, err := yaml11.Write(v); err == nil {
			mustComeBack(t, v)
		}
	})
}

func TestReplaced(t *testing.T) {
	t.Parallel()
	const text = `# my configuration
source: helpscout # the system
client_id: a
# rotated
refresh_token: old   # not by hand
max_records: 5
`
	got, err := yaml11.Replaced([]byte(text), value.DictOf("refresh_token", "new: one", "access_token", "no", "client_id", "a"), []string{"refresh_token", "access_token"})
	if err != nil {
		t.Fatal(err)
	}
	want := `# my configuration
source: helpscout # the system
client_id: a
# rotated
refresh_token: 'new: one' # not by hand
max_records: 5
access_token: "no"
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for name, test := range map[string]struct{ text, want string }{
		"others refer to it":         {"refresh_token: &t old\na: *t\nb: [*t]\n", "refresh_token: new\na: &t old\nb: [*t]\n"},
		"others refer to a part":     {"refresh_token: &x [1, &y 2]\na: {b: *y}\nc: *x\n", "refresh_token: new\na: {b: &y 2}\nc: &x [1, &y 2]\n"},
		"it refers to others":        {"a: &t old\nrefresh_token: *t\n", "a: &t old\nrefresh_token: new\n"},
		"nothing is no empty text":   {"{refresh_token: old, a, b: , c: [{d: }]}", "{refresh_token: new, a: null, b: null, c: [{d: null}]}\n"},
		"nothing where lines follow": {"refresh_token: old\na:\nb: ~\n", "refresh_token: new\na:\nb: ~\n"},
	} {
		if got, err := yaml11.Replaced([]byte(test.text), value.DictOf("refresh_token", "new"), []string{"refresh_token"}); err != nil || string(got) != test.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, test.want)
		}
	}
	for _, wrong := range []string{"- a\n", "a: [\n", ""} {
		if _, err := yaml11.Replaced([]byte(wrong), value.NewDict(0), nil); err == nil {
			t.Errorf("%q was changed", wrong)
		}
	}
}
