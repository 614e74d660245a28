package selector

import (
	"strings"
	"testing"

	"anytap/internal/value"
)

// FuzzCut compares answers that are cut as text with what the general way gives.
func FuzzCut(f *testing.F) {
	for _, seed := range []string{`{"d":[{"a":1},{}],"n":2}`, `[{"a":1},null,[{"b":2}]]`, `{"d":{"e":[1,{"":2}]}}`, `{"d":[{"a":NaN}],"d":[]}`, "{\"d\":[\"\xff\"]}", `"x"`, `[[]]`} {
		for _, path := range []string{"", "d", "d.e", "0"} {
			f.Add(seed, path)
		}
	}
	w := world{config: value.NewDict(0)}
	selectors := map[string][2]string{}
	f.Fuzz(func(t *testing.T, body, path string) {
		if strings.ContainsAny(path, "\"'\\{}[]*?,\x00\n\r\t%#&!|>@`") || !strings.Contains("a.d.e.0.1", path) {
			return
		}
		if _, ok := selectors[path]; !ok {
			quoted := "[]"
			if path != "" {
				quoted = "['" + strings.Join(strings.Split(path, "."), "','") + "']"
			}
			selectors[path] = [2]string{at(quoted), "{type: RecordSelector, extractor: {type: CombinedExtractor, extractors: [{type: DpathExtractor, field_path: " + quoted + "}]}}"}
		}
		cut, general := held(body), held(body)
		got := w.selected(w.build(t, selectors[path][0]), cut)
		want := w.selected(w.build(t, selectors[path][1]), general)
		if blankless(got) != blankless(want) || cut.Extracted != general.Extracted {
			t.Errorf("%q at %q: %s (%d), the general way %s (%d)", body, path, got, cut.Extracted, want, general.Extracted)
		}
		a, err := cut.Value()
		b, err2 := general.Value()
		if (err == nil) != (err2 == nil) || value.Repr(a) != value.Repr(b) {
			t.Errorf("%q at %q: response %s, %v; the general way %s, %v", body, path, value.Repr(a), err, value.Repr(b), err2)
		}
	})
}

// blankless takes white space out, which one of the ways may leave.
func blankless(s string) string { return strings.NewReplacer(" ", "", "\t", "").Replace(s) }
