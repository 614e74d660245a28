package value

import "testing"

func TestWritable(t *testing.T) {
	set := &Set{}
	for name, test := range map[string]struct {
		v    any
		want bool
	}{
		"text":           {"a", true},
		"raw object":     {LazyDict([]byte(`{"a":[1]}`)), true},
		"set":            {set, false},
		"bytes":          {Bytes("a"), false},
		"set in a list":  {NewList(int64(1), set), false},
		"bytes in a map": {DictOf("a", DictOf("b", Bytes("x"))), false},
		"tuple":          {Tuple{int64(1), "a"}, true},
	} {
		if got := Writable(test.v); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
