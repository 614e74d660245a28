package value_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"anytap/internal/value"
)

func TestPath(t *testing.T) {
	const document = `{"data": [{"id": 1}, {"id": 2}], "meta": {"next": "n", "@odata.count": 5, "deep.er": {"x.y": 6}},
		"@odata.nextLink": "link", "a.b": {"c": 7}, "a": {"b": {"c": 8, "d": 9}, "0": 10}, "none": null, "": 11, "it's": 12}`
	v, err := value.DecodeString(document)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		`"meta.next"`:               `"n"`,
		`"data.0.id"`:               `1`,
		`"data.-1.id"`:              `2`,
		`"data[-2].id"`:             `1`,
		`["data", -1, "id"]`:        `2`,
		`["data", "1", "id"]`:       `2`,
		`"data.2.id"`:               `none`,
		`"data.-3.id"`:              `none`,
		`"data.x"`:                  `none`,
		`"@odata.nextLink"`:         `"link"`,
		`["@odata.nextLink"]`:       `"link"`,
		`"[\"@odata.nextLink\"]"`:   `"link"`,
		`"['@odata.nextLink']"`:     `"link"`,
		`"'@odata.nextLink'"`:       `"link"`,
		`"meta.@odata.count"`:       `5`,
		`"meta['@odata.count']"`:    `5`,
		`"meta.\"@odata.count\""`:   `5`,
		`"meta.deep.er.x.y"`:        `6`,
		`["meta.deep.er"]`:          `none`,
		`"a.b.c"`:                   `7`,
		`["a", "b", "c"]`:           `8`,
		`"a.b.d"`:                   `9`,
		`"a.0"`:                     `10`,
		`"none"`:                    `null`,
		`"none.x"`:                  `none`,
		`[""]`:                      `11`,
		`"'it\\'s'"`:                `12`,
		`"meta.next.x"`:             `none`,
		`"data.99999999999999999"`:  `none`,
		`["meta", "next", "x", ""]`: `none`,
	} {
		setting, err := value.DecodeString(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		p, err := value.PathOf(setting)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got := "none"
		if found, ok := p.At(v); ok {
			got = string(value.Append(nil, found))
		}
		if got != want {
			t.Errorf("%s leads to %s, expected %s", path, got, want)
		}
	}
}

func TestPathMistakes(t *testing.T) {
	for path, want := range map[string]string{
		`""`:            `is empty, expected a path such as data.items`,
		`"a..b"`:        `is "a..b", which has an empty segment; a name that is no plain word may stand in a list: ["a..b"]`,
		`".a"`:          `which has an empty segment`,
		`"a."`:          `which has an empty segment`,
		`"a[0"`:         `which lacks a closing bracket`,
		`"a[x]"`:        `where brackets hold neither a whole number nor a name in quotes`,
		`"a['x]"`:       `which lacks a closing quote`,
		`"'a'b"`:        `goes on behind a quote without a dot`,
		`5`:             `is a int, expected a text or a list of texts and whole numbers`,
		`[]`:            `is an empty list, expected one segment at least`,
		`["a", [1]]`:    `has a list as segment 2, expected a text or a whole number`,
		`[true]`:        `has a bool as segment 1`,
		`{"path": "a"}`: `is a dict`,
	} {
		setting, err := value.DecodeString(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if _, err := value.PathOf(setting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, expected %q", path, err, want)
		}
	}
}

func TestPathReadings(t *testing.T) {
	for path, want := range map[string]string{
		"a":           "[[a]]",
		"a.b":         "[[a.b] [a b]]",
		"a.b.c":       "[[a.b.c] [a.b c] [a b.c] [a b c]]",
		"a['b.c'].d":  "[[a b.c d]]",
		"a.b[0].c":    "[[a.b 0 c] [a b 0 c]]",
		"a.b.c.d.e.f": "[[a.b.c.d.e.f] [a b c d e f]]",
	} {
		p, err := value.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(p.Readings()); got != want {
			t.Errorf("%s: readings are %s, expected %s", path, got, want)
		}
	}
}

func TestWrittenPath(t *testing.T) {
	for name, names := range map[string][]string{
		"one name":     {"items"},
		"an index":     {"links", "0", "href"},
		"a dot":        {"data", "@odata.nextLink"},
		"brackets":     {"a[0]", "b"},
		"quotes":       {`"a"`},
		"an empty one": {"a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path, err := value.PathOf(value.WrittenPath(names))
			if err != nil || !slices.Equal(path.Names(), names) {
				t.Errorf("is written as %s, which is read as %q, %v", value.Repr(value.WrittenPath(names)), path.Names(), err)
			}
		})
	}
}

func TestPathStuck(t *testing.T) {
	v, err := value.DecodeString(`{"meta": {"next": "n", "total": 3}, "a.b": {"c": 1}, "data": [1]}`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"meta.nxt": "meta [next total]",
		"mta.next": " [meta a.b data]",
		"a.b.x":    "a.b [c]",
		"data.5":   "data []",
	} {
		p, err := value.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		found, names := p.Stuck(v)
		if got := fmt.Sprint(found, " ", names); got != want {
			t.Errorf("%s is stuck at %s, expected %s", path, got, want)
		}
	}
}

// FuzzPath: a path that can be read leads through the value that its names build.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"data.items", "data.-1.id", `["@odata.nextLink"]`, `a["b.c"].d`, "a[0].b", "'x'.y"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := value.ParsePath(text)
		if err != nil {
			return
		}
		for _, names := range p.Readings() {
			v := any("found")
			for i := len(names) - 1; i >= 0; i-- {
				v = value.DictOf(names[i], v)
			}
			if found, ok := p.At(v); !ok || found != "found" {
				t.Errorf("%q does not lead through its reading %q", text, names)
			}
		}
		if _, ok := p.At(value.NewDict(0)); ok {
			t.Errorf("%q leads to something in an empty object", text)
		}
	})
}
