package manifest

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"anytap/internal/value"
)

// scalars are unquoted texts and what Python holds for them; "!" stands for a refusal.
var scalars = map[string]string{
	"~": "None", "null": "None", "Null": "None", "NULL": "None", "nUll": "'nUll'", "None": "'None'",
	"yes": "True", "Yes": "True", "YES": "True", "yEs": "'yEs'", "y": "'y'", "on": "True", "true": "True", "TRUE": "True",
	"no": "False", "off": "False", "OFF": "False", "False": "False", "n": "'n'", "oFF": "'oFF'",
	"0": "0", "12": "12", "-3": "-3", "+4": "4", "1_000": "1000", "-0": "0", "012": "10", "0o10": "'0o10'", "08": "'08'",
	"0x1F": "31", "-0x_1": "-1", "0b101": "5", "0b": "'0b'", "0b_": "!", "0x": "'0x'", "0x_": "!", "00": "0",
	"1:30": "90", "-1:30": "-90", "1:30:05": "5405", "1:60": "'1:60'", "0:30": "'0:30'", "1:5": "65", "10:3:61": "'10:3:61'",
	"123456789012345678901234567890": "123456789012345678901234567890",
	"1.5":                            "1.5", "-1.5": "-1.5", "+1.5": "1.5", "1.": "1.0", "1._": "1.0", ".5": "0.5", "-.5": "'-.5'", ".": "'.'", "._": "'._'",
	"1e3": "'1e3'", "1.0e3": "'1.0e3'", "1.0e+3": "1000.0", "1.5E-2": "0.015", ".5e+1": "5.0", "1.e+2": "100.0", "1_0.5": "10.5",
	"1:30.5": "90.5", "1:60.5": "'1:60.5'", "0:00.5": "0.5", ".inf": "inf", "-.INF": "-inf", "+.Inf": "inf", "inf": "'inf'",
	".nan": "nan", ".NaN": "nan", "-.nan": "'-.nan'", "1.2.3": "'1.2.3'", "1,5": "'1,5'", "12a": "'12a'", "-": "!", "+": "'+'",
	"2020-01-02": "datetime.date(2020, 1, 2)", "2020-1-2": "'2020-1-2'", "2020-13-01": "!", "2020-02-30": "!", "2020-01": "'2020-01'",
	"2001-12-14t21:59:43.10-05:00": "datetime.datetime(2001, 12, 14, 21, 59, 43, 100000, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)))",
	"2001-12-14 21:59:43":          "datetime.datetime(2001, 12, 14, 21, 59, 43)",
	"2001-1-4T1:59:43Z":            "datetime.datetime(2001, 1, 4, 1, 59, 43, tzinfo=datetime.timezone.utc)",
	"2001-12-14 21:59:43 +5":       "datetime.datetime(2001, 12, 14, 21, 59, 43, tzinfo=datetime.timezone(datetime.timedelta(seconds=18000)))",
	"2001-12-14T25:00:00":          "!", "2001-12-14T21:59": "'2001-12-14T21:59'", "2001-12-14x": "'2001-12-14x'", "0000-01-01": "!",
	"2001-12-14T21:59:43.1234567": "datetime.datetime(2001, 12, 14, 21, 59, 43, 123456)",
	"=":                           "!", "<<": "!", "text": "'text'", "é": "'é'", "1 2": "'1 2'", "a#b": "'a#b'",
	"!!str 12": "'12'", "!!int '12'": "12", "!!int x": "!", "!!float 1": "1.0", "!!bool 'Yes'": "True", "!!bool x": "!", "!!null x": "None",
	"!!binary aGVsbG8=": "b'hello'", "!!timestamp '2020-01-02'": "datetime.date(2020, 1, 2)", "!foo x": "!", "! 12": "12", "!!seq x": "!",
}

