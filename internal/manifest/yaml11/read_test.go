package yaml11

import (
	"strings"
	"testing"

	"anytap/internal/manifest/parity"
	"anytap/internal/value"
)

func TestRead(t *testing.T) {
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
		"empty":                                   {yaml: "", err: "1:1: the manifest is empty"},
		"only a comment":                          {yaml: "# nothing\n", err: "1:1: the manifest is empty"},
		"several documents":                       {yaml: "a: 1\n---\nb: 2\n", err: "1:1: the file holds several YAML documents, expected one"},
		"alias of nothing":                        {yaml: "a: *x\n", err: "1:1: unknown anchor 'x' referenced"},
		"anchor twice":                            {yaml: "a: &x 1\nb: &x 2\n", err: "2:4: the anchor &x is defined twice"},
		"alias inside of itself":                  {yaml: "a: &x\n  - *x\n", err: "2:5: the alias *x stands inside of what it means"},
		"list as a key":                           {yaml: "? [a]\n: 1\n", err: "1:3: a list can not be a key"},
		"merge of a scalar":                       {yaml: "a:\n  <<: 1\n", err: "2:7: << needs a map or a list of maps, but a whole number 1 stands here"},
		"a tab as indentation":                    {yaml: "a:\n\tb: 1\n", err: "2:1: found character that cannot start any token"},
		"too deep":                                {yaml: "a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\n", err: "1:254: the manifest is nested deeper than 250 levels"},
		"two mistakes":                            {yaml: "a: !x 1\nb: 2020-99-99\n", err: "1:4: the tag !x has no meaning here\n2:4: \"2020-99-99\" is no date"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := Read([]byte(tt.yaml))
			if tt.err != "" || err != nil {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("error %v, want %s", err, tt.err)
				}
				return
			}
			if got := value.Repr(root.Plain()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestReadsManifestsAsPyYAML(t *testing.T) {
	parity.Compare(t, "yaml", parity.Files(t), func(_ string, data []byte) (any, error) {
		root, err := Read(data)
		if err != nil {
			return nil, err
		}
		return root.Plain(), nil
	})
}
