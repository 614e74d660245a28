package partition

import (
	"testing"

	"anytap/value"
)

// The wanted values are those of dpath 2.2's get.
func TestPointer(t *testing.T) {
	const record = `{"id":7,"n":{"a":"x","b/c":2},"l":[{"k":1},{"k":2}],"0":"zero","z":null,"s":"text","**":3}`
	tests := map[string]struct {
		path  string
		parts []string
		want  string // "-": nothing, "!": an error
	}{
		"field":                    {path: "id", want: "7"},
		"nested":                   {path: "n/a", want: `"x"`},
		"slash first":              {path: "/n/a", want: `"x"`},
		"list index":               {path: "l/1/k", want: "2"},
		"index from the end":       {path: "l/-1/k", want: "2"},
		"index with zeros":         {path: "l/01/k", want: "2"},
		"index out of range":       {path: "l/2/k", want: "-"},
		"key that is a number":     {path: "0", want: `"zero"`},
		"missing":                  {path: "n/x", want: "-"},
		"below a text":             {path: "s/x", want: "-"},
		"null":                     {path: "z", want: "null"},
		"below null":               {path: "z/a", want: "-"},
		"star with one value":      {path: "n/a*", want: `"x"`},
		"star with several":        {path: "l/*/k", want: "!"},
		"question mark":            {path: "i?", want: "7"},
		"set":                      {path: "i[a-d]", want: "7"},
		"negated set":              {path: "i[!a-c]", want: "7"},
		"two stars":                {path: "**/a", want: `"x"`},
		"two stars for nothing":    {path: "**/id", want: "7"},
		"two stars, several":       {path: "**/k", want: "!"},
		"empty":                    {path: "", want: record},
		"slash only":               {path: "/", want: record},
		"segments with a slash":    {parts: []string{"n", "b/c"}, want: "2"},
		"segments with an index":   {parts: []string{"l", "0", "k"}, want: "1"},
		"segments, list's pattern": {parts: []string{"l", "[1]", "k"}, want: "2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := newPointer(tt.path)
			if tt.parts != nil {
				p, err = pointerOf(tt.parts)
			}
			if err != nil {
				t.Fatal(err)
			}
			v, ok, err := p.get(value.LazyDict([]byte(record)))
			got := string(value.Append(nil, v))
			if !ok {
				got = "-"
			}
			if err != nil {
				got = "!"
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if _, err := newPointer("**/a/**"); err == nil {
		t.Error("a path with two ** was accepted")
	}
}

func TestMatchPattern(t *testing.T) {
	tests := map[string]struct {
		pattern, text string
		want          bool
	}{
		"equal":              {"abc", "abc", true},
		"longer":             {"abc", "abcd", false},
		"stars":              {"*b*d", "abcbxd", true},
		"star in the end":    {"a*", "a", true},
		"bracket first":      {"[]]", "]", true},
		"not a bracket":      {"[!]]", "]", false},
		"no closing bracket": {"[a", "[a", true},
		"range":              {"[b-d]x", "cx", true},
		"a dash last":        {"[a-]", "-", true},
		"empty":              {"", "", true},
		"not ASCII":          {"?", "é", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := matchPattern(tt.pattern, tt.text); got != tt.want {
				t.Errorf("matchPattern(%q, %q) = %v", tt.pattern, tt.text, got)
			}
		})
	}
}
