package pyre

import "testing"

func FuzzRegex(f *testing.F) {
	f.Add(`(?P<a>\w+)\b(?=x)|[^\d\s]{,3}+`, "abc 123", `\g<a>-\1`)
	f.Add(`(?i)(a)(?(1)b|c)\Z`, "AB", `\\`)
	f.Fuzz(func(t *testing.T, pattern, text, replacement string) {
		r, err := Compile(pattern)
		if err != nil {
			return
		}
		if _, err := r.Sub(replacement, text, nil); err == nil {
			if _, err := r.Search(text); err != nil {
				t.Errorf("%q replaces but does not search: %v", pattern, err)
			}
		}
	})
}
