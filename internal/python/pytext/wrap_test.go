package pytext

import (
	"slices"
	"testing"
)

func TestWrapFollowsTextwrap(t *testing.T) {
	tests := map[string]struct {
		line               string
		width              int
		breakLong, hyphens bool
		want               []string
	}{
		"words":                       {"one two three", 8, true, true, []string{"one two", "three"}},
		"a blank at the edge is lost": {"one two", 4, true, true, []string{"one", "two"}},
		"a long word is cut":          {"abcdefg", 3, true, true, []string{"abc", "def", "g"}},
		"a long word stands alone":    {"a bcdefg h", 3, false, true, []string{"a", "bcdefg", "h"}},
		"after a hyphen":              {"well-known", 6, true, true, []string{"well-", "known"}},
		"hyphens are letters":         {"well-known", 6, true, false, []string{"well-k", "nown"}},
		"nothing":                     {"", 3, true, true, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Wrap(test.line, test.width, test.breakLong, test.hyphens); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
