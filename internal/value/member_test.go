package value

import "testing"

func TestMemberGivesTheZeroForWhatIsNotThere(t *testing.T) {
	d := DictOf("text", "a", "number", 7, "null", nil)
	for name, test := range map[string]struct{ got, want string }{
		"a text":        {Member[string](d, "text"), "a"},
		"another type":  {Member[string](d, "number"), ""},
		"null":          {Member[string](d, "null"), ""},
		"missing":       {Member[string](d, "ghost"), ""},
		"a nil dict":    {Member[string](nil, "text"), ""},
		"another value": {Repr(Member[int64](d, "number")), "7"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
	if Member[*Dict](d, "text") != nil {
		t.Error("a text came as a dict")
	}
}
