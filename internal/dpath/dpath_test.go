package dpath

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"anytap/internal/value"
)

// result is what Python's dpath gave, or the name of what it raised.
type result struct {
	OK    json.RawMessage
	Error string
}

// TestAsPython compares with results recorded from Python's dpath.
func TestAsPython(t *testing.T) {
	data, err := os.ReadFile("testdata/dpath.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Doc                              json.RawMessage
		Path                             json.RawMessage
		Set                              []string
		Get, Values, Delete, Leaves, New result
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		segments := decoded(t, c.Path).(*value.List).Values()
		p := New(segments...)
		check := func(what string, want result, got any, err error) {
			t.Helper()
			text := string(value.Append(nil, got))
			if (err != nil) != (want.Error != "") || err == nil && !value.Equal(got, decoded(t, want.OK)) {
				t.Errorf("%s of %s in %s: %s, %v; want %s%s", what, c.Path, c.Doc, text, err, want.OK, want.Error)
			}
		}
		for _, opened := range []bool{false, true} {
			doc := func() any {
				v := decoded(t, c.Doc)
				if opened {
					// A change makes that nothing of the raw text can be used.
					v.(*value.Dict).Set("+", 1)
					v.(*value.Dict).Delete("+")
				}
				return v
			}
			got, err := p.Get(doc())
			if errors.Is(err, ErrNotFound) {
				got, err = "none", nil
			}
			check("get", c.Get, got, err)
			all, err := p.Values(doc())
			check("values", c.Values, value.NewList(all...), err)
			d := doc()
			n, err := p.Delete(d)
			check("delete", c.Delete, value.NewList(int64(n), d), err)
			d = doc()
			n, err = p.DeleteLeaves(d, func(v any) (bool, error) {
				return v == nil || value.Equal(v, "") || value.Equal(v, int64(1)), nil
			})
			check("leaves", c.Leaves, value.NewList(int64(n), d), err)
			d = doc()
			err = Set(d, c.Set, "V")
			check("set", c.New, d, err)
		}
	}
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := value.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDeleteLists(t *testing.T) {
	for name, c := range map[string]struct {
		doc  string
		path []string
		want string
	}{
		"member":   {`{"a":{"b":[1],"c":2}}`, []string{"a", "b"}, `{"a":{"c":2}}`},
		"no list":  {`{"a":{"b":1}}`, []string{"a", "b"}, `{"a":{"b":1}}`},
		"elements": {`{"a":[[1],2,[3]]}`, []string{"a", "*"}, `{"a":[2]}`},
		"nested":   {`{"a":[{"b":[1]},{"b":[2],"c":3}]}`, []string{"a", "*", "b"}, `{"a":[{},{"c":3}]}`},
	} {
		d := decoded(t, []byte(c.doc))
		err := Of(c.path).DeleteLists(d)
		if got := string(value.Append(nil, d)); got != c.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

// FuzzPath: Delete takes no more than Values gives, and what Set writes, Get reads.
func FuzzPath(f *testing.F) {
	f.Add(`{"a":[{"b":1}]}`, "a", "*", "[!x]")
	f.Add(`{"":1}`, "**", "0", "a?")
	f.Fuzz(func(t *testing.T, doc, a, b, c string) {
		v, err := value.DecodeString(doc)
		if err != nil {
			return
		}
		segments := []string{a, b, c}
		p := Of(segments)
		_, _ = p.Get(v)
		all, err := p.Values(v)
		changed := value.Clone(v)
		n, err2 := p.Delete(changed)
		if n > len(all) || err == nil && err2 == nil && (n == 0) != (len(all) == 0) {
			t.Errorf("%q has %d values in %s, %d were deleted", segments, len(all), doc, n)
		}
		if strings.ContainsAny(a+b+c, "0123456789*?[") {
			return
		}
		changed = value.Clone(v)
		if Set(changed, segments, "new") == nil {
			if got, err := p.Get(changed); got != "new" {
				t.Errorf("%q was set in %s, and is %v, %v", segments, doc, got, err)
			}
		}
	})
}
