package rawjson

import "testing"

func TestSurrogatesThatBelongTogetherAreWrittenAsTheirCharacter(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, want string }{
		"pair":               {"a\xed\xa0\xbd\xed\xb8\x80b", "\"a😀b\""},
		"high one alone":     {"\xed\xa0\xbdb", "\"\uFFFDb\""},
		"low one alone":      {"\xed\xb8\x80", "\"\uFFFD\""},
		"in the wrong order": {"\xed\xb8\x80\xed\xa0\xbd", "\"\uFFFD\uFFFD\""},
		"two pairs":          {"\xed\xa0\xbd\xed\xb8\x80\xed\xa0\xbd\xed\xb8\x80", "\"😀😀\""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(AppendQuoted(nil, row.text)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