func TestScalars(t *testing.T) {
	for text, want := range scalars {
		t.Run(text, func(t *testing.T) {
			if want == "" {
				return
			}
			root, err := Parse("m.yaml", []byte("a: "+text+"\n"))
			if want == "!" {
				if err == nil {
					t.Fatalf("got %s, want a refusal", value.Repr(root.Get("a").Value()))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := value.Repr(root.Get("a").Value()); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestScalarsAsPyYAML holds the table itself against PyYAML.
func TestScalarsAsPyYAML(t *testing.T) {
	dir := t.TempDir()
	var files, texts []string
	for text := range scalars {
		texts = append(texts, text)
	}
	sort.Strings(texts)
	for i, text := range texts {
		file := filepath.Join(dir, string(rune('a'+i/26))+string(rune('a'+i%26))+".yaml")
		if err := os.WriteFile(file, []byte("a: "+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	i := 0
	askReference(t, "yaml", files, func(_ string, answer map[string]any) {
		text := texts[i]
		i++
		root, err := Parse("m.yaml", []byte("a: "+text+"\n"))
		if (err != nil) != (answer["error"] != nil) {
			t.Errorf("%s: error %v, PyYAML has %v", text, err, answer["error"])
		} else if err == nil {
			if got, want := jsonText(t, plainValue(root.Value())), jsonText(t, answer["value"]); got != want {
				t.Errorf("%s: got %s, PyYAML has %s", text, got, want)
			}
		}
	})
}

func TestDocuments(t *testing.T) {
	tests := map[string]struct {
		yaml, want, err string
	}{
		"last key wins, at the first one's place": {yaml: "a: 1\nb: 2\na: 3\n", want: "{'a': 3, 'b': 2}"},
		"equal keys of other types":               {yaml: "1: a\ntrue: b\n1.0: c\n", want: "{1: 'c'}"},
		"keys that are no text":                   {yaml: "on: a\n~: b\n2020-01-02: c\n", want: "{True: 'a', None: 'b', datetime.date(2020, 1, 2): 'c'}"},
		"aliases":                                 {yaml: "a: &x [1]\nb: *x\n", want: "{'a': [1], 'b': [1]}"},
		"merge comes first, own keys win":         {yaml: "x: &x {a: 1, b: 2}\ny:\n  c: 3\n  a: 4\n  <<: *x\n", want: "{'x': {'a': 1, 'b': 2}, 'y': {'a': 4, 'b': 2, 'c': 3}}"},
		"merge of several, the first wins":        {yaml: "x: &x {a: 1}\ny: &y {a: 2, b: 3}\nz: {<<: [*x, *y]}\n", want: "{'x': {'a': 1}, 'y': {'a': 2, 'b': 3}, 'z': {'a': 1, 'b': 3}}"},
		"a quoted merge key is a key":             {yaml: "'<<': {a: 1}\n", want: "{'<<': {'a': 1}}"},
		"an equals sign as key":                   {yaml: "=: 1\n", want: "{'=': 1}"},
		"folded and literal texts":                {yaml: "a: >\n  x\n  y\n\n  z\nb: |-\n  x\n   y\n", want: `{'a': 'x y\nz\n', 'b': 'x\n y'}`},
		"an escaped slash":                        {yaml: "a: &x \"\\/\"\nb: ['\\/', \"\\/\\/\"]\n", want: `{'a': '/', 'b': ['\\x2f', '//']}`},
		"start of a document":                     {yaml: "---\na: 1\n", want: "{'a': 1}"},
		"empty":                                   {yaml: "", err: "m.yaml:1:1: the manifest is empty"},
		"only a comment":                          {yaml: "# nothing\n", err: "m.yaml:1:1: the manifest is empty"},
		"several documents":                       {yaml: "a: 1\n---\nb: 2\n", err: "m.yaml:1:1: the file holds several YAML documents, expected one"},
		"alias of nothing":                        {yaml: "a: *x\n", err: "m.yaml:1:1: unknown anchor 'x' referenced"},
		"anchor twice":                            {yaml: "a: &x 1\nb: &x 2\n", err: "m.yaml:2:4: the anchor &x is defined twice"},
		"alias inside of itself":                  {yaml: "a: &x\n  - *x\n", err: "m.yaml:2:5: the alias *x stands inside of what it means"},
		"list as a key":                           {yaml: "? [a]\n: 1\n", err: "m.yaml:1:3: a list can not be a key"},
		"merge of a scalar":                       {yaml: "a:\n  <<: 1\n", err: "m.yaml:2:7: << needs a map or a list of maps, but a whole number 1 stands here"},
		"a tab as indentation":                    {yaml: "a:\n\tb: 1\n", err: "m.yaml:2:1: found character that cannot start any token"},
		"too deep":                                {yaml: "a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\n", err: "m.yaml:1:254: the manifest is nested deeper than 250 levels"},
		"two mistakes":                            {yaml: "a: !x 1\nb: 2020-99-99\n", err: "m.yaml:1:4: the tag !x has no meaning here\nm.yaml:2:4: \"2020-99-99\" is no date"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := Parse("m.yaml", []byte(tt.yaml))
			if tt.err != "" || err != nil {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("error %v, want %s", err, tt.err)
				}
				return
			}
			if got := value.Repr(root.Value()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
