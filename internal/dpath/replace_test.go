package dpath

import (
	"testing"

	"anytap/internal/value"
)

// What Python's dpath.set makes of the same.
func TestReplace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		in   string
		path []any
		want string
		n    int
	}{
		"a member":        {`{"a":{"b":1}}`, []any{"a", "b"}, `{"a":{"b":"X"}}`, 1},
		"what is missing": {`{"a":{}}`, []any{"a", "b"}, `{"a":{}}`, 0},
		"an element":      {`{"a":[1,2]}`, []any{"a", "1"}, `{"a":[1,"X"]}`, 1},
		"by a number":     {`{"a":[1,2]}`, []any{"a", int64(0)}, `{"a":["X",2]}`, 1},
		"a glob":          {`{"a":{"x":1},"b":{"x":2,"y":3}}`, []any{"*", "x"}, `{"a":{"x":"X"},"b":{"x":"X","y":3}}`, 2},
		"at any depth":    {`{"x":{"x":1},"b":[{"x":2}]}`, []any{"**", "x"}, `{"x":"X","b":[{"x":"X"}]}`, 2},
		"an empty path":   {`{"a":1}`, nil, `{"a":1}`, 0},
	}
	for name, c := range cases {
		v, err := value.DecodeString(c.in)
		if err != nil {
			t.Fatal(err)
		}
		n, err := New(c.path...).Replace(v, "X")
		if got := string(value.Append(nil, v)); err != nil || n != c.n || got != c.want {
			t.Errorf("%s: got %s, %d, %v; want %s, %d", name, got, n, err, c.want, c.n)
		}
	}
}
