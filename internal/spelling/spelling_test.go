package spelling

import (
	"testing"

	"anytap/internal/value"
)

func TestNearest(t *testing.T) {
	names := []string{"PageIncrement", "OffsetIncrement", "CursorPagination"}
	for name, want := range map[string]string{"OffsetIncremnt": "OffsetIncrement", "pageincrement": "PageIncrement", "Cursor": "", "": "", "Q": ""} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		at   string
		d    *value.Dict
		want string // "": all are settings
	}{
		"none":       {"a", nil, ""},
		"settings":   {"a", value.DictOf("first", 1, "second", nil), ""},
		"misspelt":   {"a.b", value.DictOf("first", 1, "secnod", 2), "a.b.secnod is no setting; did you mean second?"},
		"another":    {"a", value.DictOf("x", 1), "a.x is no setting, expected one of first, second"},
		"at the top": {"", value.DictOf("x", 1), "x is no setting, expected one of first, second"},
	} {
		got := ""
		if err := Check(test.at, test.d, "first", "second"); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
