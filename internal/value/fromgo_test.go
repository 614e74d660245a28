package value

import (
	"slices"
	"testing"
)

func TestPointer(t *testing.T) {
	for text, want := range map[string][]string{
		"":         {""},
		"a/0/b":    {"a", "0", "b"},
		"a//b":     {"a", "", "b"},
		"x~1y/m~0": {"x/y", "m~"},
		"~01":      {"~1"},
	} {
		if got := Pointer(text); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}
