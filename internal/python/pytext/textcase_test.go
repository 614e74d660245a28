package pytext

import "testing"

func TestLowerFollowsPython(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ABC": "abc", "ÄÖ": "äö", "İ": "i\u0307", "ΟΔΟΣ": "οδος", "ΟΔΟΣ ΑΒ": "οδος αβ", "ΣΑΣ": "σας", "Σ": "σ", "ΑΣ\u0301Β": "ασ\u0301β",
		"Α·Σ": "α·ς", "ΑΣ’": "ας’", "ΑΣ’Β": "ασ’β", "אΣ": "אσ",
	} {
		if got := Lower(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
